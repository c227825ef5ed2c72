// One build of the addon, run under the lock that addon.js takes for it: turn.js FOLDER [--all].
import { ALL, buildLocked } from './addon.js'

const [folder = '', flag] = process.argv.slice(2)
buildLocked(folder, process.env, { all: flag === ALL })
