// Builds the addon of the splice engine where that can be done, and says in one line why where it cannot. Never fails:
// without the addon Sluice runs on the node engine. Plain JavaScript without packages, and part of the published
// package: who installed that builds the addon with `npm explore sluice -- npm run build:native`.
//
// What became of it is written to build/outcome.json, for `show engine`:
//
//   { "ok": true }
//   { "ok": false, "tried": false, "reason": "there is no make on the PATH" }
//
// `ok`: build/Release/splice.node is there and was as new as its source. `tried`: a build began and failed. `reason`: a
// clause without a full stop, as it goes on from "the splice engine is not built: ". No file: nobody has tried.
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newest, ROOT, say } from '../steps.js'

/**
 * @typedef {{ readonly ok: false, readonly tried: boolean, readonly reason: string }} NotBuilt
 * @typedef {{ readonly ok: true } | NotBuilt} Outcome
 *
 * @typedef {object} Place
 * @property {string} folder the one of binding.gyp, absolute
 * @property {NodeJS.ProcessEnv} env its PATH has the compiler; CXX and npm_config_nodedir are honoured
 * @property {string} platform as in process.platform
 */

/** The addon's own folder. */
export const NATIVE = join(ROOT, 'src/engine/splice/native')
const ADDON = 'build/Release/splice.node'
const OUTCOME = 'build/outcome.json'
const OBJECTS = ['build/Release/obj.target', 'build/Release/.deps']
/** Compiling sees only these; what else is in the folder may change. */
const BUILT_FROM = ['binding.gyp', 'core', 'addon']
/** Held by whoever builds; the kernel lets go of it when that process ends, however it ends. */
const LOCK = 'build/.lock'
const COMPILERS = ['g++', 'c++', 'clang++']
/** What a compiler says about one mistake can be a page; its first lines name the file and the line. */
const ERROR_LINES_MAX = 12
/** What the tools print is kept up to here; beyond, the build counts as failed. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024
/** Tells the child to build what is up to date as well. */
export const ALL = '--all'

/** @type {NotBuilt} */
const FAILED = {
  ok: false,
  tried: true,
  reason: 'its compilation failed; `npm run build:native` tries again and shows how',
}

/** @type {Place} */
const HERE = { folder: NATIVE, env: process.env, platform: process.platform }

/**
 * Build the addon unless it is as new as its source. A build that failed is not tried again before the source changes:
 * it would fail the same way.
 *
 * @param {Place} [place]
 * @returns {Outcome}
 */
export function buildAddon(place = HERE) {
  const known = outcomeOfThisSource(place.folder)
  if (known?.ok) return known
  const lack = lackOf(place)
  if (lack) return settle(place.folder, told({ ok: false, tried: false, reason: lack }), new Date())
  return known?.tried ? told(known) : inTurn(place, [])
}

/**
 * Build all of it again, whatever is there.
 *
 * @param {Place} [place]
 * @returns {Outcome}
 */
export function rebuildAddon(place = HERE) {
  const lack = lackOf(place)
  return lack ? told({ ok: false, tried: false, reason: lack }) : inTurn(place, [ALL])
}

/**
 * The programs and packages that a build needs, in the order in which somebody would install them.
 *
 * @param {Place} [place]
 * @returns {string | undefined} what is missing, as a clause; undefined when a build can begin
 */
