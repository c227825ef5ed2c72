// SIGKILL at random moments while saves go on under load: what is on the disk is a whole document, no older than the last
// save that was answered, and Sluice starts from it. SLUICE_KILLS sets how many times, SEED the moments.
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { Revisions } from '../../src/config/keep/revisions.ts'
import { eventually } from '../helpers/eventually.ts'
import { startNginx } from '../helpers/nginx.ts'
import { pathOf } from '../helpers/programs.ts'
import { randomFrom, seed } from '../helpers/seed.ts'
import {
  serviceOf,
  type SluiceProcess,
  startAgain,
  startSluice,
} from '../helpers/sluice-process.ts'
import { spawnSsh } from '../helpers/ssh-client.ts'
import { TestChild } from '../helpers/test-child.ts'

const KILLS = Number(process.env['SLUICE_KILLS'] ?? 25)
/** For each kill: start, log in, save, look; on a slow machine. */
const ROUND_MS = 20_000
/** A kill comes after this many saves at most, and then as much later as the next one may take. */
const SAVES_MAX = 4
/** Enough for a save to be more than one write. */
const MANY_HOSTS = 100
/** Counts saves in the document: of the host `a` of the service `web`. */
const COUNTER = /(<host name="a" ip="[^"]*")(?: maxSessions="(\d+)")?/

/** What was asked for and answered before a kill. */
interface Progress {
  /** The counter that was last set, and the one that the last answered save had to keep. */
  asked: number
  saved: number
  /** How long the last one took, with the change before it, in milliseconds. */
  tookMs: number
}

test(
  `${KILLS} kills during saves, seed ${seed}`,
  async () => {
    const random = randomFrom(seed)
    const { port } = await startNginx({ files: { 'index.html': 'x'.repeat(1_000) } })
    let sluice = await startSluice({ services: serviceOf('web', [port]) + manyHosts() })
    const { folder } = sluice
    const template = sluice.config
    const revisions = new Map<number, string>()
    const figures = { saves: 0, unanswered: 0, half: 0 }
    let progress: Progress = { asked: 0, saved: 0, tookMs: 50 }
    for (let kills = 1; kills <= KILLS; kills++) {
      if (kills > 1) sluice = await startAgain(folder)
      const counter = progress.asked
      progress = await saveUntilKilled(sluice, progress, random)
      const { asked, saved } = progress
      const text = readFileSync(sluice.file, 'utf8')
      const found = counterIn(text)
      expect({ kills, text }).toEqual({ kills, text: textWith(template, found) })
      expect(found).toBeGreaterThanOrEqual(saved)
      expect(found).toBeLessThanOrEqual(asked)
      await checkRevisions(join(folder, 'revisions'), template, found, revisions)
      figures.saves += saved - counter
      figures.unanswered += found - saved
      figures.half += existsSync(`${folder}/.config.xml.tmp`) ? 1 : 0
      progress.asked = found
    }
    sluice = await startAgain(folder)
    const [host] = await sluice.show<{ readonly maxSessions: number }>('hosts')
    expect(host?.maxSessions).toBe(progress.asked)
    await sluice.stop()
    expect(figures.saves).toBeGreaterThan(KILLS)
    writeFigures({ kills: KILLS, seed, ...figures })
  },
  (KILLS + 2) * ROUND_MS,
)

function manyHosts(): string {
  const ports = Array.from({ length: MANY_HOSTS }, (_, index) => index + 1)
  const hosts = ports.map((port) => `      <host name="h${port}" ip="127.0.0.1:${port}" />`)
  return `
  <service name="many">
    <group name="main" enable="true">
${hosts.join('\n')}
    </group>
  </service>`
}

/** Set and save again and again, until the process is killed in the middle of it. */
async function saveUntilKilled(
  sluice: SluiceProcess,
  { asked: counter, tookMs }: Progress,
  random: () => number,
): Promise<Progress> {
  const progress: Progress = { asked: counter, saved: counter, tookMs }
  const wrk = new TestChild(
    pathOf('wrk'),
    ['-t1', '-c1', '-d60s', `http://${sluice.addressOf('web')}/`],
    { folder: sluice.folder },
  )
  const client = spawnSsh(sluice.target, ['-s', 'json-rpc'])
  const ask = asking(client)
  // The process starts from what the kill before left.
  const [first] = (await ask('show hosts')) as readonly { readonly maxSessions: number }[]
  expect(first?.maxSessions).toBe(counter)
  const saving = (async () => {
    for (;;) {
      const [next, startedAt] = [progress.asked + 1, performance.now()]
      progress.asked = next
      if ((await ask(`set web/main/a maxSessions ${next}`)) === undefined) return
      if ((await ask('save')) === undefined) return
      progress.saved = next
      progress.tookMs = performance.now() - startedAt
    }
  })()
  const saves = Math.floor(random() * (SAVES_MAX + 1))
  const part = random()
  await eventually(() => progress.saved - counter >= saves, `${saves} saves`, ROUND_MS)
  await pause(part * progress.tookMs)
  sluice.child.signal('SIGKILL')
  await sluice.child.ended
  await saving
  await wrk.destroy()
  return progress
}

/** Asks one question after the other over one login. @returns the result; undefined when the process is gone */
function asking(client: ChildProcessWithoutNullStreams) {
  const lines = createInterface({ input: client.stdout })
  const answers = lines[Symbol.asyncIterator]()
  client.stdin.on('error', () => {})
  const gone = once(client, 'close')
  return async (command: string): Promise<unknown> => {
    client.stdin.write(`${JSON.stringify({ id: 1, command })}\n`)
    const { value, done } = await answers.next()
    if (done === true) {
      await gone
      return undefined
    }
    const { exit, result, error } = JSON.parse(value)
    expect({ command, exit, error }).toEqual({ command, exit: 0, error: undefined })
    return result
  }
}

function counterIn(text: string): number {
  return Number(COUNTER.exec(text)?.[2] ?? 0)
}

function textWith(template: string, counter: number): string {
  return counter === 0 ? template : template.replace(COUNTER, `$1 maxSessions="${counter}"`)
}

/**
 * Every revision is a whole document with its facts, the newest is no newer than the file and no older than the save
 * before, and a number stands for the same text for ever.
 */
async function checkRevisions(
  folder: string,
  template: string,
  found: number,
  known: Map<number, string>,
): Promise<void> {
  const revisions = new Revisions(folder)
  const list = await revisions.list()
  expect(list.length).toBeGreaterThan(0)
  expect(list.length).toBeLessThanOrEqual(LIMITS.revisionsKept + 1)
  const numbers = list.map(({ number }) => number)
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
  for (const { number, origins, changes } of list) {
    expect({ number, origins }).not.toMatchObject({ origins: ['?'] })
    expect(changes?.length ?? -1).toBeLessThanOrEqual(1)
    const text = await revisions.text(number)
    expect(known.get(number) ?? text).toBe(text)
    expect(text).toBe(textWith(template, counterIn(text)))
    known.set(number, text)
  }
  const newest = counterIn(await revisions.text(numbers[0] ?? 0))
  expect([found, found - 1]).toContain(newest)
}

/** For whoever runs the long one. */
function writeFigures(figures: object): void {
  const place = process.env['SLUICE_KILLS_FIGURES']
  if (place !== undefined) writeFileSync(place, `${JSON.stringify(figures)}\n`)
}
