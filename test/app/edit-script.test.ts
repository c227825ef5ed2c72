// The commands that turn one configuration into another: what is printed for what people do to their files.
import { expect, test } from 'vitest'
import { editScript, linesOfScript } from '../../src/app/edit-script/script.ts'
import { listEdits } from '../../src/app/edit-script/list-edits.ts'
import { readDocument } from '../../src/config/read/read.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { ALICES_KEY, BOBS_KEY } from '../helpers/stub-process.ts'

function snapshotOf(text: string): BalancerSnapshot {
  const result = readDocument(`<config>${text}</config>`, 'c')
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document.snapshot
}

function linesFor(from: string, to: string): readonly string[] {
  return linesOfScript(editScript(snapshotOf(from), snapshotOf(to)))
}

interface Parts {
  readonly listen?: string
  readonly groups?: string
  readonly name?: string
  readonly group?: string
}

const host = (name: string, end: number, more = '') =>
  `<host name="${name}" ip="10.0.0.${end}:80" ${more}/>`

function web(hosts: string, { listen, groups = '', name = 'web', group = 'main' }: Parts = {}) {
  const door = listen ?? '<listen ip="127.0.0.1:80"/>'
  return `<service name="${name}">${door}<group name="${group}" enable="1">${hosts}</group>${groups}</service>`
}

const user = (name: string, more = '', keys: readonly string[] = []) =>
  `<user name="${name}" ${more}>${keys.map((key) => `<key>${key}</key>`).join('')}</user>`

const admin = (users: string, ssh = '') => `<admin>${ssh}${users}</admin>`

test('a host, a group and a service that are called otherwise are renamed', () => {
  const from = web(host('a', 1) + host('b', 2))
  const to = web(host('first', 1, 'weight="3"') + host('b', 2), { name: 'www', group: 'live' })
  expect(linesFor(from, to)).toEqual([
    'rename service web www',
    'rename group www/main live',
    'rename host www/live/a first',
    'set host www/live/first weight 3',
  ])
})

test('a host at another address is the same host, also where two swap theirs', () => {
  expect(linesFor(web(host('a', 1) + host('b', 2)), web(host('a', 2) + host('b', 1)))).toEqual([
    'set host web/main/a ip 10.0.0.2:80',
    'set host web/main/b ip 10.0.0.1:80',
  ])
})

test('another host is ready before the last one goes, or stops to be ready', () => {
  const [a, b] = [host('a', 1), host('b', 2)]
  expect(linesFor(web(a), web(host('new', 3) + host('more', 4)))).toEqual([
    'add host web/main/new 10.0.0.3:80',
    'add host web/main/more 10.0.0.4:80',
    'remove host web/main/a',
  ])
  const [off, on] = [host('a', 1, 'state="disabled"'), host('b', 2, 'state="draining"')]
  expect(linesFor(web(a + on), web(off + b))).toEqual([
    'set host web/main/b state enabled',
    'set host web/main/a state disabled',
  ])
})

test('a host that is put elsewhere is not missed meanwhile, and goes off only when others are ready', () => {
  const others = (more: string) => host('b', 2, more) + host('c', 3, more)
  const from = web(host('a', 1) + others('state="disabled"'))
  const moved = ['move host web/main/a']
  expect(linesFor(from, web(others('state="disabled"') + host('a', 1)))).toEqual(moved)
  expect(linesFor(from, web(others('') + host('a', 1, 'weight="0"')))).toEqual([
    ...moved,
    'set host web/main/b state enabled',
    'set host web/main/c state enabled',
    'set host web/main/a weight 0',
  ])
})

test('a host is never ready by the way', () => {
  const [from, to] = ['state="disabled"', 'weight="0"'].map((more) => web(host('a', 1, more)))
  expect([linesFor(from ?? '', to ?? ''), linesFor(to ?? '', from ?? '')]).toEqual([
    ['set host web/main/a weight 0', 'set host web/main/a state enabled'],
    ['set host web/main/a state disabled', 'set host web/main/a weight 1'],
  ])
})

test('a group is finished before it serves, and what served is touched afterwards', () => {
  const spare = (state: string, more = '') =>
    `<group name="spare" ${more}>${host('s', 9, `state="${state}"`)}</group>`
  const main = (state: string, more = '') =>
    `<group name="main" ${more}>${host('a', 1, `state="${state}"`)}</group>`
  const service = (groups: string) => `<service name="web">${groups}</service>`
  const from = service(main('enabled', 'enable="1"') + spare('disabled'))
  const to = service(main('disabled', 'queue="5"') + spare('enabled', 'enable="1"'))
  expect(linesFor(from, to)).toEqual([
    'set host web/spare/s state enabled',
    'enable group web/spare',
    'set group web/main queue 5',
    'set host web/main/a state disabled',
  ])
})

