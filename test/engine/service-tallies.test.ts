// Which tally has which name, and for how long.
import { expect, test } from 'vitest'
import { ServiceTallies } from '../../src/engine/service-tallies.ts'

/** Tallies of an engine that serves those who are in the set. */
function start(...names: readonly string[]) {
  const served = new Set(names)
  return { served, tallies: new ServiceTallies((name) => served.has(name)) }
}

test('a service has one tally as long as it is served', () => {
  const { tallies } = start('web')
  expect(tallies.figuresOf('web')).toBeUndefined()
  const tally = tallies.of('web')
  expect(tallies.of('web')).toBe(tally)
  expect(tallies.figuresOf('web')).toEqual(tally.figures())
})

test('what comes back goes on while a session is open, and begins at 0 after that', () => {
  const { served, tallies } = start('web')
  const tally = tallies.of('web')
  tally.began()
  served.delete('web')
  expect(tallies.figuresOf('web')).toBeDefined()
  expect(tallies.of('web')).toBe(tally)
  tally.ended('done', 1)
  expect(tallies.figuresOf('web')).toBeUndefined()
  expect(tallies.of('web')).not.toBe(tally)
})

test('a name that is taken over has the figures of who has it now', () => {
  const { served, tallies } = start('web', 'mail')
  const [web, mail] = [tallies.of('web'), tallies.of('mail')]
  mail.began()
  tallies.rename('web', 'mail')
  served.delete('web')
  expect(tallies.of('mail')).toBe(web)
  expect(tallies.figuresOf('web')).toBeUndefined()
  tallies.rename('nobody', 'mail')
  expect(tallies.of('mail')).not.toBe(web)
})

test('those that are over are not remembered for ever', () => {
  const { served, tallies } = start('stays')
  const [stays, busy] = [tallies.of('stays'), tallies.of('busy')]
  busy.began()
  for (let i = 0; i < 1_000; i++) tallies.of(`passing ${i}`)
  expect(tallies.size).toBeLessThan(100)
  expect([tallies.of('stays'), tallies.of('busy')]).toEqual([stays, busy])
  served.clear()
})
