// The log: what a line looks like, where it goes, and what a moved file or a full disk does to it.
import { execFileSync } from 'node:child_process'
import {
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { FileLog, type LogLine, type LogOptions, formatLogLine } from '../../src/base/log.ts'
import { eventually } from '../helpers/eventually.ts'

const LINE: LogLine = {
  time: '2026-11-20T10:00:00.123Z',
  level: 'warn',
  event: 'host down',
  facts: { service: 'web', host: 'a', reason: 'connection refused', failed: 3, hosts: ['a', 'b'] },
}

describe('a line', () => {
  test('for people is a time, a level, an event and facts', () => {
    expect(formatLogLine(LINE)).toBe(
      '2026-11-20 10:00:00.123 warn  host down service=web host=a reason="connection refused" failed=3 hosts="[\\"a\\",\\"b\\"]"',
    )
  })

  test.each([
    'a\nb',
    'a\u001B[31m',
    'a\r',
    '"',
    '',
    'a\u2028b',
    '\u202Ea',
    '\u009B31m',
    '\u{E0001}',
  ])('stays one line that steers no terminal, whatever a stranger put there: %j', (reason) => {
    const line = formatLogLine({ ...LINE, facts: { reason } })
    expect(line).toMatch(/ reason=".*"$/)
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(line.slice(line.indexOf('"')))).toBe(reason)
  })

  test.each([undefined, null, true, 0, {}, () => {}])('may have %s as a fact', (value) => {
    expect(formatLogLine({ ...LINE, facts: { value } })).toMatch(/ value=\S+/)
  })
})

describe('a log file', () => {
  test('has every line when it is closed, and is closed then', async () => {
    const { file, log } = start({ format: 'json' })
    for (let number = 0; number < 5_000; number++) log.info('counted', { number })
    await log.close()
    const lines = linesOf(file).map((line) => JSON.parse(line) as { number: number })
    expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
    expect(openFiles(file)).toBe(0)
  })

  test('for programs has one object a line, without a character that steers a terminal', async () => {
    const { file, log } = start({ format: 'json' })
    log.warn('host down', { ...LINE.facts, strange: '\u009B31m\n\u202E' })
    await log.close()
    const [line = '', ...more] = linesOf(file)
    expect(more).toEqual([])
    expect(line).not.toMatch(/\p{C}/u)
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'warn',
      event: 'host down',
      ...LINE.facts,
      strange: '\u009B31m\n\u202E',
    })
  })

  test('that is there is appended to', async () => {
    const { file, log } = start()
    log.info('first')
    await log.close()
    const again = new FileLog({ file, level: 'info', format: 'text' })
    again.info('second')
    await again.close()
    expect(linesOf(file).map((line) => line.split('  ').at(-1))).toEqual(['first', 'second'])
  })

  test('has the lines of its level and above, and the level may be changed at any time', async () => {
    const { file, log } = start({ level: 'warn' })
    const all = () => {
      log.error('e')
      log.warn('w')
      log.info('i')
      log.debug('d')
    }
    all()
    log.level = 'debug'
    all()
    log.level = 'error'
    all()
    await log.close()
    const events = log.lines.map(({ event }) => event).join('')
    expect(events).toBe('ewewide')
    expect(linesOf(file)).toHaveLength(events.length)
    expect(log.level).toBe('error')
  })

  test('that was moved away is opened anew, no line is lost and the old one is closed', async () => {
    const { file, log } = start()
    log.info('before')
    renameSync(file, `${file}.1`)
    log.reopen()
    log.info('after')
    await log.close()
    expect(linesOf(`${file}.1`)).toEqual([expect.stringContaining('before')])
    expect(linesOf(file)).toEqual([expect.stringContaining('after')])
    await eventually(() => openFiles(file) === 0, 'both files are closed')
  })

  test('that cannot be opened is refused, and the one before goes on', async () => {
    const { folder, log } = start()
    expect(() => new FileLog({ file: folder, level: 'info', format: 'text' })).toThrow(
      expect.objectContaining({ code: 'FILE_UNWRITABLE', detail: expect.stringContaining(folder) }),
    )
    rmSync(folder, { recursive: true })
    expect(() => log.reopen()).toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE' }))
    log.info('still')
    expect(log.lines.at(-1)?.event).toBe('still')
    await log.close()
  })

  test.skipIf(!existsSync('/dev/full'))(
    'on a full disk loses lines, says so once, and ends nothing',
    async () => {
      const written: string[] = []
      const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        written.push(String(text))
        return true
      })
      onTestFinished(() => stderr.mockRestore())
      const log = new FileLog({ file: '/dev/full', level: 'info', format: 'text' })
      log.info('first')
      await eventually(() => written.length > 0, 'it was said')
      log.info('second')
      await log.close()
      expect(written).toEqual([
        expect.stringMatching(/^log file \/dev\/full cannot be written: .*\n$/),
      ])
      expect(log.lines.map(({ event }) => event)).toEqual(['first', 'second'])
    },
  )
})

test('a log that nobody takes drops what is above the limit, and says how much when it flows again', async () => {
  const file = join(start().folder, 'fifo')
  execFileSync('mkfifo', [file])
  const reader = new Socket({ fd: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK) })
  const log = new FileLog({ file, level: 'info', format: 'json' })
  const padding = 'x'.repeat(64 * 1_024)
  for (let number = 0; number < 500; number++) log.info('padded', { number, padding })
  const received = text(reader)
  let asked = 0
  const told = () => log.lines.some(({ event }) => event === 'log lines lost')
  await eventually(() => {
    asked += 1
    log.info('more')
    return told()
  }, 'it flows and the loss is told')
  await log.close()
  const lines = (await received).split('\n').slice(0, -1)
  const entries = lines.map((line) => JSON.parse(line))
  const padded = entries.filter(({ event }) => event === 'padded').length
  const [lost, ...others] = entries.filter(({ event }) => event === 'log lines lost')
  expect(others).toEqual([])
  expect(lost).toMatchObject({ level: 'warn' })
  expect(padded + lost.lines).toBeGreaterThanOrEqual(500)
  expect(padded + lost.lines).toBeLessThan(500 + asked)
  expect(padded * padding.length).toBeLessThan(2 * LIMITS.logBacklogBytesMax)
})

test('without a file lines go to standard error, which stays open', async () => {
  const written: string[] = []
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  onTestFinished(() => stderr.mockRestore())
  const log = new FileLog({ file: '', level: 'info', format: 'json' })
  log.info('hello', { to: 'you' })
  log.reopen()
  log.info('again')
  await log.close()
  expect(written.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    'hello',
    'again',
  ])
  expect(process.stderr.writable).toBe(true)
})

test('the last lines are remembered, and no more than the limit', async () => {
  const { log } = start()
  for (let number = 0; number < LIMITS.logLinesKept + 5; number++) log.info('counted', { number })
  expect(log.lines).toHaveLength(LIMITS.logLinesKept)
  expect(log.lines[0]?.facts).toEqual({ number: 5 })
  await log.close()
})

function start(options: Partial<LogOptions> = {}): { folder: string; file: string; log: FileLog } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'sluice.log')
  return { folder, file, log: new FileLog({ file, level: 'info', format: 'text', ...options }) }
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** How many descriptors of this process are of a file whose name begins so; 0 where the system does not say. */
function openFiles(file: string): number {
  if (!existsSync('/proc/self/fd')) return 0
  return linksIn('/proc/self/fd').filter((target) => target.startsWith(file)).length
}

function linksIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))]
    } catch {
      // The descriptor that lists the folder is gone by now.
      return []
    }
  })
}
