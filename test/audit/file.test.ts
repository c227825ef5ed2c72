// The audit log on disk: the chain goes on over restarts, files and crashes; what somebody else did to it shows;
// where it cannot be written it says so and refuses.
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linked, START } from '../../src/audit/chain.ts'
import { FileAudit, type FileAuditOptions } from '../../src/audit/file.ts'
import { verifyAudit } from '../../src/audit/verify.ts'
import { testFolder } from '../helpers/folder.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

function auditIn(folder: string, options: Partial<FileAuditOptions> = {}) {
  const log = new RecordingLog()
  const audit = new FileAudit({ file: join(folder, 'audit.jsonl'), log, ...options })
  onTestFinished(() => audit.close())
  return Object.assign(audit, { log })
}

/** A log of this many commands, the lines `opened` in front of them not counted. */
function auditOf(commands: number, options: Partial<FileAuditOptions> = {}) {
  const audit = auditIn(testFolder(), options)
  for (let count = 1; count <= commands; count++) audit.note(commandLine(count))
  return audit
}

function commandLine(count: number) {
  return {
    event: 'command',
    operator: 'alice',
    line: `set host web/main/a weight ${count}`,
  } as const
}

function linesIn(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

test('a line is in the file before note returns, for this user only, and the chain is whole', async () => {
  const audit = auditOf(3)
  const [first, second] = linesIn(audit.file).map((line) => JSON.parse(line))
  expect(first).toMatchObject({ number: 1, event: 'opened', previous: '0'.repeat(64) })
  expect(second).toMatchObject({
    number: 2,
    event: 'command',
    line: 'set host web/main/a weight 1',
  })
  expect(statSync(audit.file).mode & 0o777).toBe(0o600)
  const verdict = await audit.verify()
  expect(verdict).toMatchObject({ whole: true, lines: 4, faults: [], files: [audit.file] })
  expect(verdict.last).toEqual({ number: 4, hash: audit.lines().at(-1)?.hash })
  expect(audit.unwritable).toBeUndefined()
})

test('the next process goes on with the chain and remembers the last lines', async () => {
  const audit = auditOf(2)
  audit.close()
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(9))
  expect(next.lines().map(({ number }) => number)).toEqual([1, 2, 3, 4])
  expect(await next.verify()).toMatchObject({ whole: true, lines: 4 })
})

test('a crash between a line and the head is no fault', async () => {
  const audit = auditOf(2)
  const head = readFileSync(join(audit.file, '..', 'audit.head'))
  audit.note(commandLine(3))
  audit.close()
  writeFileSync(join(audit.file, '..', 'audit.head'), head)
  expect(await verifyAudit(audit.file)).toMatchObject({ whole: true, lines: 4 })
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(4))
  expect(await verifyAudit(audit.file)).toMatchObject({ whole: true, lines: 5, notes: [] })
})

const LINES = 6

test.each(Array.from({ length: LINES }, (_, index) => index))(
  'an edit, a removal, a swap and a cut at line %i show',
  async (at) => {
    const audit = auditOf(LINES - 1)
    const lines = linesIn(audit.file)
    const where = `${audit.file}:${at + 1}: `
    const put = async (changed: readonly string[]) => {
      writeFileSync(audit.file, changed.map((line) => `${line}\n`).join(''))
      return (await verifyAudit(audit.file)).faults
    }
    expect(await put(lines)).toEqual([])
    const edited = lines.map((line, index) => (index === at ? line.replace('a', 'b') : line))
    expect((await put(edited))[0]).toContain(where)
    // A byte anywhere, also in the hash.
    const flipped = lines.map((line, index) => (index === at ? `${line.slice(0, -3)}x"}` : line))
    expect((await put(flipped)).length).toBeGreaterThan(0)
    expect((await put(lines.toSpliced(at, 1)))[0]).toMatch(/ (is|are) missing/)
    const pair = Math.min(at, LINES - 2)
    const swapped = lines.toSpliced(pair, 2, ...lines.slice(pair, pair + 2).toReversed())
    expect((await put(swapped)).length).toBeGreaterThan(0)
    expect(await put(lines.toSpliced(at, 0, lines[at] ?? ''))).not.toEqual([])
    expect((await put(lines.slice(0, at))).at(-1)).toMatch(/missing from the end, says audit.head/)
  },
)

test('a cut in the middle of any line shows', async () => {
  const audit = auditOf(3)
  const text = readFileSync(audit.file)
  for (let length = 1; length < text.length; length += 17) {
    truncateSync(audit.file, length)
    expect((await verifyAudit(audit.file)).whole, `cut at byte ${length}`).toBe(false)
    writeFileSync(audit.file, text)
  }
  expect((await verifyAudit(audit.file)).whole).toBe(true)
})

