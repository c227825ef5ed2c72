// `npm run test:native`: the core of the splice engine by itself. Status 1 when anything failed.
import { testNative } from './programs.js'

process.exitCode = testNative(process.argv.slice(2)).failed === 0 ? 0 : 1
