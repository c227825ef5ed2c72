// Brings a fresh clone to where it can run: the right Node, the packages, dist, and the splice engine
// where there is a compiler. Does only what is missing and says so in one line each. Plain JavaScript
// without packages: it runs before they exist.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildAddon, NATIVE } from './native/addon.js'
import { newest, ROOT, run, say, stop } from './steps.js'

const NODE_MIN = /** @type {const} */ ([20, 19])
/** Remembers for which lock file the packages were installed. */
const INSTALLED = 'node_modules/.sluice-setup'
/** Written after a build that went through, so that one broken off half-way is not taken for done. */
const BUILT = 'dist/.built'
const PAGE_CONFIG = 'src/web/ui/vite.config.js'
const BUILT_FROM = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']

/** Everything `npm start` and `npm test` need. Ends the process with a sentence when it cannot. */
export function setUp() {
  process.chdir(ROOT)
  checkNode()
  if (!installed()) install()
  if (!built()) build()
  // It says itself what became of it, and Sluice runs either way.
  buildAddon()
}

/** Compile src and the page into a new dist; nothing of an earlier one stays. */
export function build() {
  process.chdir(ROOT)
  say('building')
  rmSync('dist', { recursive: true, force: true })
  const startedAt = new Date()
  const status = run(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'])
  if (status !== 0) stop('The build failed; the compiler said why above.')
  buildPage()
  writeFileSync(BUILT, '')
  // What was edited while the compiler ran is newer than this.
  utimesSync(BUILT, startedAt, startedAt)
}

/** The web page, into dist/web/ui. It needs no network. */
function buildPage() {
  const status = run(join('node_modules', '.bin', 'vite'), ['build', '--config', PAGE_CONFIG])
  if (status !== 0) stop('The page could not be built; vite said why above.')
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [majorMin, minorMin] = NODE_MIN
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return
  stop(`Sluice needs Node ${NODE_MIN.join('.')} or newer; this is ${process.versions.node}.`)
}

function installed() {
  return existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lockHash()
}

function install() {
  say('installing packages')
  // No package's own install script is needed; without them no compiler is looked for either.
  const status = run('npm', ['ci', '--ignore-scripts', '--include=dev', '--loglevel=error'])
  if (status !== 0) stop('The packages could not be installed; npm said why above.')
  writeFileSync(INSTALLED, lockHash())
}

function lockHash() {
  return createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
}

function built() {
  return existsSync(BUILT) && statSync(BUILT).mtimeMs >= Math.max(...BUILT_FROM.map(newestSource))
}

/**
 * The compiler of TypeScript sees nothing of the addon, whose folder also gets what its own build makes.
 *
 * @param {string} path
 */
function newestSource(path) {
  return newest(path, NATIVE)
}
