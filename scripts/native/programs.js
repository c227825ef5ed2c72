// Builds and runs the test programs of the splice engine's core: its cases under AddressSanitizer with
// UndefinedBehaviourSanitizer and again under ThreadSanitizer, its fuzzers under the former. One line for each program.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../steps.js'
import { compilerOf, lackOf, NATIVE } from './addon.js'

/** @typedef {{ readonly passed: number, readonly failed: number }} Count */
/** @typedef {'asan' | 'tsan'} Sanitizer */

/**
 * @typedef {object} Wishes
 * @property {number} seconds for each fuzzer
 * @property {string | undefined} seed of every random sequence; made up by each program when not said
 * @property {string} only cases with these words in their sentence, fuzzers with them in their name
 */

/** @type {Wishes} */
const WISHES = { seconds: 5, seed: undefined, only: '' }

const SANITIZERS = /** @type {const} */ (['asan', 'tsan'])
const TESTS = join(NATIVE, 'test')
const BUILD = join(NATIVE, 'build', 'test')
/** Compilers at once: more take a machine's memory sooner than they save time. */
const JOBS = 2
/** A program that hangs is ended after this, in milliseconds; a fuzzer after this and its own time. */
const PATIENCE_MS = 300_000
/** What a program may print; a sanitizer's report is some pages. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

const ENV = {
  ...process.env,
  ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
  TSAN_OPTIONS: 'second_deadlock_stack=1',
}

const NONE = { passed: 0, failed: 0 }
const FAULT = { passed: 0, failed: 1 }

/**
 * @param {readonly string[]} [args] `--seconds N`, `--seed N`, `--only TEXT`
 * @returns {Count} nothing at all where a compiler is missing
 */
export function testNative(args = []) {
  const wishes = wishesIn(args)
  if (!wishes) return FAULT
  const lack = lackOf()
  if (lack) {
    console.log(`native: skipped, ${lack}`)
    return NONE
  }
  const counts = SANITIZERS.map((sanitizer) => casesUnder(sanitizer, wishes))
  const count = [...counts, ...fuzzed(wishes)].reduce(sum, NONE)
  console.log(`native: ${count.passed} passed, ${count.failed} failed`)
  return count
}

/**
 * @param {readonly string[]} args
 * @returns {Wishes | undefined} undefined for what cannot be read, of which is said what can
 */
function wishesIn(args) {
  const wishes = { ...WISHES }
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1]
    if (args[at] === '--seconds' && Number(value) > 0) wishes.seconds = Number(value)
    else if (args[at] === '--seed' && /^\d+$/.test(value ?? '')) wishes.seed = value
    else if (args[at] === '--only' && value) wishes.only = value
    else {
      console.error('test:native takes --seconds N, --seed N and --only TEXT')
      return undefined
    }
  }
  return wishes
}

/**
 * @param {Sanitizer} sanitizer
 * @param {Wishes} wishes
 * @returns {Count}
 */
function casesUnder(sanitizer, { seed, only }) {
  if (!made(sanitizer, 'cases')) return FAULT
  const args = [...(seed ? ['--seed', seed] : []), ...(only ? ['--only', only] : [])]
  const { status, output } = ended(sanitizer, 'cases', args, PATIENCE_MS)
  const [, passed = '0', failed = '0'] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? []
  if (status !== 0) console.log(output)
  console.log(`${sanitizer} cases: ${passed} passed, ${failed} failed`)
  // A report of the sanitizer fails the program even when every check held.
  return { passed: Number(passed), failed: status === 0 ? 0 : Math.max(1, Number(failed)) }
}

/**
 * @param {Wishes} wishes
 * @returns {Count[]}
 */
function fuzzed({ seconds, seed, only }) {
  const sources = readdirSync(TESTS).filter((name) => /^fuzz_.*\.cc$/.test(name))
  const names = sources
    .map((name) => name.replace(/\.cc$/, ''))
    .filter((name) => name.includes(only))
  if (names.length === 0) return []
  if (!made('asan', 'fuzzers')) return [FAULT]
  const args = ['--seconds', String(seconds), ...(seed ? ['--seed', seed] : [])]
  return names.map((name) => {
    const { status, output } = ended('asan', name, args, PATIENCE_MS + seconds * 1000)
    if (status !== 0) console.log(output)
    const began = /^seed \d+$/m.exec(output)?.[0] ?? 'no seed printed'
    console.log(`asan ${name}: ${status === 0 ? 'passed' : 'failed'}, ${seconds} s, ${began}`)
    return status === 0 ? { passed: 1, failed: 0 } : FAULT
  })
}

/**
 * Build what is older than its source; another run on the same folder waits.
 *
 * @param {Sanitizer} sanitizer
 * @param {'cases' | 'fuzzers'} target
 */
function made(sanitizer, target) {
  mkdirSync(BUILD, { recursive: true })
  const compiler = `CXX=${compilerOf(process.env) ?? ''}`
  const make = ['make', '--silent', `--jobs=${JOBS}`, `--directory=${TESTS}`, compiler]
  const status = run('flock', [join(BUILD, '.lock'), ...make, `SANITIZER=${sanitizer}`, target])
  if (status !== 0) console.log(`${sanitizer} ${target}: not built, the compiler said why above`)
  return status === 0
}

/**
 * @param {Sanitizer} sanitizer
 * @param {string} name
 * @param {readonly string[]} args
 * @param {number} patienceMs
 */
function ended(sanitizer, name, args, patienceMs) {
  const [program = '', ...words] = [...fixedAddresses(), join(BUILD, sanitizer, name), ...args]
  const { status, signal, stdout, stderr, error } = spawnSync(program, words, {
    cwd: NATIVE,
    env: ENV,
    encoding: 'utf8',
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_BYTES_MAX,
  })
  const end = error ? `\n${error.message}` : signal ? `\nended by ${signal}` : ''
  return { status, output: `${stdout}${stderr}${end}` }
}

/**
 * ThreadSanitizer of older compilers cannot place its shadow where kernels make addresses very random. Containers may
 * forbid to ask for fixed ones; most need not.
 *
 * @returns {string[]}
 */
function fixedAddresses() {
  const words = ['setarch', '-R']
  return spawnSync('setarch', ['-R', 'true']).status === 0 ? words : []
}

/**
 * @param {Count} a
 * @param {Count} b
 * @returns {Count}
 */
export function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}