test('an end that was cut off between two processes goes on showing', async () => {
  const audit = auditOf(5)
  audit.close()
  writeFileSync(
    audit.file,
    linesIn(audit.file)
      .slice(0, 3)
      .map((line) => `${line}\n`)
      .join(''),
  )
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(6))
  expect(next.lines().at(-1)).toMatchObject({ number: 8 })
  expect((await next.verify()).faults).toEqual([
    `${audit.file}:4: lines 4 to 6 are missing before it`,
    `${audit.file}:4: Sluice found here that lines 4 to 6 were gone from the end`,
  ])
  expect(next.log.of('audit log broken')).toHaveLength(1)
})

test('a forged end, a head that is gone and a line from elsewhere show', async () => {
  const audit = auditOf(3)
  audit.close()
  const head = join(audit.file, '..', 'audit.head')
  const kept = readFileSync(head)
  rmSync(head)
  expect((await verifyAudit(audit.file)).faults).toEqual([expect.stringContaining('audit.head')])
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(4))
  expect((await verifyAudit(audit.file)).faults).toEqual([
    `${audit.file}:5: Sluice found here that audit.head was not there`,
  ])
  // A chain that was computed anew from a line on, as whoever may write the folder could.
  next.close()
  writeFileSync(head, kept)
  expect((await verifyAudit(audit.file)).faults.at(-1)).toMatch(/behind the last one that Sluice/)
  appendFileSync(audit.file, 'hello\n')
  expect((await verifyAudit(audit.file)).faults).toContainEqual(
    `${audit.file}:7: is not a line of the audit log, or was cut`,
  )
})

test('a line with the right hash that somebody added shows to the process that runs', async () => {
  const audit = auditOf(3)
  const last = audit.lines().at(-1)
  const { text } = linked(last ?? START, { event: 'stop' }, 0)
  appendFileSync(audit.file, `${text}\n`)
  expect(await audit.verify()).toMatchObject({
    whole: false,
    faults: [expect.stringContaining('line 5 is behind the last')],
  })
  // To everybody else it looks like what a crash leaves.
  expect(await verifyAudit(audit.file)).toMatchObject({ whole: true })
})

test('a line that a crash cut in the middle is told of, and is no fault', async () => {
  const audit = auditOf(2)
  audit.close()
  appendFileSync(audit.file, '{"number":4,"time":"2026-')
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(4))
  const verdict = await next.verify()
  expect(verdict).toMatchObject({ whole: true, faults: [] })
  expect(verdict.notes).toEqual([`${audit.file}:5: the line before was cut after 25 bytes`])
  expect(next.lines().map(({ number, event }) => `${number} ${event}`)).toEqual([
    '1 opened',
    '2 command',
    '3 command',
    '4 recovered',
    '5 command',
  ])
})

test('a line of which somebody cut a piece off afterwards is a fault', async () => {
  const audit = auditOf(2)
  audit.close()
  truncateSync(audit.file, statSync(audit.file).size - 9)
  const next = auditIn(join(audit.file, '..'))
  next.note(commandLine(4))
  expect((await next.verify()).faults).toContainEqual(
    `${audit.file}:4: Sluice found here that lines 3 to 3 were gone from the end`,
  )
})

test('the chain goes on across files, and the oldest go', async () => {
  const audit = auditOf(40, { fileBytesMax: 1_000, filesKept: 3 })
  const folder = join(audit.file, '..')
  const names = readdirSync(folder).filter((name) => name.startsWith('audit.jsonl'))
  expect(names).toHaveLength(4)
  const verdict = await verifyAudit(audit.file)
  expect(verdict).toMatchObject({ whole: true, faults: [] })
  expect(verdict.files).toHaveLength(4)
  const [oldest = '', second = ''] = verdict.files
  expect(JSON.parse(linesIn(second)[0] ?? '')).toMatchObject({
    event: 'opened',
    previous: JSON.parse(linesIn(oldest).at(-1) ?? '').hash,
  })
  const text = readFileSync(second, 'utf8')
  rmSync(second)
  expect((await verifyAudit(audit.file)).faults).toEqual([
    expect.stringMatching(/are missing before/),
  ])
  writeFileSync(second, text)
  rmSync(oldest)
  expect((await verifyAudit(audit.file)).faults).toEqual([expect.stringMatching(/says audit.head/)])
  for (let count = 0; count < 3; count++) audit.note(commandLine(count))
  expect((await verifyAudit(audit.file)).whole, 'a removed file goes on showing').toBe(false)
})

