// Objects that are made with all their fields in one line, things that are put in at a place, and what only force does.
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  ALICES_KEY,
  BOBS_KEY,
  contextOf,
  createStubProcess,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const { textOf } = answersIn(() => contextOf(process))

const refusalOf = async (line: string) => {
  const { exit, err } = await runLine(line, contextOf(process))
  return { exit, err }
}

const bob = () => process.balancer.users.find(({ name }) => name === 'bob')

test('a service, a group and a listener come with all their fields', async () => {
  await textOf('add service ftp --mode tcp --access-log yes')
  await textOf('add group ftp/main --scheduler sticky --connect-timeout 2s --queue 7 --proxy v1')
  await textOf("listen add ftp 127.0.0.1:21 --max-sessions 5 --allow '10.0.0.0/8, ::1' --deny ''")
  const ftp = process.balancer.service('ftp').snapshot()
  expect(ftp).toMatchObject({
    accessLog: true,
    groups: [{ scheduler: 'sticky', connectTimeoutMs: 2_000, queue: 7, proxy: 'v1' }],
    listeners: [
      { address: '127.0.0.1:21', maxSessions: 5, allow: ['10.0.0.0/8', '::1'], deny: [] },
    ],
  })
  expect(await refusalOf('add group ftp/next --queue many')).toEqual({
    exit: 2,
    err: expect.stringContaining('queue is a whole number from 0 to'),
  })
})

test('the last group of a service goes only by force, and the enabled one of several not even so', async () => {
  expect((await refusalOf('remove group web/main --force')).err).toContain(
    'enable another one first',
  )
  await textOf('remove group web/spare')
  expect((await refusalOf('remove group web/main')).exit).toBe(1)
  expect(await textOf('remove group web/main --force')).toBe('web/main: removed\n')
  expect(process.balancer.service('web').snapshot()).toMatchObject({ groups: [], enabledGroup: '' })
})

test('a check is put in front of another', async () => {
  await textOf('add check web/main tcp')
  expect(await textOf('add check web/main http --before 1')).toBe(
    'web/main: check 1 added, http every 5s\n',
  )
  expect(process.balancer.service('web').group('main').checks).toMatchObject([
    { type: 'http' },
    { type: 'tcp' },
  ])
  expect(await refusalOf('add check web/main tcp --before 3')).toEqual({
    exit: 4,
    err: expect.stringContaining('no check 3: web/main has 2 checks'),
  })
})

test('a key is put in front of another; one that lets nobody in, or is there, only by force', async () => {
  expect(bob()?.keys).toEqual([BOBS_KEY])
  await textOf(`key add bob '${ALICES_KEY}' --before 1`)
  expect(bob()?.keys).toEqual([ALICES_KEY, BOBS_KEY])
  expect((await refusalOf(`key add bob '${ALICES_KEY}'`)).exit).toBe(1)
  expect((await refusalOf('key add bob nonsense')).exit).toBe(2)
  expect((await refusalOf('key add bob nonsense --before 4 --force')).exit).toBe(4)
  expect((await refusalOf("key add bob '  ' --force")).exit).toBe(2)
  await textOf(`key add bob '${ALICES_KEY}' --force`)
  expect(await textOf('key add --force -- bob --nonsense')).toBe('user bob: added no key\n')
  expect(bob()?.keys).toEqual([ALICES_KEY, BOBS_KEY, ALICES_KEY, '--nonsense'])
})

test('what is no hash becomes a password hash only by force', async () => {
  expect((await refusalOf("user set bob passwordHash 'not a hash'")).exit).toBe(2)
  await textOf("user set bob passwordHash 'not a hash' --force")
  expect(bob()?.password).toBe('not a hash')
})

test('behind -- a value may look like a flag, also like --help', async () => {
  await textOf('set setting logging -- file --help')
  expect(process.balancer.settings.logging.file).toBe('--help')
  expect(await textOf('set setting logging --help')).toContain('an attribute of that element')
})
