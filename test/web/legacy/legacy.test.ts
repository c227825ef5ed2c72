// What the ancestors' scripts call, replayed: each row is a call as they write it, and what comes of it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunningWeb, startWeb, PASSWORDS } from '../../helpers/web-server.ts'
import type { Headers } from '../../helpers/web-client.ts'

let web: RunningWeb

beforeEach(async () => {
  web = await startWeb({ settings: { legacyApi: true } })
})

afterEach(async () => {
  await web.stop()
})

function by(user: keyof typeof PASSWORDS, password: string = PASSWORDS[user]): Headers {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

function hostsOf(group: string): readonly string[] {
  const [service = '', name = ''] = group.split('/')
  return web.balancer
    .service(service)
    .group(name)
    .hostList.map((host) => host.name)
}

const GOOD: readonly (readonly [
  call: string,
  message: RegExp,
  done: () => unknown,
  is: unknown,
])[] = [
  [
    '/addHost?service=web&group=main&name=d&ip=10.0.0.9:80',
    /web\/main\/d: added/,
    () => hostsOf('web/main'),
    ['a', 'b', 'c', 'd'],
  ],
  [
    '/addHost?IP=10.0.0.9%3A80&Name=d&GROUP=main&Service=web',
    /added/,
    () => hostsOf('web/main').length,
    4,
  ],
  [
    '/delHost?service=web&group=main&ip=10.0.0.2:80',
    /web\/main\/b: removed/,
    () => hostsOf('web/main'),
    ['a', 'c'],
  ],
  ['/delHost?service=web&group=main&name=c', /removed/, () => hostsOf('web/main'), ['a', 'b']],
  [
    '/delHost?service=web&group=spare&ip=spare.example:80',
    /removed/,
    () => hostsOf('web/spare'),
    [],
  ],
  ['/delAllHosts?service=web&group=spare', /removed/, () => hostsOf('web/spare'), []],
  [
    '/enableGroup?service=web&group=spare',
    /main -> spare/,
    () => web.balancer.service('web').enabledGroup,
    'spare',
  ],
  [
    '/changeScheduler?service=web&group=main&scheduler=leastc',
    /leastconnsrr/,
    () => web.balancer.service('web').group('main').scheduler,
    'leastconnsrr',
  ],
  [
    '/addUser?name=carol&password=..xpoEyRReGzk&access=readonly',
    /carol: added/,
    () => web.balancer.users.find(({ name }) => name === 'carol'),
    expect.objectContaining({ access: 'readonly', password: '..xpoEyRReGzk' }),
  ],
  [
    '/delUser?name=bob',
    /bob: removed/,
    () => web.balancer.users.map(({ name }) => name),
    ['alice', 'rita'],
  ],
  [
    '/newService?service=ftp',
    /ftp: added/,
    () => web.balancer.service('ftp').listenerList.length,
    0,
  ],
  [
    '/newService?service=ftp&ip=127.0.0.1:2121',
    /added/,
    () => web.balancer.service('ftp').listenerList.length,
    1,
  ],
  ['/newGroup?service=mail&group=new', /added/, () => hostsOf('mail/new'), []],
  [
    '/newGroup?service=mail&group=new&scheduler=random',
    /added/,
    () => web.balancer.service('mail').group('new').scheduler,
    'random',
  ],
  [
    '/delGroup?service=web&group=spare',
    /removed/,
    () => web.balancer.service('web').groupList.length,
    1,
  ],
  ['/retryHost?service=web&group=main&ip=10.0.0.1:80', /answered/, () => true, true],
  [
    '/hostAdminDown?service=web&group=main&ip=10.0.0.1:80',
    /disabled/,
    () => web.balancer.service('web').group('main').host('a').intent,
    'disabled',
  ],
  ['/hostAdminUp?service=web&group=main&name=a', /enabled/, () => true, true],
  ['/save', /config\.xml/, () => web.process.asked, ['save']],
  [
    '/addHost?service=web&group=spare&name=a+b%20c&ip=10.0.0.9:80',
    /a\+b c/,
    () => hostsOf('web/spare'),
    ['s', 'a+b c'],
  ],
  ['/closeLog', /config\.xml/, () => true, true],
]

test.each(GOOD)('%s is done', async (call, message, done, is) => {
  const { status, headers, text } = await web.stranger.get(call, by('alice'))
  expect([status, text]).toEqual([302, 'OK'])
  const { pathname, searchParams } = new URL(String(headers.location), web.url)
  expect(pathname).toBe('/running')
  expect(searchParams.get('resultMessage')).toMatch(message)
  expect(done()).toEqual(is)
  expect((await web.stranger.get(String(headers.location), by('alice'))).status).toBe(200)
})

const BAD: readonly (readonly [call: string, status: number, reason: string])[] = [
  ['/addHost?service=web&group=main&name=d', 400, 'missing arg(s): ip'],
  ['/addHost', 400, 'missing arg(s): service, group, name, ip'],
  ['/addHost?service=web&group=&name=d&ip=1.2.3.4:5', 400, 'missing arg(s): group'],
  ['/addHost?service', 400, 'service has no value'],
  ['/addHost?service=%ff', 400, 'not %-encoded'],
  [
    '/addHost?service=web&group=main&name=d&ip=10.0.0.9:80&color=red',
    400,
    'no argument of this call: color',
  ],
  ['/addHost?service=nope&group=main&name=d&ip=10.0.0.9:80', 404, 'nope'],
  ['/addHost?service=web&group=nope&name=d&ip=10.0.0.9:80', 404, 'nope'],
  ['/addHost?service=web&group=main&name=a&ip=10.0.0.9:80', 409, 'already in use'],
  ['/addHost?service=web&group=main&name=d&ip=nowhere', 422, 'not accepted'],
  ['/addHost?service=web&group=main/a&name=d&ip=10.0.0.9:80', 422, 'a name has no /'],
  ['/delHost?service=web&group=main', 400, 'missing arg(s): ip or name'],
  ['/delHost?service=web&group=main&ip=10.9.9.9:80', 404, 'no host at 10.9.9.9:80'],
  ['/delHost?service=nope&group=main&ip=10.0.0.1:80', 404, 'nope'],
  ['/delAllHosts?service=web&group=main', 409, 'web/main'],
  ['/enableGroup?service=web&group=nope', 404, 'nope'],
  ['/enableGroup?service=nope&group=main', 404, 'nope'],
  ['/changeScheduler?service=web&group=main&scheduler=best', 422, 'best'],
  ['/addUser?name=bob&password=..xpoEyRReGzk&access=full', 409, 'bob'],
  ['/addUser?name=carol&password=plain&access=full', 422, 'sluice passwd'],
  ['/addUser?name=carol&password=..xpoEyRReGzk&access=some', 422, 'some'],
  ['/delUser?name=nobody', 404, 'nobody'],
  ['/delUser?name=alice', 409, 'nobody would be left'],
  ['/newService?service=web', 409, 'web'],
  ['/newService?service=ftp&ip=127.0.0.1:9', 409, '127.0.0.1:9'],
  ['/delGroup?service=web&group=main', 409, 'main'],
  ['/running?colour=1', 400, 'colour'],
]

test.each(BAD)('%s is refused with %i', async (call, status, reason) => {
  const before = JSON.stringify(web.balancer.snapshot())
  const answer = await web.stranger.get(call, by('alice'))
  expect(answer.status).toBe(status)
  expect(answer.text).toMatch(/^NOT OK: /)
  expect(answer.text).toContain(reason)
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(JSON.stringify(web.balancer.snapshot())).toBe(before)
})

test('the last host of the enabled group stays, that of another one goes', async () => {
  for (const ip of ['10.0.0.1:80', '10.0.0.2:80'])
    await web.stranger.get(`/delHost?service=web&group=main&ip=${ip}`, by('alice'))
  const last = '/delHost?service=web&group=main&ip=10.0.0.3:80'
  expect(await web.stranger.get(last, by('alice'))).toMatchObject({ status: 409 })
  expect(hostsOf('web/main')).toEqual(['c'])
})

test('of several hosts at one address the name tells which is meant', async () => {
  web.balancer.service('web').group('main').addHost('d', '10.0.0.1:80')
  const call = '/delHost?service=web&group=main&ip=10.0.0.1:80'
  const { status, text } = await web.stranger.get(call, by('alice'))
  expect([status, text]).toEqual([409, expect.stringContaining('one of a, d')])
})

describe('who may', () => {
  const CALL = '/addHost?service=web&group=main&name=d&ip=10.0.0.9:80'

  test('full and operate change, readonly only looks', async () => {
    expect(await web.stranger.get(CALL, by('rita'))).toMatchObject({ status: 403 })
    expect(hostsOf('web/main')).not.toContain('d')
    expect(await web.stranger.get('/running.txt', by('rita'))).toMatchObject({ status: 200 })
    expect(await web.stranger.get('/save', by('rita'))).toMatchObject({ status: 403 })
    expect(await web.stranger.get(CALL, by('bob'))).toMatchObject({ status: 302 })
    const user = '/addUser?name=carol&password=..xpoEyRReGzk&access=full'
    expect(await web.stranger.get(user, by('bob'))).toMatchObject({ status: 403 })
  })

  test.each(['', 'Basic', 'Basic %%%', 'Basic YWxpY2U=', 'Digest x', 'Basic YWxpY2U6d3Jvbmc='])(
    'nobody without name and password: %j',
    async (authorization) => {
      const { status, headers } = await web.stranger.get(CALL, { authorization })
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toBe('Basic realm="python director"')
      expect(hostsOf('web/main')).not.toContain('d')
    },
  )

  test('a log-in of the page and a token are not enough: any page could send them along', async () => {
    const { client } = await web.login('alice')
    for (const call of [CALL, '/running', '/save']) {
      expect(await client.get(call)).toMatchObject({ status: 401 })
      expect((await web.bearer('full').get(call)).status).toBe(401)
    }
    expect(await client.get(CALL, by('alice'))).toMatchObject({ status: 302 })
  })

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ])('nobody whose browser was sent by a foreign page: %j', async (headers: Headers) => {
    const answer = await web.stranger.get(CALL, { ...by('alice'), ...headers })
    expect(answer.status).toBe(403)
    expect(hostsOf('web/main')).not.toContain('d')
  })

  test('what was done is in the audit log, with whose password it was, and without it', async () => {
    await web.stranger.get('/addUser?name=carol&password=..xpoEyRReGzk&access=full', by('alice'))
    const lines = JSON.stringify(web.process.audit.lines())
    expect(lines).toContain('user add carol')
    expect(lines).toContain('"operator":"alice"')
    expect(lines).not.toContain('xpoEyRReGzk')
  })

  test('a change by other methods is not there', async () => {
    expect((await web.stranger.post(CALL, '', by('alice'))).status).toBe(404)
    expect(hostsOf('web/main')).not.toContain('d')
  })
})

