// The calls of the ancestors change things by a plain GET: they are for those who send name and password with each of
// them, and for what their role allows.
import { afterAll, expect, test } from 'vitest'
import { startWithRoutes } from '../../helpers/web-routes.ts'
import { WebClient } from '../../helpers/web-client.ts'
import { PASSWORDS } from '../../helpers/web-server.ts'

const { web, routes } = await startWithRoutes({ settings: { legacyApi: true } })
const legacy = routes.filter(({ url }) => /^\/(?!api|metrics|assets)\w/.test(url))

afterAll(() => web.stop())

const whatIs = () => {
  return structuredClone([web.balancer.snapshot(), web.balancer.changeNumber, web.process.asked])
}

test.each(legacy)('$method $url is not for cookies, tokens and strangers', async ({ url }) => {
  const before = whatIs()
  const { client } = await web.login('alice')
  for (const each of [client, web.bearer('full'), web.stranger]) {
    const { status, headers } = await each.get(`${url}?service=web&group=main&name=a`)
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe('Basic realm="python director"')
  }
  await client.post('/api/v1/logout')
  expect(whatIs()).toEqual(before)
})

const LEGACY_QUERIES: Readonly<Record<string, string>> = {
  addHost: 'service=web&group=main&name=z&ip=10.9.9.9:80',
  delHost: 'service=web&group=main&name=a',
  delAllHosts: 'service=web&group=spare',
  enableGroup: 'service=web&group=spare',
  changeScheduler: 'service=web&group=main&scheduler=random',
  addUser: 'name=eve&password=..xpoEyRReGzk&access=full',
  delUser: 'name=bob',
  newService: 'service=evil',
  newGroup: 'service=web&group=evil',
  delGroup: 'service=web&group=spare',
  retryHost: 'service=web&group=main&name=a',
  hostAdminDown: 'service=web&group=main&name=a',
  hostAdminUp: 'service=web&group=main&name=a',
  save: '',
  closeLog: '',
}

test.each(Object.entries(LEGACY_QUERIES))(
  '/%s?%s is refused to role readonly',
  async (name, query) => {
    const before = whatIs()
    const reader = new WebClient(web.url, { authorization: basic('rita') })
    const { status, text } = await reader.get(`/${name}?${query}`)
    expect([status, text]).toEqual([403, expect.stringMatching(/^NOT OK: not allowed/)])
    expect(whatIs()).toEqual(before)
  },
)

test('every call of the ancestors that changes something was asked', () => {
  const looks = ['running', 'running.txt', 'running.xml', 'config.xml', 'stored.xml', 'status.txt']
  const names = legacy.map(({ url }) => url.slice(1)).filter((name) => !name.includes('_'))
  expect(names.toSorted()).toEqual([...Object.keys(LEGACY_QUERIES), ...looks].toSorted())
})

function basic(user: keyof typeof PASSWORDS): string {
  return `Basic ${Buffer.from(`${user}:${PASSWORDS[user]}`).toString('base64')}`
}
