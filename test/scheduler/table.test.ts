// Every name of a scheduler, what its rule says of the hosts, and that it is only data.
import { describe, expect, test } from 'vitest'
import { GROUP_FIELDS } from '../../src/model/fields.ts'
import { SCHEDULER_ALIASES, SCHEDULER_NAMES } from '../../src/model/scheduler-names.ts'
import { SCHEDULERS } from '../../src/scheduler/table.ts'
import { weighed } from '../helpers/weighed.ts'

describe('the rules', () => {
  const hosts = weighed(1, 2, 3)
  const all = { weights: Uint32Array.of(1, 1, 1) }

  test('roundrobin takes hosts in file order, whatever their weight', () => {
    expect(SCHEDULERS.roundrobin(hosts)).toEqual({ kind: 'cycle', order: Uint32Array.of(0, 1, 2) })
  })

  test('random gives every host the same chance, whatever its weight', () => {
    const cumulative = Float64Array.of(1, 2, 3)
    expect(SCHEDULERS.random(hosts)).toEqual({ kind: 'chance', cumulative, draws: 1 })
  })

  test('weightedrandom gives chances by weight', () => {
    const cumulative = Float64Array.of(1, 3, 6)
    expect(SCHEDULERS.weightedrandom(hosts)).toEqual({ kind: 'chance', cumulative, draws: 1 })
  })

  test('twochoices draws twice, by weight', () => {
    const cumulative = Float64Array.of(1, 3, 6)
    expect(SCHEDULERS.twochoices(hosts)).toEqual({ kind: 'chance', cumulative, draws: 2 })
  })

  test('leastconns gives ties to the first in file order, leastconnsrr to the oldest close', () => {
    expect(SCHEDULERS.leastconns(hosts)).toEqual({ kind: 'least', ...all, tie: 'order' })
    expect(SCHEDULERS.leastconnsrr(hosts)).toEqual({ kind: 'least', ...all, tie: 'oldest-close' })
  })

  test('weightedleastconns counts sessions for the weight', () => {
    const weights = Uint32Array.of(1, 2, 3)
    const rule = { kind: 'least', weights, tie: 'oldest-close' }
    expect(SCHEDULERS.weightedleastconns(hosts)).toEqual(rule)
  })
})

test.each(SCHEDULER_NAMES)('%s compiles the same hosts to the same rule', (name) => {
  const hosts = weighed(3, 1, 2)
  expect(SCHEDULERS[name](hosts)).toEqual(SCHEDULERS[name](hosts))
  expect(hosts).toEqual(weighed(3, 1, 2))
})

test.each(SCHEDULER_NAMES)('%s has a rule for no hosts, and for hosts of weight 0 only', (name) => {
  for (const hosts of [[], weighed(0), weighed(0, 0)])
    expect(structuredClone(SCHEDULERS[name](hosts))).toHaveProperty('kind')
})

test.each(SCHEDULER_NAMES)(
  '%s never favours a host of weight 0 where it looks at weights',
  (name) => {
    const rule = SCHEDULERS[name](weighed(0, 2, 0, 1))
    const weighs = name.startsWith('weighted') || name === 'twochoices' || name === 'sticky'
    expect(favoured(rule)).toEqual(new Set(weighs ? [1, 3] : [0, 1, 2, 3]))
  },
)

type Rule = ReturnType<(typeof SCHEDULERS)[keyof typeof SCHEDULERS]>

/** Indexes of the hosts that a rule would ever pick, all being ready. */
function favoured(rule: Rule): Set<number> {
  switch (rule.kind) {
    case 'cycle':
      return new Set(rule.order)
    case 'hash':
      return new Set(rule.slots)
    case 'least':
      return new Set([...rule.weights.keys()].filter((index) => (rule.weights[index] ?? 0) > 0))
    case 'chance': {
      const weightOf = (index: number) =>
        (rule.cumulative[index] ?? 0) - (rule.cumulative[index - 1] ?? 0)
      return new Set([...rule.cumulative.keys()].filter((index) => weightOf(index) > 0))
    }
    default:
      return rule satisfies never
  }
}

describe('the names', () => {
  test.each([
    ['rand', 'random'],
    ['roundr', 'roundrobin'],
    ['leastc', 'leastconnsrr'],
    ['weightr', 'weightedrandom'],
    ['weightlc', 'weightedleastconns'],
    [' LeastConns ', 'leastconns'],
    ['STICKY', 'sticky'],
  ])('"%s" is understood as %s', (text, name) => {
    expect(GROUP_FIELDS.scheduler.read(text)).toBe(name)
  })

  test.each(['', 'fastest', 'constructor', 'round robin'])('"%s" is none', (text) => {
    expect(GROUP_FIELDS.scheduler.read(text)).toBeUndefined()
  })

  test('an old spelling never hides a name', () => {
    for (const alias of Object.keys(SCHEDULER_ALIASES)) expect(SCHEDULER_NAMES).not.toContain(alias)
  })
})