test.each([
  ['a file has both names', (file: string) => linkSync(file, `${file}-1`)],
  [
    'files that the head does not count are left',
    (file: string) => {
      const head = join(dirname(file), 'audit.head')
      const [first = ''] = linesIn(head)
      const later = JSON.stringify({ ...JSON.parse(first), first: 5 })
      writeFileSync(head, `${later}\n${later}\n`)
    },
  ],
])('a crash in the middle of beginning a new file is no fault: %s', async (_, crash) => {
  const before = auditOf(8)
  before.close()
  crash(before.file)
  const audit = auditIn(dirname(before.file), { fileBytesMax: 1_000, filesKept: 3 })
  expect(await audit.verify()).toMatchObject({ whole: true, lines: 9 })
  for (let count = 1; count <= 8; count++) audit.note(commandLine(count))
  expect(await audit.verify()).toMatchObject({ whole: true, faults: [] })
  expect(existsSync(`${audit.file}-1`)).toBe(true)
})

test('a file that was moved away or removed is opened anew, and its lines are missed', async () => {
  const audit = auditOf(2)
  renameSync(audit.file, `${audit.file}.old`)
  audit.note(commandLine(3))
  expect(linesIn(audit.file)).toHaveLength(2)
  expect((await audit.verify()).faults).toEqual([
    `${audit.file}:1: lines 1 to 3 are missing before it, says audit.head`,
  ])
})

test('where it cannot be written it says why, refuses, and tells afterwards what is missing', async () => {
  const audit = auditOf(1)
  rmSync(audit.file)
  mkdirSync(audit.file)
  expect(() => audit.note(commandLine(2))).toThrow(/the audit log cannot be written.*EISDIR/)
  expect(() => audit.note(commandLine(3))).toThrow(
    expect.objectContaining({ code: 'AUDIT_UNWRITABLE' }),
  )
  expect(audit.unwritable).toMatch(/EISDIR/)
  expect(audit.log.of('audit log cannot be written')).toHaveLength(1)
  rmSync(audit.file, { recursive: true })
  audit.note(commandLine(4))
  expect(audit.unwritable).toBeUndefined()
  const { event, reason } = audit.lines().at(-2) ?? {}
  expect(`${event} ${reason}`).toMatch(
    /^recovered 2 events since 2026.* could not be written: EISDIR/,
  )
})

test.each([
  ['a full disk', () => '/dev/full', /ENOSPC/],
  ['a folder that is a file', (folder: string) => join(fileIn(folder), 'audit.jsonl'), /ENOTDIR/],
  ['no folder', (folder: string) => join(folder, 'gone', 'audit.jsonl'), /ENOENT/],
])('%s is said', (_, fileOf, pattern) => {
  const audit = new FileAudit({ file: fileOf(testFolder()), log: new RecordingLog() })
  expect(() => audit.note(commandLine(1))).toThrow(pattern)
  expect(audit.unwritable).toMatch(pattern)
  expect(existsSync('/dev/audit.head')).toBe(false)
})

function fileIn(folder: string): string {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  return file
}

test('secrets are blanked, texts bounded, and nothing steers a terminal', () => {
  const audit = auditOf(0)
  audit.note({ event: 'command', line: 'user set alice password hunter2 --role full' })
  audit.note({
    event: 'javascript',
    line: "lb.setUsers([{ password: 'hunter2' }])\u001b]0;x\u0007\u2028",
  })
  audit.note({ event: 'change', after: { password: 'hunter2', keys: ['k'], ask: () => 'a' } })
  audit.note({ event: 'javascript', line: 'x'.repeat(100_000) })
  audit.note({ event: 'login refused', operator: 'y'.repeat(100_000), reason: 'token abc' })
  const text = readFileSync(audit.file, 'utf8')
  expect(text).not.toContain('hunter2')
  expect(text).not.toMatch(/[^\P{C}\n]|\u2028/u)
  expect(text).toContain('"line":"user set alice password … --role full"')
  expect(text).toContain('"after":{"password":"…","keys":["k"],"ask":"function ask"}')
  expect(text).toMatch(/x… 100000 characters, SHA-256 [0-9a-f]{64}"/)
  expect(text.length).toBeLessThan(25_000)
})

test('who follows is told of every line', () => {
  const audit = auditOf(0)
  const seen: number[] = []
  const stop = audit.follow(({ number }) => seen.push(number))
  audit.note(commandLine(1))
  stop()
  audit.note(commandLine(2))
  expect(seen).toEqual([1, 2])
})
