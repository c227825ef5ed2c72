// The page about the API is true: what it shows is run by a real shell with curl, against the real routes.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { ERRORS } from '../../src/base/errors.ts'
import { prints, shownIn } from '../helpers/shown-sessions.ts'
import { startWeb } from '../helpers/web-server.ts'

const PAGE = 'docs/api.md'
const text = readFileSync(PAGE, 'utf8')

test('every call on the page answers what it shows', { timeout: 60_000 }, async () => {
  const web = await startWeb()
  onTestFinished(() => web.stop())
  const AUTH = `Authorization: ${web.bearer('full').headers['authorization'] ?? ''}`
  const env = { ...process.env, API: `${web.url}/api/v1`, AUTH }
  for (const shown of shownIn(text)) {
    const printed = await runLine(shown.command, env)
    const same = prints(shown, printed)
    expect
      .soft(same ? shown.prints.join('\n') : printed, `${PAGE}:${shown.at} ${shown.command}`)
      .toBe(shown.prints.join('\n'))
  }
})

test('every status that an error has is explained', () => {
  const statuses = new Set(Object.values(ERRORS).map(({ status }) => status))
  const rows = [...text.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, row = '']) => row.split(', '))
  const ours = [...statuses].filter((status) => status < 500 || status >= 503).map(String)
  expect(ours.filter((status) => !rows.includes(status))).toEqual([])
})

function runLine(line: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', `exec 2>&1\n${line}`], { env }, (_error, out) => resolve(out))
  })
}
