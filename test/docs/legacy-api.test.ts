// docs/legacy-api.md lists the calls of the ancestors that there are, with their arguments, and no others.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LEGACY_CALLS } from '../../src/web/legacy/calls.ts'
import { LEGACY_LOOKS } from '../../src/web/legacy/looks.ts'
import { legacyRow } from '../web/legacy/doc-row.ts'

const rows = readFileSync('docs/legacy-api.md', 'utf8').match(/^\| `.*$/gm)

test('every call is a row, and every row is a call', () => {
  const calls = Object.entries({ ...LEGACY_CALLS, ...LEGACY_LOOKS })
  expect(rows).toEqual(calls.map(([name, call]) => legacyRow(name, call)))
})
