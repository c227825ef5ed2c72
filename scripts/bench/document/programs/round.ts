// One round, in a process of its own as a start and an operator find it: loads a document of the given shape, then
// saves one changed weight a few times. Prints its figures as JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import type { Log } from '../../../../src/base/log.ts'
import { ConfigSync } from '../../../../src/config/keep/sync.ts'
import { portlessBalancer } from '../../../../src/model/rehearsal.ts'
import { documentOf } from '../documents.ts'
import type { Figures } from '../figures.ts'
import { LoopProbe } from '../loop-probe.ts'

const [folder = '', ...numbers] = argv.slice(2)
const [services = 1, hosts = 1, saves = 1] = numbers.map(Number)

const quiet = () => {}
const log: Log = { error: console.error, warn: quiet, info: quiet, debug: quiet }
const file = join(folder, 'config.xml')
writeFileSync(file, documentOf({ services, hosts }))

const balancer = portlessBalancer()
const sync = new ConfigSync({ balancer, file, log })
const loadMs = await timed(() => sync.start())
const idle = await timedTurns(() => new Promise((done) => setTimeout(done, 200)))
const tick = await timedTurns(() => sync.check())
const saved = []
for (let save = 0; save < saves; save++) saved.push(await oneSave(save))
const figures: Figures = {
  loadMs,
  saveMs: saved.map(({ ms }) => ms),
  blocks: saved.map(({ longest }) => longest),
  idle: idle.longest,
  tickMs: tick.ms,
}
console.log(JSON.stringify(figures))

async function oneSave(save: number) {
  const host = balancer.service(`s${save % services}`).group('main').hostList[(save * 97) % hosts]
  if (host === undefined) throw new Error('no such host')
  host.weight = 100 + save
  const result = await timedTurns(() => sync.save())
  if (!readFileSync(file, 'utf8').includes(`weight="${100 + save}"`))
    throw new Error('the file does not say what was saved')
  return result
}

async function timedTurns(work: () => Promise<unknown>) {
  // What came before is over, and its garbage is not charged to this.
  await new Promise((done) => setTimeout(done, 50))
  const probe = new LoopProbe()
  const ms = await timed(work)
  return { ms, longest: probe.stop() }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
