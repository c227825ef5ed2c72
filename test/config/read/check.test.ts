// What `sluice check FILE` tells.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkFile, exitOf, formatCheckReport } from '../../../src/config/read/check.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

test('a good file is counted', async () => {
  const report = await checkFile('etc/config.xml')
  expect(formatCheckReport(report)).toEqual(['ok: 1 service, 1 group, 3 hosts'])
  expect(exitOf(report)).toBe(0)
})

test('warnings are told and do not refuse', async () => {
  const report = await checkFile('etc/examples/pythondirector-style.xml')
  const lines = formatCheckReport(report)
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(
    /^etc\/examples\/pythondirector-style\.xml:25:24: warning: password of alice/,
  )
  expect(lines[2]).toBe('ok: 2 services, 4 groups, 6 hosts, 2 warnings')
  expect(exitOf(report)).toBe(0)
})

test('a key that lets nobody in is told with its place, when somebody knows keys', async () => {
  const keys = '<key>good one</key>\n  <key>\n bad one\n</key>'
  const file = join(await temporaryFolder(), 'keys.xml')
  await writeFile(file, `<config><admin><user name="a">${keys}</user></admin></config>`)
  const report = await checkFile(file, (line) => (line === 'bad one' ? 'it is bad' : undefined))
  expect(formatCheckReport(report)).toEqual([
    `${file}:2:3: warning: <key> lets nobody in: it is bad`,
    'ok: 0 services, 0 groups, 0 hosts, 1 warning',
  ])
  expect((await checkFile(file)).warnings).toEqual([])
})

test('an operator who has no password and needs one is told', async () => {
  const file = join(await temporaryFolder(), 'auth.xml')
  const users = '<user name="a" auth="publickey+password" /><user name="b" auth="publickey" />'
  await writeFile(file, `<config><admin>${users}</admin></config>`)
  expect((await checkFile(file)).warnings).toMatchObject([
    { message: 'a cannot log in: auth="publickey+password" needs a password, and there is none' },
  ])
})

test('faults are told and refuse', async () => {
  const report = await checkFile('test/config/read/broken/exec-without-command.xml')
  expect(formatCheckReport(report).at(-1)).toBe('does not load: 2 faults, 1 warning')
  expect(exitOf(report)).toBe(1)
})

test('as JSON a fault says file, line, column and message apart', async () => {
  const file = 'test/config/read/broken/weight-not-a-number.xml'
  expect(JSON.parse(JSON.stringify(await checkFile(file)))).toEqual({
    file,
    ok: false,
    services: 0,
    groups: 0,
    hosts: 0,
    faults: [
      {
        severity: 'fault',
        file,
        line: 5,
        column: 42,
        message: 'weight is a whole number from 0 to 256, got "x"',
      },
    ],
    warnings: [],
  })
})

test('a file that is not there or cannot be read is a fault like any other', async () => {
  const folder = await temporaryFolder()
  expect(formatCheckReport(await checkFile(join(folder, 'none.xml')))).toEqual([
    `${folder}/none.xml:1:1: there is no such file`,
    'does not load: 1 fault',
  ])
  expect((await checkFile(folder)).faults[0]?.message).toContain('EISDIR')
  await writeFile(join(folder, 'latin'), Buffer.from([0xe9]))
  expect((await checkFile(join(folder, 'latin'))).ok).toBe(false)
})