describe('what is told', () => {
  test('running.txt is line for line what scripts read', async () => {
    const main = web.balancer.service('web').group('main')
    main.host('b').setHealth('down', 'the host refused the connection')
    main.host('c').disable()
    const { text, headers } = await web.stranger.get('/running.txt?verbose=1', by('rita'))
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text).toBe(
      [
        'service web 127.0.0.1:8080 main',
        'group main enabled',
        'host a 10.0.0.1:80 0 -',
        'disabled b 10.0.0.2:80 the_host_refused_the_connection -',
        'disabled c 10.0.0.3:80 disabled -',
        'group spare inactive',
        'host s spare.example:80 0 -',
        '',
      ].join('\n'),
    )
    expect((await web.stranger.get('/running_txt', by('rita'))).text).toBe(text)
  })

  test('a message on the page stays text', async () => {
    const evil = '<script>alert(1)</script>"\'&'
    const call = `/running?resultMessage=${encodeURIComponent(evil)}`
    const { text, headers } = await web.stranger.get(call, by('rita'))
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).not.toContain('<script')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(text).toContain('10.0.0.1:80')
  })

  test('a name that is markup stays text', async () => {
    const name = '<script>alert(1)<-script>'
    const call = `/addHost?service=web&group=main&name=${encodeURIComponent(name)}&ip=10.0.0.9:80`
    const done = await web.stranger.get(call, by('alice'))
    expect(done.status).toBe(302)
    const { text } = await web.stranger.get(String(done.headers.location), by('alice'))
    expect(text).not.toContain('<script')
    expect(text).toContain('<td>&lt;script&gt;alert(1)&lt;-script&gt;</td>')
    const { text: xml } = await web.stranger.get('/running.xml', by('alice'))
    expect(xml).toContain('name="&lt;script&gt;')
  })

  test('a reason that a host gave stays text on the page, and one word in the lines', async () => {
    const { hosts } = web.balancer.service('web').group('main')
    hosts['a']?.setHealth('down', '<img src=x onerror=alert(1)>\nservice fake')
    const page = await web.stranger.get('/running', by('rita'))
    expect(page.text).not.toContain('<img')
    const { text } = await web.stranger.get('/running.txt', by('rita'))
    expect(text).not.toMatch(/^service fake/m)
  })

  test.each(['/config.xml', '/stored.xml', '/running.xml', '/status.txt'])(
    '%s has no hash of a password for who may only look',
    async (path) => {
      const { status, text, headers } = await web.stranger.get(path, by('rita'))
      expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
      expect(text).not.toContain('scrypt')
      expect(text.length).toBeGreaterThan(5)
    },
  )

  test('status.txt says how it stands', async () => {
    const { text } = await web.stranger.get('/status.txt', by('rita'))
    expect(text).toMatch(
      /^version 1\.2\.3\nengine node\nuptime \d+\nservices 2\nsessions 0\nunsaved -\n$/,
    )
  })
})

test('all of it is off where the document does not say otherwise, and on at once where it does', async () => {
  web.balancer.configure('web', { legacyApi: false })
  for (const path of ['/running', '/running.txt', '/save', '/addHost?service=web']) {
    const answer = await web.stranger.get(path, { ...by('alice'), accept: 'text/html' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  }
  web.balancer.configure('web', { legacyApi: true })
  expect((await web.stranger.get('/running', by('alice'))).status).toBe(200)
})
