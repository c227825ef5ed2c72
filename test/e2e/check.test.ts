// `sluice check`: the files of the ancestors load, and what is broken is explained with its place.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runSluice } from '../helpers/built-sluice.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLES = 'etc/examples'
const BROKEN = 'test/config/read/broken'

/** Ten broken files and a part of what an operator is told about each: what is accepted, or what to do. */
const TOLD = {
  'admin-twice.xml': 'one is accepted',
  'ampersand.xml': 'write &amp;',
  'doctype.xml': 'remove it',
  'empty.xml': 'a document is <config>',
  'enabled-group-unknown.xml': 'did you mean main?',
  'missing-attributes.xml': 'ip:port, [ipv6]:port, name:port or unix:/path',
  'no-enabled-group.xml': 'say enable="true"',
  'several-faults.xml': 'accepted: name, ip, weight, state, maxSessions',
  'weight-not-a-number.xml': 'a whole number from 0 to 256',
  'wrong-root.xml': '<config> or <pdconfig>',
} as const

test.each([
  'etc/config.xml',
  ...readdirSync(`${ROOT}/${EXAMPLES}`).map((name) => `${EXAMPLES}/${name}`),
])('%s is accepted', async (file) => {
  const { status, out, err } = await runSluice(['check', file], { folder: ROOT })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^ok: \d+ services?, \d+ groups?, \d+ hosts?/m)
})

test.each(Object.entries(TOLD))('%s is refused with its place and: %s', async (name, told) => {
  const file = `${BROKEN}/${name}`
  const { status, out, err } = await runSluice(['check', file], { folder: ROOT })
  expect({ status, err }).toEqual({ status: 1, err: '' })
  const lines = out.trimEnd().split('\n')
  expect(lines.pop()).toMatch(/^does not load: \d+ faults?/)
  for (const line of lines) expect(line).toMatch(new RegExp(`^${file}:\\d+:\\d+: \\S`))
  expect(out).toContain(told)
})

test('a broken file is not started from either, and the refusal is the same', async () => {
  const file = `${BROKEN}/weight-not-a-number.xml`
  const { status, out, err } = await runSluice(['run', '--config', file], { folder: ROOT })
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toContain(`${file}:5:42: weight is a whole number from 0 to 256, got "x"`)
  expect(err).not.toMatch(/^ +at /m)
})

test('what check says can be read by a script', async () => {
  const file = `${BROKEN}/several-faults.xml`
  const { status, out } = await runSluice(['check', '--json', file], { folder: ROOT })
  expect(status).toBe(1)
  const { ok, faults } = JSON.parse(out) as { ok: boolean; faults: object[] }
  expect(ok).toBe(false)
  expect(faults[0]).toMatchObject({ file, line: 3, column: 13 })
})

test('with --strict a warning is refused, too', async () => {
  const [good, warned] = ['etc/config.xml', `${EXAMPLES}/pythondirector-style.xml`]
  expect(await runSluice(['check', '--strict', warned], { folder: ROOT })).toMatchObject({
    status: 1,
    out: expect.stringContaining('loads, and --strict refuses it for its warnings'),
    err: '',
  })
  const { out } = await runSluice(['check', good], { folder: ROOT })
  const { status } = await runSluice(['check', '--strict', good], { folder: ROOT })
  // Whether anybody can log in depends on the keys that are in this folder.
  expect(status).toBe(out.includes('warning') ? 1 : 0)
})
