// Random edits by random operators, all taken back: the balancer is as it was. Then brought back again.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import { withOrigin } from '../../src/base/origin.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { Journal } from '../../src/model/journal.ts'
import { randomFrom, seed } from '../helpers/seed.ts'

const OPERATORS = ['ssh:alice', 'ssh:bob', 'ssh:carol']
const NAMES = ['a', 'b', 'c', 'd', 'e']
const ROUNDS = Number(process.env['RUNS'] ?? 60)

type Dice = (sides: number) => number

test(`everything can be taken back, and brought back again (SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  const dice: Dice = (sides) => Math.floor(random() * sides)
  for (let round = 0; round < ROUNDS; round++) await oneRound(dice)
})

async function oneRound(dice: Dice): Promise<void> {
  const open = async () => {
    await nextTurn()
    return ''
  }
  const balancer = new Balancer({ ports: { open, close: () => nextTurn() } })
  for (let edit = 0; edit < 30; edit++) await attempt(() => randomEdit(balancer, dice))
  const journal = new Journal(balancer)
  journal.start()
  const start = stateOf(balancer)
  for (let act = 0; act < 12; act++) await randomAct(balancer, dice)
  const end = stateOf(balancer)
  const acts = journal.acts().length
  for (const { number } of journal.acts()) await journal.undo(number)
  expect(stateOf(balancer)).toBe(start)
  const undos = journal.acts().slice(0, journal.acts().length - acts)
  for (const { number } of undos) await journal.undo(number)
  expect(stateOf(balancer)).toBe(end)
  journal.stop()
}

function stateOf(balancer: Balancer): string {
  const asks = balancer.groupList.map(({ path, ask }) => [path, ask?.name ?? ''])
  return JSON.stringify([balancer.snapshot(), asks], undefined, 1)
}

async function randomAct(balancer: Balancer, dice: Dice): Promise<void> {
  await withOrigin(one(OPERATORS, dice), async () => {
    const edits = 1 + dice(5)
    for (let edit = 0; edit < edits; edit++) await attempt(() => randomEdit(balancer, dice))
  })
}

/** What the model refuses is no edit. */
async function attempt(edit: () => unknown): Promise<void> {
  try {
    await edit()
  } catch (error) {
    if (!(error instanceof BalancerError)) throw error
  }
}

function randomEdit(balancer: Balancer, dice: Dice): unknown {
  const kind = dice(10)
  if (kind === 0 || balancer.serviceList.length === 0) return editServices(balancer, dice)
  if (kind === 1) return balancer.configure('hostCheck', { intervalMs: 1_000 * (1 + dice(9)) })
  if (kind === 2) return editUsers(balancer, dice)
  const service = one(balancer.serviceList, dice)
  if (kind === 3) return editListeners(service, dice)
  if (kind === 4 || service.groupList.length === 0) return editGroups(service, dice)
  const group = one(service.groupList, dice)
  if (kind === 5) return editGroup(group, dice)
  return editHosts(group, dice)
}

type Service = Balancer['serviceList'][number]
type Group = Balancer['groupList'][number]

function editServices(balancer: Balancer, dice: Dice): unknown {
  const name = one(NAMES, dice)
  if (dice(4) === 0) return balancer.renameService(name, one(NAMES, dice))
  return dice(3) === 0 ? balancer.removeService(name) : balancer.addService(name)
}

function editUsers(balancer: Balancer, dice: Dice): void {
  const name = one(NAMES, dice)
  const others = balancer.users.filter((user) => user.name !== name)
  const access = one(['readonly', 'operate', 'full'] as const, dice)
  balancer.setUsers(dice(2) === 0 ? others : [...others, { name, access, password: `${dice(9)}` }])
}

function editListeners(service: Service, dice: Dice): unknown {
  const address = `127.0.0.1:${1 + dice(5)}`
  if (dice(3) === 0) return service.closeListener(address)
  if (dice(4) === 0) return service.moveListener(address, `127.0.0.1:${1 + dice(5)}`)
  return service.listen(address, { maxSessions: dice(9) })
}

function editGroups(service: Service, dice: Dice): unknown {
  const name = one(NAMES, dice)
  const kind = dice(5)
  if (kind === 2) return service.renameGroup(name, one(NAMES, dice))
  if (kind === 0) return service.removeGroup(name, { force: dice(2) === 0 })
  if (kind === 1) return service.enableGroup(name)
  return service.addGroup(name, { hosts: [], retries: dice(9) })
}

function editGroup(group: Group, dice: Dice): unknown {
  const kind = dice(4)
  if (kind === 0) return (group.checks = [{ type: 'tcp', intervalMs: 1_000 * (1 + dice(9)) }])
  if (kind === 1) return (group.ask = dice(2) === 0 ? undefined : one([first, second], dice))
  return (group.retries = dice(9))
}

function editHosts(group: Group, dice: Dice): unknown {
  const name = one(NAMES, dice)
  const kind = dice(7)
  if (kind === 6) return group.moveHost(name, dice(4) === 0 ? {} : { before: one(NAMES, dice) })
  if (kind === 5) return group.renameHost(name, one(NAMES, dice))
  if (kind === 0) return group.removeHost(name, { force: true })
  if (kind === 1) return (group.host(name).weight = dice(9))
  if (kind === 2) return group.host(name).drain()
  if (kind === 3) return group.addHost(name, `10.0.0.${dice(9)}:80`)
  return group.addHost(name, '10.0.0.1:80', { before: one(NAMES, dice) })
}

function first(): string {
  return 'a'
}

function second(): string {
  return 'b'
}

function one<Item>(items: readonly Item[], dice: Dice): Item {
  const item = items[dice(items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}
