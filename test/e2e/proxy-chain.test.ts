// Two Sluices in a row in front of nginx: the PROXY header carries the real client through both.
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { connectTo } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { startNginx } from '../helpers/nginx.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'

const PAGE = 'x'.repeat(18_000)
const REQUEST = 'GET /page HTTP/1.1\r\nHost: test\r\n\r\n'

test('the real client is known behind two Sluices, to the second one and to nginx', async () => {
  const nginx = await startNginx({
    files: { page: PAGE },
    listen: 'proxy_protocol',
    server: 'add_header X-Client $proxy_protocol_addr:$proxy_protocol_port;',
  })
  const second = await startSluice({
    services: serviceOf('inner', [nginx.port], { door: 'proxy="require" ', group: 'proxy="v1"' }),
  })
  const first = await startSluice({
    services: serviceOf('outer', [second.portOf('inner')], { group: 'proxy="v2"' }),
  })

  const client = await connectTo(first.addressOf('outer'))
  const real = `127.0.0.1:${(client.socket.address() as AddressInfo).port}`
  let answer = ''
  client.socket.on('data', (piece: Buffer) => (answer += piece.toString()))
  client.socket.write(REQUEST)
  await eventually(() => answer.endsWith(PAGE.slice(-1)) && answer.length > PAGE.length, 'the page')
  expect(answer).toContain(`X-Client: ${real}\r\n`)
  expect(digestOf(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toBe(digestOf(PAGE))
  for (const sluice of [first, second]) {
    expect(await sluice.show('sessions')).toMatchObject([{ client: real, step: 'relaying' }])
  }

  client.socket.end()
  await client.closed()
  await first.stop()
  await second.stop()
})

test('who comes to the second one without a header is sent away', async () => {
  const nginx = await startNginx()
  const inner = await startSluice({
    services: serviceOf('inner', [nginx.port], { door: 'proxy="require" ' }),
  })
  const client = await connectTo(inner.addressOf('inner'))
  client.socket.write(REQUEST)
  expect((await client.received()).toString()).toBe('')
  client.socket.destroy()
  expect(await inner.show('hosts')).toMatchObject([{ total: 0, failed: 0 }])
  await inner.stop()
})

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
