// The built program, as its users run it. Builds it where `npm test` did not; two test files never build at the
// same time.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pathOf } from './programs.ts'
import { type ChildEnd, type ChildOptions, TestChild } from './test-child.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(ROOT, 'dist', 'main.js')
const SET_UP = `import { setUp } from ${JSON.stringify(join(ROOT, 'scripts', 'setup.js'))}; setUp()`
/** Held while building; flock wants a file that is there, and changes nothing in it. */
const LOCK = join(ROOT, 'package.json')

let built = false

/** Start `sluice ARGS`. */
export function sluice(args: readonly string[], options: ChildOptions): TestChild {
  const [program, main] = builtSluice()
  return new TestChild(program, [main, ...args], options)
}

/** The words that start it, for a shell. */
export function builtSluice(): readonly [program: string, main: string] {
  if (!built) build()
  built = true
  return [process.execPath, MAIN]
}

/** Run `sluice ARGS` to its end. */
export function runSluice(args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  return sluice(args, options).ended
}

function build(): void {
  const command = [process.execPath, '--input-type=module', '--eval', SET_UP]
  const { status, stderr, stdout } = spawnSync(pathOf('flock'), [LOCK, ...command], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`)
}
