// What every set-up step is made of: run a program, say a line, stop with a sentence, see what is newer. Plain
// JavaScript without packages: it runs before they exist.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Run a program to its end with our own input and output.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {number} its exit status; 1 when a signal ended it or it did not start
 */
export function run(program, args) {
  const { status, error } = spawnSync(program, [...args], { cwd: ROOT, stdio: 'inherit' })
  if (error) console.error(`${program} did not start: ${error.message}`)
  return status ?? 1
}

/** @param {string} line */
export function say(line) {
  console.log(`sluice: ${line}`)
}

/**
 * @param {string} sentence
 * @returns {never}
 */
export function stop(sentence) {
  console.error(`sluice: ${sentence}`)
  process.exit(1)
}

/**
 * When anything at or below `path` last changed. Folders count: theirs changes when a file goes.
 *
 * @param {string} path
 * @param {string} [except] a folder that does not count, absolute
 * @returns {number} in milliseconds since 1970
 */
export function newest(path, except) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  const below = readdirSync(path).map((name) => join(path, name))
  const counted = below.filter((each) => resolve(each) !== except)
  return Math.max(stat.mtimeMs, ...counted.map((each) => newest(each, except)))
}
