// The check that only connects.
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  checkContract,
  checkWith,
  HANGING_MS,
  sceneWith,
  subjectAt,
} from '../contracts/check-contract.ts'
import { eventually } from '../helpers/eventually.ts'
import { refusingAddress, silentHost, startHost, unansweringHost } from '../helpers/hosts.ts'
import { socketPath } from '../helpers/socket-path.ts'

const signal = new AbortController().signal

describe('as every check', () => {
  checkContract({
    good: async () => sceneWith(await silentHost(), checkWith({ type: 'tcp' })),
    bad: async () => ({
      check: checkWith({ type: 'tcp' }),
      subject: subjectAt(await refusingAddress()),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
    hanging: async () =>
      sceneWith(await unansweringHost(), checkWith({ type: 'tcp', timeoutMs: HANGING_MS })),
  })
})

test('a refused connection is called so', async () => {
  const look = checkWith({ type: 'tcp' })(subjectAt(await refusingAddress()), signal)
  await expect(look).rejects.toMatchObject({ detail: 'connection refused' })
})

test('a Unix socket is connected to, and one that is not there is called so', async () => {
  const host = await silentHost({ at: { path: socketPath() } })
  onTestFinished(() => host.close())
  await checkWith({ type: 'tcp' })(subjectAt(host.address), signal)
  const missing = checkWith({ type: 'tcp' })(subjectAt(`unix:${socketPath()}`), signal)
  await expect(missing).rejects.toMatchObject({ detail: 'no such socket' })
})

test('nothing is sent, and the connection is over when the look is', async () => {
  const { host, received } = await listeningHost()
  await checkWith({ type: 'tcp' })(subjectAt(host.address), signal)
  expect(await received).toBe('')
})

test('version 1 of the PROXY header names both real ends of the connection', async () => {
  const { host, received } = await listeningHost()
  await checkWith({ type: 'tcp' }, 'v1')(subjectAt(host.address), signal)
  const port = host.address.split(':')[1]
  expect(await received).toMatch(new RegExp(`^PROXY TCP4 127.0.0.1 127.0.0.1 \\d+ ${port}\r\n$`))
})

test('version 2 of the PROXY header says that the connection is our own', async () => {
  const { host, received } = await listeningHost()
  await checkWith({ type: 'tcp' }, 'v2')(subjectAt(host.address), signal)
  expect(Buffer.from(await received, 'latin1').toString('hex')).toBe(
    '0d0a0d0a000d0a515549540a20000000',
  )
})

/** A host that hands out all that came on its first connection. */
async function listeningHost() {
  let whole: { readonly text: string } | undefined
  const host = await startHost((socket) => {
    let sofar = ''
    socket.on('data', (chunk: Buffer) => {
      sofar += chunk.toString('latin1')
    })
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      whole = { text: sofar }
    })
  })
  onTestFinished(() => host.close())
  const received = eventually(() => whole, 'the connection is closed')
  return { host, received: received.then(({ text }) => text) }
}
