// The throttle in front of passwords over the web: whom it holds up, and whom it does not.
import { expect, test } from 'vitest'
import { LoginNotes } from '../../../src/access/login-notes.ts'
import { WEB_ACCESS_LIMITS } from '../../../src/web/access/limits.ts'
import { type PasswordAnswer, Passwords } from '../../../src/web/access/passwords.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { createStubProcess } from '../../helpers/stub-process.ts'
import { cheapHash } from '../../helpers/web-server.ts'

const RIGHT = { name: 'alice', password: 'right' }
const WRONG = { name: 'alice', password: 'wrong' }

async function start() {
  const { balancer, audit } = await createStubProcess()
  balancer.setUsers([{ name: 'alice', password: cheapHash('right') }])
  balancer.configure('ssh', { penaltyExempt: ['127.0.0.0/8', '::1', '192.0.2.0/24'] })
  const log = new RecordingLog()
  const notes = new LoginNotes('web', log, audit)
  return new Passwords({ balancer, log, notes, limits: WEB_ACCESS_LIMITS })
}

async function afterFailures(passwords: Passwords, address: string): Promise<string> {
  for (let round = 0; round < 5; round++) await passwords.judge(WRONG, address)
  return (await passwords.judge(RIGHT, address)).kind
}

test.each([
  { address: '203.0.113.9', kind: 'later' },
  { address: '2001:db8::7', kind: 'later' },
  // Through a tunnel or a proxy anybody is there.
  { address: '127.0.0.1', kind: 'later' },
  { address: '::1', kind: 'later' },
  { address: '192.0.2.7', kind: 'right' },
])('after many wrong passwords $address is told: $kind', async ({ address, kind }) => {
  expect(await afterFailures(await start(), address)).toBe(kind)
})

test('one network that is shut out is no matter of the others', async () => {
  const passwords = await start()
  expect(await afterFailures(passwords, '2001:db8::7')).toBe('later')
  expect((await passwords.judge(RIGHT, '2001:db8::8')).kind).toBe('later')
  expect((await passwords.judge(RIGHT, '2001:db8:0:1::8')).kind).toBe('right')
})

test('one address takes a few places, all together a few more, and they are given back', async () => {
  const passwords = await start()
  const seats: Promise<PasswordAnswer>[] = []
  const ask = (address: string, tries: number) => {
    for (let count = 0; count < tries; count++) seats.push(passwords.judge(RIGHT, address))
  }
  ask('203.0.113.1', 10)
  for (let host = 2; host < 20; host++) ask(`203.0.113.${host}`, 1)
  const kinds = (await Promise.all(seats)).map(({ kind }) => kind)
  const { passwordsMax, passwordsPerAddressMax } = WEB_ACCESS_LIMITS
  const looked = (some: readonly string[]) => some.filter((kind) => kind === 'right').length
  expect(looked(kinds.slice(0, 10))).toBe(passwordsPerAddressMax)
  expect(looked(kinds)).toBe(passwordsMax)
  expect((await passwords.judge(RIGHT, '203.0.113.1')).kind).toBe('right')
})
