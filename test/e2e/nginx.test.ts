// nginx behind Sluice, asked by clients that keep their connections and by clients that do not.
import { randomBytes } from 'node:crypto'
import { Agent, get } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { startNginx } from '../helpers/nginx.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { runWrk } from '../helpers/wrk.ts'

const FILES = {
  tiny: 'hello',
  page: randomBytes(18_000),
  large: randomBytes(8 * 1024 * 1024),
}

test('pages of nginx come through byte by byte on connections that are kept', async () => {
  const nginx = await startNginx({ files: FILES })
  const sluice = await startSluice({ services: serviceOf('web', [nginx.port]) })
  const browser = keepingBrowser(sluice.portOf('web'))
  for (let round = 0; round < 100; round++) {
    expect((await browser.read('/page')).equals(FILES.page)).toBe(true)
  }
  expect((await browser.read('/large')).equals(FILES.large)).toBe(true)
  expect(await browser.read('/tiny')).toEqual(await keepingBrowser(nginx.port).read('/tiny'))
  expect(await sluice.show('hosts')).toMatchObject([{ name: 'a', total: 1, failed: 0 }])
  browser.close()
  await sluice.stop()
})

test('64 clients get page after page from three nginx without an error', async () => {
  const hosts = await Promise.all([1, 2, 3].map(() => startNginx({ files: FILES })))
  const ports = hosts.map(({ port }) => port)
  const sluice = await startSluice({ services: serviceOf('web', ports) })
  const url = `http://${sluice.addressOf('web')}/page`
  for (const newConnections of [false, true]) {
    const { requests, errors, text } = await runWrk(url, { seconds: 2, newConnections })
    expect({ errors, text }).toEqual({ errors: 0, text })
    expect(requests).toBeGreaterThan(64)
  }
  const rows = await sluice.show<{ total: number; failed: number }>('hosts')
  expect(rows.map(({ failed }) => failed)).toEqual([0, 0, 0])
  for (const { total } of rows) expect(total).toBeGreaterThan(20)
  await sluice.stop()
})

/** One connection for all requests. */
function keepingBrowser(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const close = () => agent.destroy()
  onTestFinished(close)
  const read = (path: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path, agent }, (response) => {
        buffer(response).then(resolve, reject)
      })
      request.once('error', reject)
    })
  return { read, close }
}
