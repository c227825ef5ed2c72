// What a document that loads is warned of, and what it is not.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Surroundings, adviceOn } from '../../../src/config/read/advice.ts'
import { requireDocument } from '../../../src/config/read/read.ts'

function told(text: string, around?: Surroundings): string[] {
  const faults = adviceOn(requireDocument(text, 'c'), around)
  return faults.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

const TWO = '<host name="x" ip="10.0.0.8:1"/><host name="y" ip="10.0.0.9:1"/>'

function service(inside: string, listen = '<listen ip="127.0.0.1:8080"/>', more = ''): string {
  return `<config>
<service name="web">${listen}
<group name="main" enable="1">
${inside}
</group>${more}</service></config>`
}

test('the examples are advised on what is odd about them alone', () => {
  const of = (file: string) => told(readFileSync(file, 'utf8'), { portsFrom: 1_024 })
  expect(of('etc/config.xml')).toEqual([])
  expect(of('etc/examples/full.xml')).toEqual([])
  expect(of('etc/examples/txloadbalancer-style.xml')).toEqual([])
  expect(of('etc/examples/pythondirector-style.xml')).toEqual([
    '20:5: group random has one host: when a fails there is no spare',
  ])
})

test('a group that serves and gives nobody a session', () => {
  const [off, drained] = ['weight="0"', 'state="draining"']
  expect(told(service(`<host name="a" ip="a:1" ${off}/><host name="b" ip="b:1" ${off}/>`))).toEqual(
    ['3:1: nobody gets a session: every host of group main has weight 0'],
  )
  const mixed = `<host name="a" ip="a:1" ${off}/><host name="b" ip="b:1" ${drained}/>`
  expect(told(service(mixed))).toEqual([
    '3:1: nobody gets a session: no host of group main is both enabled and of a weight above 0',
  ])
  expect(told(service(`${mixed}<host name="c" ip="c:1"/>`))).toEqual([])
})

test('one host has no spare, where its group serves', () => {
  const spare = '<group name="spare"><host name="z" ip="10.0.0.7:1" weight="0"/></group>'
  expect(told(service(TWO, undefined, spare))).toEqual([])
  expect(told(service('<host name="a" ip="a:1"/>'))).toEqual([
    '3:1: group main has one host: when a fails there is no spare',
  ])
})

test('two hosts of a group at one address, and a host that is the service itself', () => {
  expect(told(service(`${TWO}\n<host ip="10.0.0.9:1" name="again"/>`))).toEqual([
    '5:7: hosts y and again of group main have one address, 10.0.0.9:1: it gets the share of two, and fails as one',
  ])
  const circle = 'is a listener of service web itself: its sessions would go round in circles'
  const own = `${TWO}\n<host name="me" ip="127.0.0.1:8080"/>`
  expect(told(service(own))).toEqual([`5:17: host me ${circle}`])
  expect(told(service(own, '<listen ip="*:8080"/>'))).toEqual([`5:17: host me ${circle}`])
  expect(told(service(own, '<listen ip="10.0.0.1:8080"/>'))).toEqual([])
})

test('openings that stand in the way of each other, whoever opens them', () => {
  const text = (
    listens: string,
  ) => `<config><service name="a">${listens}<group name="g" enable="1">${TWO}</group></service>
<admin><ssh enable="1" listen="localhost:22"/>
<web enable="1" listen="[::1]:90"/></admin><control socket="/run/a"/></config>`
  const clashes = (listens: string) => told(text(listens)).map((line) => line.replace(/^\d+:/, ''))
  expect(clashes('<listen ip="0.0.0.0:80"/><listen ip="127.0.0.1:80"/>')).toEqual([
    '60: a listener of service a at 127.0.0.1:80 and a listener of service a at 0.0.0.0:80 cannot both be opened',
  ])
  expect(clashes('<listen ip="127.0.0.1:80"/><listen ip=":80"/>')).toHaveLength(1)
  expect(clashes('<listen ip="0.0.0.0:80"/><listen ip="[::1]:80"/>')).toEqual([])
  expect(clashes('<listen ip="*:80"/><listen ip="[::1]:80"/>')).toHaveLength(1)
  expect(clashes('<listen ip="127.0.0.1:22"/>')).toEqual([
    '24: ssh at localhost:22 and a listener of service a at 127.0.0.1:22 cannot both be opened',
  ])
  expect(clashes('<listen ip="*:90"/>')).toEqual([
    '17: the web page at [::1]:90 and a listener of service a at *:90 cannot both be opened',
  ])
  expect(clashes('<listen ip="unix:/run/a"/>')).toEqual([
    '53: the control socket at unix:/run/a and a listener of service a at unix:/run/a cannot both be opened',
  ])
  expect(clashes('<listen ip="127.0.0.1:0"/><listen ip="*:0"/><listen ip="10.0.0.1:22"/>')).toEqual(
    [],
  )
})

test('a port that needs a right which is not there', () => {
  const text = service(TWO, '<listen ip="*:80"/><listen ip="*:0"/><listen ip="*:1024"/>')
  expect(told(text, { portsFrom: 1_024 })).toEqual([
    '2:29: port 80 is below 1024, which needs root or the capability CAP_NET_BIND_SERVICE; who runs this check has neither',
  ])
  expect(told(text, { portsFrom: 80 })).toEqual([])
  expect(told(text)).toEqual([])
})

test('ssh where nobody can log in', () => {
  const text = (users: string, ssh = '<ssh enable="1"/>') =>
    `<config><admin>${users}${ssh}</admin></config>`
  const nobody = { hasKey: () => false }
  expect(told(text(''), nobody)).toEqual([
    '1:16: ssh is enabled and nobody can log in: there is no <user>; sluice keygen NAME makes a key',
  ])
  expect(told(text('<user name="a"/>'), nobody)[0]).toContain(
    'no <user> has a key or password that',
  )
  expect(told(text('<user name="a"/>'), { hasKey: () => true })).toEqual([])
  expect(told(text('<user name="a"/>', '<ssh/>'), nobody)).toEqual([])
  expect(told(text('<user name="a" password="scrypt$x"/>'), nobody)).toEqual([])
  expect(told(text('<user name="a" auth="publickey" password="scrypt$x"/>'), nobody)).toHaveLength(
    1,
  )
  const both = '<user name="a" auth="publickey+password"/>'
  expect(told(text(both), { hasKey: () => true })).toHaveLength(1)
})

test('a page that will not start, and a key without a certificate', () => {
  const text = (web: string) => `<config><admin><web ${web}/></admin></config>`
  const refused = (listen: string) =>
    `it will not start: the web page is not to be served at ${listen} without TLS; secure="true", or insecure="true" where that is meant`
  expect(told(text('enable="1" listen="*:7001"'))).toEqual([`1:32: ${refused('*:7001')}`])
  expect(told(text('enable="1" listen="10.0.0.1:7001"'))).toEqual([
    `1:32: ${refused('10.0.0.1:7001')}`,
  ])
  for (const fine of [
    'listen="*:7001"',
    'enable="1"',
    'enable="1" listen="127.0.0.9:7001"',
    'enable="1" listen="[::1]:7001"',
    'enable="1" listen="unix:/tmp/web"',
    'enable="1" listen="*:7001" secure="1"',
    'enable="1" listen="*:7001" insecure="1"',
  ])
    expect(told(text(fine))).toEqual([])
  const director = '<pdconfig><admin listen="0.0.0.0:7001"/></pdconfig>'
  expect(told(director)).toEqual([`1:18: ${refused('0.0.0.0:7001')}`])
  expect(told(text('secure="1" key="k"'))).toEqual([
    '1:32: key is of no use without certificate="…"',
  ])
  expect(told(text('secure="1" key="k" certificate="c"'))).toEqual([])
})

test('a token with the name of a user', () => {
  const hash = `sha256:${'1'.repeat(64)}`
  const text = `<config><admin>\n<user name="a" access="full"/><token name="a" hash="${hash}"/></admin></config>`
  const clash =
    'token a has the name of a user: both have one candidate, and one name in the audit log'
  expect(told(text, { now: 0 })).toContainEqual(expect.stringContaining(clash))
})

test('tokens that let nobody in, and two with one hash', () => {
  const token = (name: string, digit: string, expires: string) =>
    `\n<token name="${name}" hash="sha256:${digit.repeat(64)}" expires="${expires}"/>`
  const instant = '2026-12-21T10:00:00Z'
  const text = `<config><admin>${token('a', '1', instant)}${token('b', '2', '')}${token('c', '2', '')}</admin></config>`
  const twins = '4:17: token c has the hash of token b, which counts'
  const now = Date.parse(instant)
  expect(told(text, { now: now - 1 })).toEqual([twins])
  expect(told(text, { now })).toEqual([
    `2:96: token a lets nobody in: it expired at ${instant}`,
    twins,
  ])
  expect(told(text)).toEqual([])
})

test('hosts that nothing brings back', () => {
  const off = '</service><manager><hostCheck enable="no"/></manager></config>'
  const text = (hosts: string) => service(hosts).replace('</service></config>', off)
  expect(told(text(TWO))).toEqual([
    '5:39: hostCheck is off: a failed host of web/main, which has no <check>, stays out until an operator brings it back',
  ])
  expect(told(text(`${TWO}<check/>`))).toEqual([])
})