test('a new group comes with all that is in it', () => {
  const groups = `<group name="next one" scheduler="roundrobin" connectTimeout="2s" proxy="v2">
    ${host('a', 5, 'weight="2" maxSessions="7"')}
    <check type="http" path="/a?b=1" match="it's up" interval="2s"/><check type="tcp"/></group>`
  expect(linesFor(web(host('a', 1)), web(host('a', 1), { groups }))).toEqual([
    "add group 'web/next one' --scheduler roundrobin --connect-timeout 2s --proxy v2",
    "add host 'web/next one/a' 10.0.0.5:80 --weight 2 --max-sessions 7",
    String.raw`add check 'web/next one' http --interval 2s --path '/a?b=1' --match 'it'\''s up'`,
    "add check 'web/next one' tcp",
  ])
})

test('checks are changed in place, put in and taken out at their places', () => {
  const checks = (text: string) => web(host('a', 1) + text)
  const from = checks('<check type="tcp"/><check type="http"/><check type="exec" command="/a"/>')
  const to = checks(
    '<check type="http"/><check type="tcp" rise="5"/><check type="exec" command="/b -x"/>',
  )
  expect(linesFor(from, to)).toEqual([
    'add check web/main tcp --rise 5 --before 3',
    "set check web/main 4 command '/b -x'",
    'remove check web/main 1',
  ])
})

test('a listener that is the same elsewhere is moved, and one that differs is opened anew', () => {
  const doors = (listen: string) => web(host('a', 1), { listen })
  const from = doors('<listen ip="127.0.0.1:80"/>')
  expect(linesFor(from, doors('<listen ip="127.0.0.1:81"/>'))).toEqual([
    'listen move web/listen/127.0.0.1:80 127.0.0.1:81',
  ])
  const other = '<listen ip="127.0.0.1:81" maxSessions="5" allow="10.0.0.0/8 ::1" proxy="require"/>'
  expect(linesFor(from, doors(other))).toEqual([
    "listen add web 127.0.0.1:81 --max-sessions 5 --proxy require --allow '10.0.0.0/8 ::1'",
    'listen remove web/listen/127.0.0.1:80',
  ])
})

test('two services that swap their ports give them up first', () => {
  const at = (name: string, port: number) =>
    web(host('a', 1), { name, listen: `<listen ip="127.0.0.1:${port}"/>` })
  expect(linesFor(at('web', 80) + at('mail', 81), at('web', 81) + at('mail', 80))).toEqual([
    'listen remove mail/listen/127.0.0.1:81',
    'listen add web 127.0.0.1:81',
    'listen remove web/listen/127.0.0.1:80',
    'listen add mail 127.0.0.1:80',
  ])
})

test('a new service has its hosts before its port is open, and takes it from one that goes', () => {
  const old = web(host('a', 1), { name: 'old' })
  const service = `<service name="www" accessLog="true"><listen ip="*:80"/>
    <group name="spare"/><group name="main" enable="1">${host('x', 7)}</group></service>`
  expect(linesFor(old, service)).toEqual([
    'add service www --access-log true',
    'add group www/main',
    'add host www/main/x 10.0.0.7:80',
    'add group www/spare',
    'listen remove old/listen/127.0.0.1:80',
    'listen add www *:80',
    'remove service old',
  ])
})

test('the last host of a group that serves goes by force, with a note', () => {
  expect(linesFor(web(host('a', 1) + host('b', 2)), web(''))).toEqual([
    'remove host web/main/a',
    '# from here on nobody is served by this group',
    'remove host web/main/b --force',
  ])
})

test('the last group of a service goes by force, with a note, and its ports stay open', () => {
  const spare = `<group name="spare">${host('s', 9)}</group>`
  const empty = '<service name="web"><listen ip="127.0.0.1:80"/></service>'
  expect(linesFor(web(host('a', 1), { groups: spare }), empty)).toEqual([
    'remove group web/spare',
    '# from here on nobody is served by web',
    'remove group web/main --force',
  ])
})

