// What stands in front of a key: read as OpenSSH reads it, and obeyed with the real client at the door.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAddressPatterns } from '../../../src/ssh/access/address-patterns.ts'
import { parseKeyLine } from '../../../src/ssh/access/key-line.ts'
import { type KeyOptions, parseOptions, splitOptions } from '../../../src/ssh/access/key-options.ts'
import { randomFrom, seed } from '../../helpers/seed.ts'
import { type SshBalancer, startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, type SshResult } from '../../helpers/ssh-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-options-'))
const key = makeClientKey(folder, 'key')
const other = makeClientKey(folder, 'other')
let sluice: SshBalancer

const USERS = {
  near: `from="127.0.0.0/8,!127.0.0.2" ${key.line}`,
  far: `from="10.0.0.0/8" ${key.line}`,
  denied: `from="*,!127.0.0.1" ${key.line}`,
  forced: `command="show groups --json" ${key.line}`,
  bare: `restrict ${key.line}`,
  screen: `restrict,pty ${key.line}`,
  over: `expiry-time="20200101" ${key.line}`,
  fresh: `expiry-time="29991231235959Z" ${key.line}`,
  unknown: `be-nice ${key.line}`,
  authority: `cert-authority ${key.line}`,
}

beforeAll(async () => {
  const users = Object.entries(USERS).map(([name, line]) => ({
    name,
    access: 'full' as const,
    keys: ['broken line', line, other.line],
  }))
  const twice = [`from="10.0.0.0/8" ${key.line}`, `command="show hosts" ${key.line}`]
  sluice = await startSshBalancer([...users, { name: 'twice', access: 'full', keys: twice }])
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test.each([
  ['near', 0],
  ['far', 255],
  ['denied', 255],
  ['bare', 0],
  ['over', 255],
  ['fresh', 0],
  ['unknown', 255],
  ['authority', 255],
] as const)('the key of %s ends with %d', async (user, status) => {
  expect(await as(user, ['show groups'])).toMatchObject({ status })
})

test.each(['far', 'unknown', 'over'])('another key of %s works all the same', async (user) => {
  expect(await as(user, ['show groups'], other.file)).toMatchObject({ status: 0 })
})

test('a refused line is told of with its number, at the start', () => {
  expect(sluice.log.of('ssh key refused')).toContainEqual({
    where: '<key> of user unknown, line 2',
    reason: expect.stringMatching(/no option "be-nice".*the options are restrict/),
  })
})

test.each([
  ['a command', ['stop']],
  ['a shell', []],
  ['a terminal', ['-tt']],
  ['a subsystem', ['-s', 'json-rpc']],
  ['sftp', ['-s', 'sftp']],
])('%s becomes the command that the key forces', async (_name, words) => {
  const { status, out } = await as('forced', words)
  expect(status).toBe(0)
  expect(JSON.parse(out)).toMatchObject([{ name: 'main' }])
})

test('what was asked for instead is in the log', () => {
  const asked = sluice.log.of('ssh command forced').map(({ original }) => original)
  expect(asked).toEqual(expect.arrayContaining(['stop', '', 'subsystem json-rpc']))
})

test('a key listed twice is good where one of its lines is', async () => {
  expect((await as('twice', ['show groups'])).out).toMatch(/web\/main\/a/)
})

test('a terminal is refused where the key has none, and given where it was given back', async () => {
  expect((await as('bare', ['-tt', 'show groups'])).err).toMatch(/PTY allocation request failed/)
  expect((await as('screen', ['-tt', 'show groups'])).err).not.toMatch(/PTY/)
})

test('options end at the first blank outside quotes, and a quote may be escaped', () => {
  expect(splitOptions('command="a \\"b\\" c",no-pty ssh-ed25519 AAAA')).toEqual({
    options: 'command="a \\"b\\" c",no-pty',
    rest: 'ssh-ed25519 AAAA',
  })
  expect(splitOptions('command="never closed ssh-ed25519 AAAA')).toBeUndefined()
  expect(optionsOf('command="a \\"b\\", c\\d"').restrictions.command).toBe('a "b", c\\d')
})

test('later options win over earlier ones, and names have no case', () => {
  expect(optionsOf('Restrict,PTY').restrictions).toMatchObject({ pty: true, forwarding: false })
  expect(optionsOf('pty,restrict').restrictions).toMatchObject({ pty: false })
  expect(optionsOf('permitopen="a:80",permitopen="[::1]:*"').restrictions.permitOpen).toEqual([
    'a:80',
    '[::1]:*',
  ])
  expect(optionsOf('cert-authority,principals="a, b"').principals).toEqual(['a', 'b'])
  expect(optionsOf('no-touch-required,verify-required').demands).toEqual({
    touch: false,
    verified: true,
  })
})

test.each([
  ['be-nice', /no option "be-nice"/],
  ['environment="A=b"', /no option "environment"/],
  ['__proto__', /no option/],
  ['pty,', /separated by commas without blanks/],
  [',pty', /separated by commas/],
  ['pty="x"', /takes no value/],
  ['from', /needs a value/],
  ['from="10.0.0.0/33"', /"10.0.0.0\/33" is no address/],
  ['from="10.0.0.1/8"', /names a machine within the network/],
  ['from="*.example.com"', /names are not looked up/],
  ['from="!bad.example.com,*"', /names are not looked up/],
  ['from=""', /is nothing/],
  ['from="*",from="*"', /twice/],
  ['command="a",command="b"', /twice/],
  ['expiry-time="20260631"', /YYYYMMDD/],
  ['expiry-time="202601011"', /YYYYMMDD/],
  ['expiry-time="tomorrow"', /YYYYMMDD/],
  ['permitopen="80"', /host:port/],
  ['principals="a"', /needs cert-authority/],
])('%s is refused', (text, reason) => {
  expect(parseOptions(text)).toMatch(reason)
  expect(parseKeyLine(`${text} ${key.line}`)).toMatch(/so the key is refused$/)
})

test.each([
  ['20300101Z', Date.UTC(2030, 0, 1)],
  ['203001020304Z', Date.UTC(2030, 0, 2, 3, 4)],
  ['20300102030405z', Date.UTC(2030, 0, 2, 3, 4, 5)],
  ['20300102030405', new Date(2030, 0, 2, 3, 4, 5).getTime()],
])('expiry-time %s is that moment', (text, at) => {
  expect(optionsOf(`expiry-time="${text}"`).expiresAt).toBe(at)
})

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8,!10.0.0.1', '10.0.0.1', false],
  ['!10.0.0.1', '10.0.0.2', false],
  ['10.1.*', '10.1.2.3', true],
  ['10.1.*', '10.11.2.3', false],
  ['10.1.?.3', '10.1.22.3', false],
  ['2001:db8::/32', '2001:db8:1::7', true],
  ['2001:db8::/32', '2001:db9::7', false],
  ['2001:DB8::*', '2001:db8::7', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['::1', '0:0:0:0:0:0:0:1', true],
  ['*', '', true],
  ['0.0.0.0/0', '::1', false],
])('from="%s" and the address %s: %s', (text, ip, met) => {
  const patterns = parseAddressPatterns(text)
  if (typeof patterns === 'string') throw new TypeError(patterns)
  expect(patterns.matches(ip)).toBe(met)
})

test(`random options end in options or a sentence (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const parts = [
    '"',
    '\\',
    ',',
    '=',
    ' ',
    'from',
    'pty',
    'restrict',
    '*',
    '1',
    'command',
    '\0',
    'é',
  ]
  for (let round = 0; round < 20_000; round++) {
    const length = Math.floor(random() * 12)
    const text = Array.from({ length }, () => parts[Math.floor(random() * parts.length)]).join('')
    expect(['string', 'object']).toContain(typeof parseOptions(text))
    expect(['string', 'object']).toContain(typeof parseKeyLine(`${text} ${key.line}`))
  }
})

function optionsOf(text: string): KeyOptions {
  const options = parseOptions(text)
  if (typeof options === 'string') throw new TypeError(options)
  return options
}

function as(user: string, words: readonly string[], file = key.file): Promise<SshResult> {
  const options = words.includes('-tt') ? ['LogLevel=INFO'] : []
  return ssh({ folder, port: sluice.port, user, key: file, options }, words)
}
