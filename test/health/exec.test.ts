// The check that runs a program: what it is told, how it may end, and that nothing of it is left.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  checkContract,
  checkWith,
  HANGING_MS,
  type Scene,
  subjectAt,
} from '../contracts/check-contract.ts'
import { eventually } from '../helpers/eventually.ts'
import { socketPath } from '../helpers/socket-path.ts'
import { runChild } from '../helpers/test-child.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe('as every check', () => {
  checkContract({
    good: () => running('true'),
    bad: () => running('false'),
    hanging: () => running('sleep 60'),
  })
})

test('the program is told the host and nothing of our own environment', async () => {
  process.env.SLUICE_SECRET = 'secret'
  onTestFinished(() => void delete process.env.SLUICE_SECRET)
  expect(await environmentFor('10.0.0.1:80')).toEqual({
    PATH: process.env.PATH,
    SLUICE_HOST: 'a',
    SLUICE_IP: '10.0.0.1',
    SLUICE_PORT: '80',
  })
  expect(await environmentFor('unix:/run/app.sock')).toMatchObject({
    SLUICE_IP: 'unix:/run/app.sock',
    SLUICE_PORT: '',
  })
})

test('the last line of what it wrote says why it failed', async () => {
  await expect(look('sh -c "echo first; echo the disk is full >&2; exit 3"')).rejects.toMatchObject(
    {
      code: 'CHECK_FAILED',
      detail: 'exit status 3: the disk is full',
    },
  )
  await expect(look('sh -c "kill -TERM $$"')).rejects.toMatchObject({ detail: 'killed by SIGTERM' })
})

test('a program that writes without end neither blocks nor fills our memory', async () => {
  await expect(look('sh -c "head -c 5000000 /dev/zero; exit 1"')).rejects.toMatchObject({
    detail: expect.stringMatching(/^exit status 1: \0{4096}$/),
  })
})

test('at the deadline its children are killed with it', async () => {
  const file = socketPath()
  const command = `sh -c "sleep 60 & echo $! > ${file}; wait"`
  await expect(look(command, HANGING_MS * 4)).rejects.toMatchObject({ code: 'CHECK_FAILED' })
  await gone(file)
})

test('what a program leaves running is killed when it ends', async () => {
  const file = socketPath()
  await look(`sh -c "sleep 60 & echo $! > ${file}"`)
  await gone(file)
})

test('a program that cannot be run is a fault of the set-up, not of the host', async () => {
  await expect(look('/nonexistent/check')).rejects.toMatchObject({
    code: 'VALUE_BAD',
    detail: 'the command of a check cannot run: no such program',
  })
  await expect(look('/')).rejects.toMatchObject({ code: 'VALUE_BAD' })
})

test('where no descriptor is left the fault is ours, not of the host', async () => {
  const script = `
    import { openSync } from 'node:fs'
    import { execCheck } from '${join(ROOT, 'src/health/exec.ts')}'
    const check = execCheck({ command: 'true' })
    const subject = { name: 'a', address: '10.0.0.1:80', target: { host: '10.0.0.1', port: 80 } }
    try { for (;;) openSync('/dev/null') } catch {}
    await check(subject, new AbortController().signal).catch(({ code }) => console.log(code))`
  const node = `exec "${process.execPath}" --import tsx --input-type=module --eval "$0"`
  const args = ['-c', `ulimit -n 64; ${node}`, script]
  expect(await runChild('/bin/sh', args, { folder: ROOT })).toEqual({
    status: 0,
    out: 'LOCAL_LIMIT\n',
    err: '',
  })
})

test('a command whose quotes do not close is refused', () => {
  expect(() => checkWith({ type: 'exec', command: 'echo "half' })).toThrow(
    'a command is a program and its arguments, got "echo \\"half"',
  )
})

function look(command: string, timeoutMs = 5_000, address = '127.0.0.1:1'): Promise<void> {
  const check = checkWith({ type: 'exec', command, timeoutMs })
  return check(subjectAt(address), new AbortController().signal)
}

async function environmentFor(address: string): Promise<Record<string, string>> {
  const file = socketPath()
  await look(
    `"${process.execPath}" -e "fs.writeFileSync('${file}', JSON.stringify(process.env))"`,
    5_000,
    address,
  )
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Wait until the process whose number is in the file has ended. */
function gone(file: string): Promise<boolean> {
  const pid = Number(readFileSync(file, 'utf8'))
  return eventually(() => !runs(pid), `process ${pid} has ended`)
}

// A process that ended but that nobody asked about yet (a zombie) does not run any more.
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function running(command: string): Promise<Scene> {
  return {
    check: checkWith({
      type: 'exec',
      command,
      timeoutMs: command === 'sleep 60' ? HANGING_MS : 5_000,
    }),
    subject: subjectAt('127.0.0.1:1'),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
