// `npm run build:native`: the addon of the splice engine, built anew. Who asks for it wants it: without it, status 1.
import { rebuildAddon } from './addon.js'

process.exitCode = rebuildAddon().ok ? 0 : 1
