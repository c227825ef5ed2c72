// Key files: what is made can be read back, by us and by OpenSSH; what is unsafe is refused with its cure.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keysOfUser } from '../../../src/ssh/access/authorized-keys.ts'
import { parseKeyLine } from '../../../src/ssh/access/key-line.ts'
import { makeOperatorKey, newKeyPair } from '../../../src/ssh/access/keys.ts'
import { makeClientKey } from '../../helpers/ssh-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('an operator key works with OpenSSH and is never overwritten', async () => {
  const keys = join(folder, 'keys')
  const made = await makeOperatorKey('alice', keys)
  expect(statSync(made.file).mode & 0o777).toBe(0o600)
  const [type, data] = readFileSync(made.publicFile, 'utf8').split(' ')
  expect(keygen('-yf', made.file)).toContain(`${type} ${data}`)
  expect(keygen('-lf', made.publicFile)).toContain(made.fingerprint)
  await expect(makeOperatorKey('alice', keys)).rejects.toMatchObject({ code: 'REFUSED' })
  await expect(makeOperatorKey('../alice', keys)).rejects.toMatchObject({ code: 'NAME_BAD' })
})

test('a thousand new keys can all be read, where ssh2 alone breaks one in 256', () => {
  for (let round = 0; round < 1_000; round++) {
    expect(typeof parseKeyLine(newKeyPair('round').public)).toBe('object')
  }
})

test.each([
  ['ed25519', ['-t', 'ed25519']],
  ['ecdsa 256', ['-t', 'ecdsa', '-b', '256']],
  ['ecdsa 384', ['-t', 'ecdsa', '-b', '384']],
  ['ecdsa 521', ['-t', 'ecdsa', '-b', '521']],
  ['rsa 2048', ['-t', 'rsa', '-b', '2048']],
])('a line with a key of the kind %s is taken', (name, how) => {
  const { line } = makeClientKey(folder, name.replace(' ', '-'), ...how)
  expect(parseKeyLine(line)).toMatchObject({ fingerprint: expect.stringMatching(/^SHA256:/) })
})

test('lines that cannot be taken as they stand say why', () => {
  const { line } = makeClientKey(folder, 'plain')
  const short = makeClientKey(folder, 'short', '-t', 'rsa', '-b', '1024').line
  expect(parseKeyLine(`nonsense ${line}`)).toMatch(/no option "nonsense".* the key is refused/)
  expect(parseKeyLine(short)).toMatch(/from 2048 to 8192 bits, this one has 1024/)
  expect(parseKeyLine(line.replace('ed25519', 'rsa'))).toEqual(expect.any(String))
  expect(parseKeyLine(line.slice(0, 40))).toEqual(expect.any(String))
  expect(parseKeyLine('hello')).toMatch(/the types are ssh-ed25519/)
})

test('keys come from the configuration and from NAME.pub, which nobody else may write', async () => {
  const [first, second] = [makeClientKey(folder, 'one'), makeClientKey(folder, 'two')]
  const keys = mkdtempSync(join(folder, 'users-'))
  const file = join(keys, 'bob.pub')
  const user = { name: 'bob', keys: [first.line, 'broken'] }
  const faults: string[] = []
  const count = async () =>
    (await keysOfUser(user, keys, (where, reason) => faults.push(`${where}: ${reason}`))).length
  expect(await count()).toBe(1)
  expect(faults).toEqual([expect.stringMatching(/^<key> of user bob, line 2: /)])
  writeFileSync(file, `# comment\n\n${second.line}\n`, { mode: 0o644 })
  expect(await count()).toBe(2)
  chmodSync(file, 0o664)
  expect(await count()).toBe(1)
  expect(faults.at(-1)).toMatch(/others may write to it; run chmod go-w/)
})

function keygen(...args: string[]): string {
  return execFileSync('ssh-keygen', args, { encoding: 'utf8' })
}
