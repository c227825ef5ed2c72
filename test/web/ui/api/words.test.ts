// The page imports nothing of the rest, so it has some lists a second time. Here both are held together.
import { expect, test } from 'vitest'
import { AUDIT_EVENTS } from '../../../../src/audit/line.ts'
import { ERRORS } from '../../../../src/base/errors.ts'
import { LOG_LEVELS } from '../../../../src/base/log.ts'
import { COMMANDS } from '../../../../src/commands/table.ts'
import {
  CHECK_FIELDS,
  GROUP_FIELDS,
  HOST_INTENTS,
  LISTENER_FIELDS,
  OPERATOR_ROLES,
  USER_PROOFS,
} from '../../../../src/model/fields.ts'
import { HOST_HEALTHS } from '../../../../src/model/host.ts'
import { SCHEDULER_NAMES } from '../../../../src/model/scheduler-names.ts'
import * as words from '../../../../src/web/ui/api/words.ts'
import { AUDIT_EVENTS as SHOWN_EVENTS } from '../../../../src/web/ui/views/audit/audit-line.ts'
import { LOG_LEVELS as SHOWN_LEVELS } from '../../../../src/web/ui/views/log/log-line.ts'
import {
  CHECK_FIELDS as SHOWN_CHECK_FIELDS,
  STANDARD,
} from '../../../../src/web/ui/views/service/check-text.ts'

test.each([
  ['roles', words.ROLES, OPERATOR_ROLES],
  ['intents', words.INTENTS, HOST_INTENTS],
  ['healths', words.HEALTHS, HOST_HEALTHS],
  ['proofs', words.PROOFS, USER_PROOFS],
  ['kinds of checks', words.CHECK_TYPES, wordsOf(CHECK_FIELDS.type)],
  ['headers of clients', words.LISTENER_PROXIES, wordsOf(LISTENER_FIELDS.proxy)],
  ['headers for hosts', words.GROUP_PROXIES, wordsOf(GROUP_FIELDS.proxy)],
  ['levels of the log', SHOWN_LEVELS, LOG_LEVELS],
  ['events of the audit log', SHOWN_EVENTS, AUDIT_EVENTS],
])('%s are the same, in the same order', (_, shown, known) => {
  expect(shown).toEqual(known)
})

test('every scheduler is offered', () => {
  expect([...words.SCHEDULERS].sort()).toEqual([...SCHEDULER_NAMES].sort())
  expect(words.SCHEDULERS[0]).toBe(GROUP_FIELDS.scheduler.standard)
})

test('a check can be set up in all of its fields, beginning with the standard ones', () => {
  const fields = Object.values(CHECK_FIELDS).map(({ attribute }) => attribute)
  expect(['type', ...SHOWN_CHECK_FIELDS.map(({ name }) => name)].sort()).toEqual(fields.sort())
  const standard = Object.entries(CHECK_FIELDS).map(([name, field]) => [name, field.standard])
  expect(STANDARD).toEqual(Object.fromEntries(standard))
})

test('what a drain may end in is what the page offers', () => {
  const drain = COMMANDS.find(({ words: all }) => all.join(' ') === 'drain host')
  for (const then of ['disable', 'remove', 'kill'])
    expect(drain?.flags['then']?.kind?.accepts).toContain(then)
})

test('a problem that the page makes by itself has the words of the server', () => {
  expect(ERRORS.CHANGED_MEANWHILE).toMatchObject({
    status: 412,
    summary: 'somebody changed it meanwhile',
  })
})

function wordsOf({ form }: { readonly form: object }): unknown {
  return 'words' in form ? form.words : undefined
}
