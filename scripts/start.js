// `npm start`: from a fresh clone to a running balancer. Sets up what is missing, gives the operator
// a config in run/ and a key in keys/, then runs the balancer and ends as it ends.
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { setUp } from './setup.js'
import { run, say, stop } from './steps.js'

const CONFIG = 'run/config.xml'
const CONFIG_FIRST = 'etc/config.xml'
const KEY = 'keys/admin'
const MAIN = 'dist/main.js'
/** One Ctrl-C or `kill` can reach us more than once: npm passes on what it also got itself. */
const SAME_SIGNAL_MS = 500

setUp()
if (!existsSync(CONFIG)) makeConfig()
if (!existsSync(KEY)) makeKey()
runBalancer(['run', '--config', CONFIG, '--demo', ...process.argv.slice(2)])

function makeConfig() {
  say(`making ${CONFIG} from ${CONFIG_FIRST}`)
  mkdirSync('run', { recursive: true, mode: 0o700 })
  copyFileSync(CONFIG_FIRST, CONFIG)
  // It may come to hold password hashes.
  chmodSync(CONFIG, 0o600)
}

function makeKey() {
  say(`making ${KEY}, your key to log in with`)
  if (run(process.execPath, [MAIN, 'keygen', 'admin']) !== 0) stop('The key could not be made.')
}

/** @param {readonly string[]} args */
function runBalancer(args) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'inherit' })
  passSignalsTo(child)
  child.once('error', (error) => stop(`The balancer did not start: ${error.message}`))
  child.once('close', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0))
  })
}

/**
 * Hand on what we are asked, once, and wait: only the balancer decides when it is done.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignalsTo(child) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    let passedAt = Number.NEGATIVE_INFINITY
    process.on(signal, () => {
      // A typed Ctrl-C goes to everyone at the terminal, so the balancer has it already.
      if (signal === 'SIGINT' && atTerminal()) return
      if (performance.now() - passedAt < SAME_SIGNAL_MS) return
      passedAt = performance.now()
      child.kill(signal)
    })
  }
}

/** Are we in the foreground of a terminal? Linux knows; elsewhere a terminal as input is a sign. */
function atTerminal() {
  if (process.platform !== 'linux') return process.stdin.isTTY
  // After the name in brackets: state, parent, group, session, terminal, foreground group.
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group === foreground
}
