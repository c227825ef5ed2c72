// `npm test`: sets up what is missing, then every check in order, and stops at the first that fails.
// The last line is always the count. What follows `npm test --` goes to vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sum, testNative } from './native/programs.js'
import { setUp } from './setup.js'
import { run } from './steps.js'

/** @typedef {import('./native/programs.js').Count} Count */

const CHECKS = /** @type {const} */ ([
  ['format', 'biome', ['format']],
  ['lint', 'oxlint', []],
  ['types', 'tsc', ['--noEmit']],
  ['types of the page', 'tsc', ['--noEmit', '-p', 'src/web/ui']],
  ['unused', 'knip', ['--no-progress']],
])

const NONE = { passed: 0, failed: 1 }

// `setUp` ends the process by itself when it cannot go on, and the count has to come even then.
/** @type {Count} */
let count = NONE
process.once('exit', () => console.log(`${count.passed} passed, ${count.failed} failed`))
setUp()
process.exitCode = runChecks()

/** @returns {number} the exit status of the first that failed, or 0 */
function runChecks() {
  for (const [title, program, args] of CHECKS) {
    const status = runCheck(title, program, args)
    if (status !== 0) return status
  }
  return runNative() || runTests()
}

function runNative() {
  console.log('\n== native')
  count = testNative()
  return count.failed === 0 ? 0 : 1
}

/**
 * @param {string} title
 * @param {string} program
 * @param {readonly string[]} args
 */
function runCheck(title, program, args) {
  console.log(`\n== ${title}`)
  return run(join('node_modules', '.bin', program), args)
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const status = runCheck('tests', 'vitest', ['run', ...reporters, ...process.argv.slice(2)])
  count = sum(count, countOf(report, status))
  rmSync(folder, { recursive: true })
  return status
}

/**
 * A file that fails outside its tests, say by what it left open, counts as one failure.
 *
 * @param {string} report
 * @param {number} status
 * @returns {Count}
 */
function countOf(report, status) {
  const read = readReport(report)
  if (!read) return NONE
  const files = read.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  )
  const failed = read.numFailedTests + files.length
  return { passed: read.numPassedTests, failed: status === 0 ? failed : Math.max(1, failed) }
}

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileReport
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: FileReport[] }} Report
 * @param {string} path
 * @returns {Report | undefined} nothing when vitest fell over before it could write one
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
