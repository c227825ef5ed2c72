// A prompt has arrays of its own, made in another realm. What the model keeps of them is like what comes from a file,
// or the two would never be seen to say the same, and nothing could be saved any more.
import { isDeepStrictEqual } from 'node:util'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import { sameSnapshot } from '../../src/config/compare/same.ts'
import { Balancer } from '../../src/model/balancer.ts'

const realm = vm.createContext({})

function foreign<Value>(value: Value): Value {
  return vm.runInContext(`(${JSON.stringify(value)})`, realm) as Value
}

async function changedWith(own: <Value>(value: Value) => Value): Promise<Balancer> {
  const ports = { open: async () => '', close: async () => {} }
  const balancer = new Balancer({ ports })
  const web = await balancer.addService('web')
  const listener = await web.listen('127.0.0.1:8080')
  listener.allow = own(['10.0.0.0/8'])
  web.addGroup('main').checks = own([{ type: 'tcp' as const }])
  balancer.setUsers(own([{ name: 'alice', keys: ['ssh-ed25519 AAAA'] }]))
  return balancer
}

test('values of another realm are kept as values of this one', async () => {
  const [here, there] = [await changedWith((value) => value), await changedWith(foreign)]
  expect(isDeepStrictEqual(foreign(['a']), ['a'])).toBe(false)
  expect(sameSnapshot(here.snapshot(), there.snapshot())).toBe(true)
})
