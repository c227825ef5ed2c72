// Bytes that no counter has yet.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { openBytes, openSessions } from '../../../src/commands/answer/open-bytes.ts'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'

test('bytes of open sessions are added up for their service and their host', async () => {
  const process = await createStubProcess()
  process.sessionRows = [
    sessionRow(1, { bytesFromClient: 1, bytesFromHost: 10 }),
    sessionRow(2, { bytesFromClient: 2, bytesFromHost: 20 }),
    sessionRow(3, { bytesFromClient: 4, bytesFromHost: 40, host: 'b' }),
    sessionRow(4, { bytesFromClient: 8, bytesFromHost: 80, host: '' }),
    sessionRow(5, { bytesFromClient: 16, bytesFromHost: 160, service: 'gone' }),
  ]
  const open = openBytes(process, 100)
  const { a } = process.balancer.service('web').group('main').hosts
  expect(open.complete).toBe(true)
  expect(open.of('web')).toEqual({ bytesFromClient: 15, bytesFromHost: 150 })
  expect(open.of(a?.id ?? 0)).toEqual({ bytesFromClient: 3, bytesFromHost: 30 })
  expect(open.of('mail')).toEqual({ bytesFromClient: 0, bytesFromHost: 0 })
})

test('where there are too many sessions to look at, none is looked at and none counts', async () => {
  const process = await createStubProcess()
  process.sessionRows = [1, 2, 3].map((id) => sessionRow(id))
  expect(openBytes(process, 4)).toMatchObject({ complete: true })
  expect(openBytes(process, 4).of('web')).toEqual({ bytesFromClient: 30, bytesFromHost: 60 })
  process.sessions = () => {
    throw new Error('they are looked at')
  }
  const open = openBytes(process, 3)
  expect(open.complete).toBe(false)
  expect(open.of('web')).toEqual({ bytesFromClient: 0, bytesFromHost: 0 })
})

test('the list of sessions is bounded', async () => {
  const process = await createStubProcess()
  process.sessionRows = Array.from({ length: LIMITS.topSessionsMax + 1 }, (_, id) =>
    sessionRow(id + 1),
  )
  expect(openSessions(process)).toHaveLength(LIMITS.topSessionsMax)
})
