// The time limit of evaluated code, where the machine has nothing left to measure time with.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runLimited } from '../../../src/ssh/prompt/limited.ts'

const run = promisify(execFile)

const USED_UP = `
  import { openSync } from 'node:fs'
  import { runLimited } from ${JSON.stringify(import.meta.resolve('../../../src/ssh/prompt/limited.ts'))}
  runLimited(() => 1, 1_000)
  try {
    for (;;) openSync('/dev/null')
  } catch {}
  try {
    runLimited(() => 1, 1_000)
  } catch (error) {
    process.stdout.write(error.message)
  }
`

test('without a descriptor left it refuses, where Node would end the process', async () => {
  const node = ['--import', 'tsx', '--input-type=module', '-e', USED_UP]
  const { stdout } = await run('sh', [
    '-c',
    'ulimit -n 256; exec "$@"',
    'sh',
    process.execPath,
    ...node,
  ])
  expect(stdout).toMatch(/^refused: nothing can be evaluated now, descriptors are used up: EMFILE/)
})

test('what loops is cut, and what comes after runs', () => {
  const loop = () => {
    for (;;) void 0
  }
  expect(() => runLimited(loop, 20)).toThrow(/^cut after 20ms/)
  expect(runLimited(() => 7, 20)).toBe(7)
})