test('operators: who comes, comes first; who goes, goes by force and last, with a note', () => {
  const from = admin(
    user('alice', 'access="full"', [ALICES_KEY]) + user('bob', 'password="..xpoEyRReGzk"'),
  )
  const to = admin(
    user('alice', 'access="operate"', [ALICES_KEY]) +
      user('carol', 'access="full" auth="publickey" password="scrypt$nonsense"', [BOBS_KEY]),
  )
  expect(linesFor(from, to)).toEqual([
    'user add carol --role full --auth publickey',
    '# it is no hash, so it lets nobody in',
    "user set carol passwordHash 'scrypt$nonsense' --force",
    `key add carol '${BOBS_KEY}'`,
    'user set alice role operate',
    '# open logins of bob end',
    '# bob cannot log in any more',
    'user remove bob --force',
  ])
})

test('keys are put in at their places before others are taken out', () => {
  const alice = (keys: readonly string[], more = '') =>
    admin(user('alice', `access="full" ${more}`, keys))
  expect(linesFor(alice([ALICES_KEY]), alice([BOBS_KEY, ALICES_KEY]))).toEqual([
    `key add alice '${BOBS_KEY}' --before 1`,
  ])
  expect(linesFor(alice([ALICES_KEY, BOBS_KEY]), alice([BOBS_KEY, ALICES_KEY]))).toEqual([
    `key add alice '${BOBS_KEY}' --before 1 --force`,
    'key remove alice 3',
  ])
  expect(linesFor(alice([ALICES_KEY]), alice(['--garbage']))).toEqual([
    expect.stringMatching(/^# it lets nobody in: a line is /),
    'key add --force -- alice --garbage',
    '# open logins of alice with this key end',
    'key remove alice 1',
  ])
})

test('nobody with role full is left only by force', () => {
  const alice = (access: string) => admin(user('alice', `access="${access}"`, [ALICES_KEY]))
  expect(linesFor(alice('full'), alice('readonly'))).toEqual([
    '# nobody is left with role full',
    'user set alice role readonly --force',
  ])
})

const token = (name: string, digit: string, more = '') =>
  `<token name="${name}" hash="sha256:${digit.repeat(64)}" ${more}/>`

test('tokens come before tokens go, and one that is another one goes and comes back', () => {
  const from = admin(token('gone', '1') + token('same', '2') + token('other', '3'))
  const expires = 'expires="2036-12-21T10:00:00Z"'
  const to = admin(
    token('same', '2') + token('other', '3', `access="operate" ${expires}`) + token('new one', '4'),
  )
  const hashOf = (digit: string) => `--hash sha256:${digit.repeat(64)}`
  expect(linesFor(from, to)).toEqual([
    '# nobody gets in by token other until the next line',
    'token remove other',
    `token create other --role operate --expires 2036-12-21T10:00:00Z ${hashOf('3')}`,
    `token create 'new one' --role readonly --expires never ${hashOf('4')}`,
    '# nobody gets in by token gone then',
    'token remove gone',
  ])
})

test('the settings of the page', () => {
  const to =
    '<admin><web metrics="open" legacyApi="on" insecure="on" certificate="c" key="k"/></admin>'
  expect(linesFor('', to)).toEqual([
    '# takes effect after a restart',
    'set setting web certificate c',
    '# takes effect after a restart',
    'set setting web key k',
    '# takes effect after a restart',
    'set setting web insecure true',
    'set setting web legacyApi true',
    'set setting web metrics open',
  ])
})

test('settings, with what takes effect later and what locks out', () => {
  const from = '<logging file="a.log"/><admin><ssh enable="1" listen="127.0.0.1:22"/></admin>'
  const to =
    '<logging level="debug"/><manager><hostCheck interval="5s"/></manager><admin><ssh penaltyExempt=""/></admin>'
  expect(linesFor(from, to)).toEqual([
    'set setting hostCheck interval 5s',
    '# takes effect after a restart',
    '# operators have to log in at localhost:2222 then',
    'set setting ssh listen localhost:2222',
    '# takes effect after a restart',
    '# nobody can log in over ssh then',
    'set setting ssh enable false',
    "set setting ssh penaltyExempt ''",
    '# takes effect after a restart',
    "set setting logging file ''",
    'set setting logging level debug',
  ])
})

test('lists that have no room for both are cut first', () => {
  const edits = listEdits({
    from: ['a', 'b', 'c'],
    to: ['b', 'x', 'y'],
    textOf: (item) => item,
    most: 3,
  })
  expect(edits).toEqual([
    { action: 'remove', at: 3, item: 'c' },
    { action: 'remove', at: 1, item: 'a' },
    { action: 'add', at: 2, isLast: true, item: 'x' },
    { action: 'add', at: 3, isLast: true, item: 'y' },
  ])
})
