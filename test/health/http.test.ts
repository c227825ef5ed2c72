// The check over HTTP, against hosts that answer well, badly, slowly, endlessly and with nonsense.
import { describe, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import type { CheckValues } from '../../src/model/fields.ts'
import {
  checkContract,
  checkWith,
  HANGING_MS,
  sceneWith,
  subjectAt,
} from '../contracts/check-contract.ts'
import { answeringHost, httpAnswer } from '../helpers/answering-host.ts'
import { silentHost, startHost } from '../helpers/hosts.ts'
import { socketPath } from '../helpers/socket-path.ts'

describe('as every check', () => {
  checkContract({
    good: async () => sceneWith(await answeringHost(httpAnswer(200)), checkWith({ type: 'http' })),
    bad: async () => sceneWith(await answeringHost(httpAnswer(503)), checkWith({ type: 'http' })),
    hanging: async () =>
      sceneWith(await silentHost(), checkWith({ type: 'http', timeoutMs: HANGING_MS })),
  })
})

test('asks for the path, names the host and itself, and keeps nothing alive', async () => {
  const host = await answering(httpAnswer(204))
  await look(host.address, { path: '/healthz?deep=1' })
  const [question = ''] = host.questions
  expect(question.split('\r\n').slice(0, -2)).toEqual([
    'GET /healthz?deep=1 HTTP/1.1',
    `Host: ${host.address}`,
    'User-Agent: sluice-check',
    'Accept: */*',
    'Connection: close',
  ])
})

test('a host on a Unix socket is asked for localhost', async () => {
  const host = await answering(httpAnswer(200), { at: { path: socketPath() } })
  await look(host.address)
  expect(host.questions[0]).toContain('\r\nHost: localhost\r\n')
})

test.each([
  ['200-399', [200, 204, 302, 399], [199, 400, 503]],
  ['200', [200], [201, 404]],
  ['200,204,300-399', [200, 204, 300, 399], [201, 203, 400]],
])('status %s lets those in and no others', async (status, good, bad) => {
  const host = await answering('')
  for (const code of good) {
    host.answer = httpAnswer(code)
    await look(host.address, { status })
  }
  // 1xx announce an answer, they are none.
  for (const code of bad.filter((each) => each >= 200)) {
    host.answer = httpAnswer(code)
    await expect(look(host.address, { status })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      detail: `status ${code}, wanted ${status}`,
    })
  }
})

test('what is announced before the answer is passed over', async () => {
  const host = await answering(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${httpAnswer(200)}`)
  await look(host.address)
})

test('the body has to contain the text that is asked for', async () => {
  const host = await answering(httpAnswer(200, 'all is wéll today'))
  await look(host.address, { match: 'wéll' })
  await expect(look(host.address, { match: 'Well' })).rejects.toMatchObject({
    detail: 'the first 18 bytes of the body do not contain "Well"',
  })
})

test('a text that comes in two pieces is found', async () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  const host = await answering(`${chunked}5\r\nall i\r\n6\r\ns well\r\n0\r\n\r\n`)
  await look(host.address, { match: 'is well' })
})

test('a body that never ends is good as soon as the text was seen', async () => {
  const host = await startHost((socket) => {
    socket.resume()
    socket.write('HTTP/1.1 200 OK\r\n\r\nready')
  })
  onTestFinished(() => host.close())
  await look(host.address, { match: 'ready' })
})

test('no more of a body is read than the limit says', async () => {
  const limit = LIMITS.checkBodyBytesMax
  const host = await answering(httpAnswer(200, `${'x'.repeat(limit - 2)}end${'x'.repeat(limit)}`))
  await expect(look(host.address, { match: 'end' })).rejects.toMatchObject({
    detail: `the first ${limit} bytes of the body do not contain "end"`,
  })
})

test('a big body that nobody asked about is not read', async () => {
  const host = await answering(httpAnswer(200, 'x'.repeat(5_000_000)))
  await look(host.address)
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['half an answer', 'HTTP/1.1 200 O'],
  ['nothing', ''],
  ['a change of protocol', 'HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n'],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(10_000)}`],
])('%s is no HTTP answer', async (_, answer) => {
  const host = await answering(answer)
  await expect(look(host.address)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    detail: expect.stringMatching(/^no HTTP answer: /),
  })
})

test('a body that breaks off is called so', async () => {
  const host = await answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
  await expect(look(host.address, { match: 'whole' })).rejects.toMatchObject({
    detail: expect.stringMatching(/^the answer broke off: /),
  })
})

test('the PROXY header of the group comes first', async () => {
  const host = await answering(httpAnswer(200))
  await checkWith({ type: 'http' }, 'v1')(subjectAt(host.address), new AbortController().signal)
  expect(host.questions[0]).toMatch(/^PROXY TCP4 127.0.0.1 127.0.0.1 \d+ \d+\r\nGET \/ HTTP/)
})

function look(address: string, values: Partial<CheckValues> = {}): Promise<void> {
  const check = checkWith({ ...values, type: 'http' })
  return check(subjectAt(address), new AbortController().signal)
}

async function answering(...args: Parameters<typeof answeringHost>) {
  const host = await answeringHost(...args)
  onTestFinished(() => host.close())
  return host
}