export function lackOf({ env, platform } = HERE) {
  if (platform !== 'linux') return `it needs Linux, and this is ${platform}`
  if (!compilerOf(env)) return `there is no C++ compiler (${COMPILERS.join(', ')}) on the PATH`
  const missing = ['make', 'python3', 'flock'].find((program) => !onPath(env, program))
  if (missing) return `there is no ${missing} on the PATH`
  return nodeGyp()
    ? undefined
    : 'the optional packages node-gyp and node-addon-api are not installed'
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function compilerOf(env) {
  return env['CXX'] ?? COMPILERS.find((program) => onPath(env, program))
}

/**
 * One build at a time: a second one waits and then finds the work done. A child does the building, because only a
 * process of its own can be given the lock.
 *
 * @param {Place} place
 * @param {readonly string[]} flags
 * @returns {Outcome}
 */
function inTurn({ folder, env }, flags) {
  mkdirSync(join(folder, 'build'), { recursive: true })
  const turn = fileURLToPath(new URL('turn.js', import.meta.url))
  const command = [process.execPath, turn, folder, ...flags]
  const { status } = spawnSync('flock', [join(folder, LOCK), ...command], { env, stdio: 'inherit' })
  const outcome = readOutcome(folder)
  return status === 0 && outcome ? outcome : told({ ...FAILED, reason: 'its build was broken off' })
}

/**
 * The build itself, for who holds the lock.
 *
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {{ readonly all: boolean }} how `all`: also what is up to date
 */
export function buildLocked(folder, env, { all }) {
  const known = outcomeOfThisSource(folder)
  // Where nobody could begin a build, what was missing is here now.
  if (!all && (known?.ok || known?.tried)) return
  say('building the splice engine')
  for (const path of all ? OBJECTS : [])
    rmSync(join(folder, path), { recursive: true, force: true })
  const startedAt = new Date()
  const fault = compile(folder, env)
  if (fault === undefined) return settle(folder, { ok: true }, startedAt)
  console.error(fault)
  return settle(folder, told(FAILED), startedAt)
}

/**
 * node-gyp puts the linked addon in place by one rename, so whoever loads it meanwhile gets the old one or the new one.
 *
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} what the tools complained of first; undefined when they did not
 */
function compile(folder, env) {
  const args = [nodeGyp() ?? '', 'configure', 'build', '--jobs=2', ...headersOf(env)]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...env, CXX: compilerOf(env) },
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  })
  if (status === 0) return undefined
  return error ? error.message : firstErrors(`${stderr}\n${stdout}`)
}

/**
 * The headers that came with this Node, where they did: then nothing is fetched.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function headersOf(env) {
  if (env['npm_config_nodedir']) return []
  const beside = resolve(process.execPath, '../..')
  return existsSync(join(beside, 'include/node/node_api.h')) ? [`--nodedir=${beside}`] : []
}

/**
 * The lines from the first mistake on, or what node-gyp itself says when no compiler was reached, or else the last words.
 *
 * @param {string} output
 */
function firstErrors(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const first = lines.findIndex((line) => /\b(?:error|undefined reference)\b/.test(line))
  const from = first === -1 ? lines.findIndex((line) => line.startsWith('gyp ERR!')) : first
  const shown = from === -1 ? lines.slice(-ERROR_LINES_MAX) : lines.slice(from)
  return shown.slice(0, ERROR_LINES_MAX).join('\n')
}

/** @returns {string | undefined} the program to run; undefined where optional packages were left out */
function nodeGyp() {
  const { resolve: find } = createRequire(import.meta.url)
  try {
    find('node-addon-api')
    return find('node-gyp/bin/node-gyp.js')
  } catch {
    return undefined
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} program
 */
function onPath(env, program) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => executable(join(folder, program)))
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Write down what became of it, as of when the build began: what was edited meanwhile is newer. An addon that is older
 * than its source goes, or it would be loaded; a process that has it loaded keeps what it has.
 *
 * @param {string} folder
 * @param {Outcome} outcome
 * @param {Date} startedAt
 * @returns {Outcome}
 */
function settle(folder, outcome, startedAt) {
  if (!outcome.ok) rmSync(join(folder, ADDON), { force: true })
  mkdirSync(join(folder, 'build'), { recursive: true })
  const path = join(folder, OUTCOME)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(outcome)}\n`)
  utimesSync(draft, startedAt, startedAt)
  renameSync(draft, path)
  return outcome
}

/**
 * @param {string} folder
 * @returns {Outcome | undefined} undefined when the source has changed since, or the addon is gone
 */
function outcomeOfThisSource(folder) {
  const outcome = readOutcome(folder)
  if (!outcome || (outcome.ok && !existsSync(join(folder, ADDON)))) return undefined
  const sources = BUILT_FROM.map((path) => newest(join(folder, path)))
  return statSync(join(folder, OUTCOME)).mtimeMs >= Math.max(...sources) ? outcome : undefined
}

/**
 * @param {string} folder
 * @returns {Outcome | undefined} undefined when nobody has tried, or what is there cannot be read
 */
function readOutcome(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, OUTCOME), 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * @param {NotBuilt} outcome
 * @returns {Outcome}
 */
function told(outcome) {
  say(`the splice engine is not built: ${outcome.reason}; Sluice runs on the node engine`)
  return outcome
}
