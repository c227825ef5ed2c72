// `npm run screenshots`: takes the pictures of docs/web.md anew, with curves that had their time.
import { join } from 'node:path'
import { run } from './steps.js'

process.env.SLUICE_SCREENSHOTS = '1'
process.exitCode = run(join('node_modules', '.bin', 'vitest'), [
  'run',
  'test/web/browser/screenshots.test.ts',
])
