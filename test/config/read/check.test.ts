// What `sluice check FILE` tells.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type CheckOptions,
  checkFile as checkWith,
  exitOf,
  formatCheckReport,
} from '../../../src/config/read/check.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

// Every name resolves, unless a test says otherwise.
function checkFile(file: string, options: CheckOptions = {}) {
  return checkWith(file, { lookup: async () => '10.0.0.1', ...options })
}

test('a good file is counted', async () => {
  const report = await checkFile('etc/config.xml')
  expect(formatCheckReport(report)).toEqual(['ok: 1 service, 1 group, 3 hosts'])
  expect(exitOf(report)).toBe(0)
})

test('warnings are told and do not refuse', async () => {
  const report = await checkFile('etc/examples/pythondirector-style.xml')
  const lines = formatCheckReport(report)
  expect(lines).toHaveLength(4)
  expect(lines[0]).toContain(':20:5: warning: group random has one host: when a fails there is no')
  expect(lines[1]).toMatch(
    /^etc\/examples\/pythondirector-style\.xml:25:24: warning: password of alice/,
  )
  expect(lines[3]).toBe('ok: 2 services, 4 groups, 6 hosts, 3 warnings')
  expect(exitOf(report)).toBe(0)
})

test('with --strict a warning refuses, and a file without one passes', async () => {
  const report = await checkFile('etc/examples/pythondirector-style.xml', { strict: true })
  expect(formatCheckReport(report).at(-1)).toBe(
    'loads, and --strict refuses it for its warnings: 2 services, 4 groups, 6 hosts, 3 warnings',
  )
  expect(exitOf(report)).toBe(1)
  expect(report).toMatchObject({ ok: true, strict: true })
  expect(exitOf(await checkFile('etc/config.xml', { strict: true }))).toBe(0)
})

test('a name that does not resolve is told where it stands first, with the answer of the resolver', async () => {
  const lookup = (name: string) =>
    name === 'ns2.example'
      ? Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
      : Promise.resolve('10.0.0.1')
  const { warnings } = await checkFile('etc/examples/txloadbalancer-style.xml', { lookup })
  expect(warnings.filter(({ message }) => message.includes('resolve'))).toMatchObject([
    {
      line: 26,
      column: 22,
      message: 'ns2.example does not resolve: the resolver says ENOTFOUND, there is no such name',
    },
  ])
})

test('a resolver that never answers holds the check up for its time and no longer', async () => {
  const lookup = () => new Promise(() => {})
  const options = { lookup, withinMs: 20 }
  const { warnings } = await checkFile('etc/examples/txloadbalancer-style.xml', options)
  expect(warnings.filter(({ message }) => message.includes('no answer within 20 ms'))).toHaveLength(
    4,
  )
})

test('so many names are looked up, and so many at once', async () => {
  const most = LIMITS.checkNamesMax
  const hosts = Array.from({ length: most + 5 }, (_, index) => `<host ip="h${index}.example:1"/>`)
  const text = `<config><service name="s"><listen ip=":1"/><group name="g" enable="1">${hosts.join('\n')}</group></service></config>`
  const file = join(await temporaryFolder(), 'names.xml')
  await writeFile(file, text)
  let [asked, now, together] = [0, 0, 0]
  const lookup = async () => {
    asked++
    together = Math.max(together, ++now)
    await new Promise(setImmediate)
    now--
  }
  const { warnings } = await checkFile(file, { lookup })
  expect([asked, together]).toEqual([most, LIMITS.checkLookupsAtOnceMax])
  expect(warnings.map(({ line, message }) => [line, message])).toEqual([
    [most + 1, '5 names from here on were not looked up: 1000 are, the most for one check'],
  ])
})

test('a key that lets nobody in is told with its place, when somebody knows keys', async () => {
  const keys = '<key>good one</key>\n  <key>\n bad one\n</key>'
  const file = join(await temporaryFolder(), 'keys.xml')
  await writeFile(file, `<config><admin><user name="a">${keys}</user></admin></config>`)
  const report = await checkFile(file, {
    faultOfKey: (line) => (line === 'bad one' ? 'it is bad' : undefined),
  })
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
    strict: false,
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
  expect((await checkFile(folder)).faults[0]?.message).toContain('not a regular file')
  await writeFile(join(folder, 'latin'), Buffer.from([0xe9]))
  expect((await checkFile(join(folder, 'latin'))).ok).toBe(false)
})
