// Slips on the live objects: each of them used to pass without a word.
import { expect, test } from 'vitest'
import type { Balancer } from '../../../src/model/balancer.ts'
import { missingName, refuseLostWrite, type Roots } from '../../../src/ssh/prompt/hints.ts'
import { followedBalancer } from '../../helpers/followed.ts'

test.each([
  ['services.web = 1', /^refused: services\.web = 1: what it holds comes and goes by verbs/],
  ['services.zz = {}', /comes and goes by verbs/],
  ['lb.services.web.groups.main.hosts["a"] = null', /comes and goes by verbs/],
  ['services.web.groups.main.hosts.a.wieght = 5', /there is no wieght, did you mean weight\?/],
  ['services.web.groups.main.hosts.a.drain = 1', /drain cannot be assigned; call it/],
  ['lb.serviceList.length = 0', /length cannot be assigned/],
  ['lb = 5', /^refused: lb = 5: lb is the balancer's; let lb = … makes one of your own/],
  ['services = {}', /services is the balancer's/],
  ['delete services.web', /what it holds comes and goes by verbs/],
  ['delete services.web.groups.main.hosts.a.weight', /weight cannot be deleted/],
  ['delete lb', /lb is the balancer's/],
])('%s is refused', async (line, why) => {
  const { balancer } = await followedBalancer()
  expect(() => refuseLostWrite(line, rootsOf(balancer))).toThrow(why)
})

test.each([
  'services.web.groups.main.hosts.a.weight = 5',
  'services.web.groups.main.hosts.a.weight == 5',
  'services.web.groups.main.hosts.a.weight >= 5',
  'services.web.groups.main.hosts.a.weight !== 5',
  'services.web.groups.main.ask = () => "a"',
  // It refuses by itself, with the path and the verb.
  'services.web.groups.main.hosts.a.name = "b"',
  'services.nowhere.groups = 1',
  'x = services.web',
  'lbx.services = 1',
  '',
])('%s is not held back', async (line) => {
  const { balancer } = await followedBalancer()
  expect(() => refuseLostWrite(line, rootsOf(balancer))).not.toThrow()
})

test.each([
  ['services.wbe', 'undefined: services has web; did you mean web?'],
  ['services.web.groups.mian', 'undefined: groups has main, spare; did you mean main?'],
  ['services.web.groups.mian.drain()', 'undefined: groups has main, spare; did you mean main?'],
  ['services.web.groups["zzz"]', 'undefined: groups has main, spare'],
  ['lb.servces', 'undefined: lb has no servces, did you mean services?'],
  ['services.web.groups.main.hosts.a.wieght', 'undefined: a has no wieght, did you mean weight?'],
  ['services.web.groups.main.ask', undefined],
  ['services.web', undefined],
  ['services', undefined],
  ['(services.wbe)', undefined],
  ['services.wbe = 1', undefined],
])('%s is told: %s', async (line, hint) => {
  const { balancer } = await followedBalancer()
  expect(missingName(line, rootsOf(balancer))).toBe(hint)
})

test('a hint runs nothing but getters of the model', async () => {
  const { balancer } = await followedBalancer()
  let ran = 0
  const trap = Object.defineProperty(() => 'a', 'deep', { get: () => ++ran })
  balancer.service('web').group('main').ask = trap
  expect(missingName('services.web.groups.main.ask.deep.er', rootsOf(balancer))).toBeUndefined()
  expect(() =>
    refuseLostWrite('services.web.groups.main.ask.deep.er = 1', rootsOf(balancer)),
  ).not.toThrow()
  expect(ran).toBe(0)
})

test('a long line of names is read once', () => {
  const chain = `services${'.a'.repeat(20_000)}`
  expect(() => refuseLostWrite(`${chain} = 1`, () => ({}))).not.toThrow()
})

function rootsOf(balancer: Balancer): Roots {
  return (name) => (name === 'lb' ? balancer : balancer.services)
}
