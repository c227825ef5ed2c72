// What the audit log has of typed commands, what happens while it cannot be written, and the commands that show it.
import { beforeEach, expect, test } from 'vitest'
import { MemoryAudit } from '../../helpers/memory-audit.ts'
import type { AuditFacts } from '../../../src/audit/line.ts'
import { permitChange } from '../../../src/app/audited.ts'
import { BalancerError } from '../../../src/base/errors.ts'
import { whileNoted, withOrigin } from '../../../src/base/origin.ts'
import { runLine } from '../../../src/commands/run.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

/** A log on a disk that can be filled. */
class FillableAudit extends MemoryAudit {
  full: string | undefined

  override get unwritable() {
    return this.full
  }

  override note(facts: AuditFacts): void {
    if (this.full !== undefined) throw new BalancerError('AUDIT_UNWRITABLE', this.full)
    super.note(facts)
  }
}

let process: StubProcess
let audit: FillableAudit

beforeEach(async () => {
  audit = new FillableAudit()
  process = Object.assign(await createStubProcess(), { audit })
})

const run = (line: string, role: 'full' | 'operate' | 'readonly' = 'full') =>
  runLine(line, contextOf(process, { role }))

const told = () => audit.lines().map(({ event, line, exit }) => [event, line ?? exit])

test('a command that may change something is noted before it runs, and how it ended', async () => {
  await run('set host web/main/a weight 5')
  await run('remove host web/main/nobody --force')
  await run('set host web/main/b weight 999')
  expect(told()).toEqual([
    ['command', 'set host web/main/a weight 5'],
    ['result', 0],
    ['command', 'remove host web/main/nobody --force'],
    ['result', 4],
    ['command', 'set host web/main/b weight 999'],
    ['result', 2],
  ])
  const [first] = audit.lines()
  const last = audit.lines().at(-1)
  expect(first).toMatchObject({
    operator: 'alice',
    login: 1,
    address: '192.0.2.7',
    key: 'SHA256:of-a-test',
  })
  expect(last?.reason).toMatch(/weight is a whole number/)
})

test('plain reads are not noted, refused attempts are', async () => {
  await run('show hosts', 'readonly')
  const { exit } = await run('set host web/main/a weight 5', 'readonly')
  expect(exit).toBe(3)
  expect(told()).toEqual([['refused', 'set host web/main/a weight 5']])
  expect(audit.lines()[0]?.reason).toMatch(/needs role operate, alice has readonly/)
})

test('what a command itself does not allow is noted as refused, too', async () => {
  const bob = {
    id: 2,
    operator: 'bob',
    role: 'full',
    address: '192.0.2.8',
    how: 'password',
    channels: [],
    since: 0,
    active: 0,
  } as const
  Object.assign(process, { operators: { list: () => [bob], say: () => 0, logout: () => true } })
  expect(await run('logout bob', 'operate')).toMatchObject({ exit: 3 })
  expect(told()).toEqual([
    ['command', 'logout bob'],
    ['refused', 'logout bob'],
  ])
})

test('while it cannot be written changes are refused and reads work', async () => {
  audit.full = 'run/audit.jsonl: ENOSPC: no space left on device'
  const host = process.balancer.service('web').group('main').host('a')
  const refused = await run('set host web/main/a weight 5')
  expect(refused).toMatchObject({ exit: 1, out: '' })
  expect(refused.err).toMatch(/audit log cannot be written, so nothing may be changed.*ENOSPC/)
  expect(host.weight).toBe(1)
  expect(await run('show hosts')).toMatchObject({ exit: 0 })
  expect((await run('show audit')).out).toMatch(/cannot be written, so changes are refused/)
  expect((await run('show hosts')).out).toMatch(/AUDIT: .*ENOSPC/)
})

test('what fails after it was done is answered, and says that the log lacks it', async () => {
  const notes: string[] = []
  const context = { ...contextOf(process), note: async (text: string) => void notes.push(text) }
  process.balancer.follow(() => {
    audit.full = 'ENOSPC'
  })
  expect(await runLine('set host web/main/a weight 5', context)).toMatchObject({ exit: 0 })
  expect(notes).toEqual(['the audit log has no line of how this ended: ENOSPC\n'])
})

test('changes of operators are refused in the model too, unless they are part of what was noted', async () => {
  const ports = { open: async () => '', close: async () => {} }
  const balancer = new Balancer({ ports, permit: () => permitChange(audit) })
  const web = await balancer.addService('web')
  const main = web.addGroup('main')
  const host = main.addHost('a', '127.0.0.1:1')
  audit.full = 'ENOSPC'
  const refused = expect.objectContaining({ code: 'AUDIT_UNWRITABLE' })
  const attempts = [
    () => {
      host.weight = 2
    },
    () => main.addHost('b', '127.0.0.1:2'),
    () => main.removeHost('a', { force: true }),
    () => web.addGroup('spare'),
    () => web.listen('127.0.0.1:3'),
    () => web.closeListener('127.0.0.1:3'),
    () => balancer.addService('mail'),
    () => balancer.removeService('web'),
    () => balancer.setUsers([{ name: 'bob' }]),
    () => balancer.configure('hostCheck', { intervalMs: 5_000 }),
  ]
  const before = JSON.stringify(balancer.snapshot())
  for (const origin of ['ssh:alice', 'web:bob', 'api:deploy']) {
    for (const attempt of attempts) {
      const tried = async () => attempt()
      await expect(withOrigin(origin, tried)).rejects.toThrow(refused)
    }
  }
  expect(JSON.stringify(balancer.snapshot())).toBe(before)
  withOrigin('health', () => host.setHealth('down', 'of a test'))
  withOrigin('embedding', () => host.drain())
  await withOrigin('ssh:alice', () => whileNoted(async () => host.disable()))
  expect(host).toMatchObject({ health: 'down', intent: 'disabled' })
})

test('what was left behind by something that was noted is refused afterwards', async () => {
  const ports = { open: async () => '', close: async () => {} }
  const balancer = new Balancer({ ports, permit: () => permitChange(audit) })
  let later = Promise.resolve()
  let go = () => {}
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  await withOrigin('ssh:alice', () =>
    whileNoted(async () => {
      later = gone.then(async () => void (await balancer.addService('late')))
    }),
  )
  audit.full = 'ENOSPC'
  go()
  await expect(later).rejects.toThrow(/ENOSPC/)
})

test('show audit filters by operator and event', async () => {
  audit.note({ event: 'login', operator: 'bob', login: 4, address: '192.0.2.9' })
  audit.note({
    event: 'change',
    origin: 'ssh:bob',
    action: 'set',
    path: 'web/main/a',
    field: 'weight',
    before: 1,
    after: 5,
  })
  audit.note({ event: 'change', origin: 'file', action: 'add', path: 'web/main/z' })
  const rowsOf = async (line: string) => {
    const { out } = await run(line)
    return (JSON.parse(out) as { event: string; what: string }[]).map(
      ({ event, what }) => `${event} ${what}`,
    )
  }
  expect(await rowsOf('show audit --operator bob --json')).toEqual([
    'login ',
    'change set weight of web/main/a: 1 -> 5',
  ])
  expect(await rowsOf('show audit --event change --json')).toHaveLength(2)
  expect(await rowsOf('show audit --lines 1 --event change --json')).toEqual([
    'change add web/main/z',
  ])
  const { out } = await run('show audit --event login')
  expect(out).toMatch(/bob +192\.0\.2\.9/)
})

test('audit verify says that it is whole, or fails with what is wrong', async () => {
  audit.note({ event: 'login', operator: 'bob' })
  expect((await run('audit verify', 'readonly')).out).toMatch(
    /^whole: 1 lines from memory on; .* number 1, /,
  )
  audit.verify = async () => ({
    whole: false,
    lines: 3,
    files: [],
    last: null,
    faults: ['run/audit.jsonl:2: was changed', 'run/audit.jsonl:3: line 3 is missing'],
    notes: [],
  })
  expect(await run('audit verify')).toMatchObject({
    exit: 1,
    err: 'the audit log is not as it was written: run/audit.jsonl:2: was changed; run/audit.jsonl:3: line 3 is missing\n',
  })
})
