// What loads, and what it means: our grammar and those of the two ancestors.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { formatFault } from '../../../src/config/read/fault.ts'
import { GRAMMAR } from '../../../src/config/read/grammar.ts'
import type { Element } from '../../../src/config/read/parse.ts'
import { readDocument } from '../../../src/config/read/read.ts'
import { Balancer } from '../../../src/model/balancer.ts'

const GROUP = '<group name="g" enable="1"><host ip="10.0.0.1:80"/></group>'

function read(source: string | Uint8Array) {
  const result = readDocument(source, 'config.xml')
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'))
  return result.document
}

function linesOf(source: string | Uint8Array): string[] {
  const result = readDocument(source, 'c')
  return ('faults' in result ? result.faults : result.document.warnings).map(formatFault)
}

function fromFile(file: string) {
  return read(readFileSync(file))
}

test('a document without anything says what a fresh balancer says', () => {
  const ports = { open: async () => '', close: async () => {} }
  expect(read('<config/>').snapshot).toEqual(new Balancer({ ports }).snapshot())
})

test('the configuration of the first start loads without a warning', () => {
  const { snapshot, warnings } = fromFile('etc/config.xml')
  expect(warnings).toEqual([])
  const [web] = snapshot.services
  expect(web?.listeners.map(({ address }) => address)).toEqual(['127.0.0.1:8080'])
  expect(web?.groups[0]?.hosts.map(({ name, address }) => `${name} ${address}`)).toEqual([
    'a 127.0.0.1:9001',
    'b 127.0.0.1:9002',
    'c 127.0.0.1:9003',
  ])
  expect(snapshot.users).toEqual([
    { name: 'admin', access: 'full', password: '', auth: 'any', keys: [] },
  ])
  expect(snapshot.settings.ssh).toMatchObject({ listen: '127.0.0.1:2222', enable: true })
  expect(snapshot.settings.control.socket).toBe('run/control.sock')
  expect(snapshot.settings.logging.file).toBe('')
})

test('the full example shows every element and attribute, and loads without a warning', () => {
  const { root, warnings } = fromFile('etc/examples/full.xml')
  expect(warnings).toEqual([])
  const shown = new Set<string>()
  const look = (element: Element) => {
    shown.add(element.name)
    for (const { name } of element.tag.attributes) shown.add(`${element.name} ${name}`)
    element.children.forEach(look)
  }
  look(root)
  const old = ['pdconfig', 'enable', 'checktime']
  const accepted = [...GRAMMAR]
    .filter(([name]) => !old.includes(name))
    .flatMap(([name, rule]) => {
      const attributes = name === 'admin' ? [] : rule.attributes
      return [name, ...attributes.map(({ attribute }) => `${name} ${attribute}`)]
    })
  expect([...shown]).toEqual(expect.arrayContaining(accepted))
})

test('a txLoadBalancer configuration loads with its meaning', () => {
  const { snapshot } = fromFile('etc/examples/txloadbalancer-style.xml')
  const [proxy, dns] = snapshot.services
  expect(proxy?.listeners.map(({ address }) => address)).toEqual(['*:8080', '127.0.0.1:8081'])
  expect(proxy?.enabledGroup).toBe('prod')
  expect(proxy?.groups.map(({ scheduler }) => scheduler)).toEqual([
    'leastconnsrr',
    'random',
    'weightedrandom',
  ])
  expect(proxy?.groups[0]?.hosts.map(({ name, weight }) => [name, weight])).toEqual([
    ['host1', 3],
    ['host.1', 1],
  ])
  expect(dns?.groups.map(({ scheduler }) => scheduler)).toEqual([
    'roundrobin',
    'weightedleastconns',
    'sticky',
  ])
  expect(dns?.listeners[0]?.address).toBe('*:5353')
  expect(snapshot.settings).toMatchObject({
    web: { listen: 'localhost:9090', enable: true, secure: false, refreshMs: 30_000 },
    ssh: { listen: 'localhost:2222', enable: true },
    hostCheck: { intervalMs: 120_000, enable: true },
    configCheck: { intervalMs: 30_500, enable: true },
    heartbeat: { intervalMs: 60_000, enable: false },
    control: { socket: '/tmp/txlb.sock' },
    logging: { file: '/var/log/txlb.log' },
  })
})

test('a PythonDirector configuration loads with its meaning', () => {
  const { snapshot } = fromFile('etc/examples/pythondirector-style.xml')
  const [web, mail] = snapshot.services
  expect(web?.enabledGroup).toBe('live')
  expect(web?.groups[1]?.hosts.map(({ name }) => name)).toEqual(['host.0', 'host.1'])
  expect(mail?.enabledGroup).toBe('random')
  expect(snapshot.users.map(({ name, access }) => `${name} ${access}`)).toEqual([
    'alice full',
    'guest readonly',
  ])
  expect(snapshot.settings.web).toMatchObject({
    listen: '127.0.0.1:7001',
    enable: true,
    secure: true,
  })
  expect(snapshot.settings.hostCheck.intervalMs).toBe(45_000)
})

test('a checktime of 0 is the default of PythonDirector', () => {
  const { settings } = read('<pdconfig><checktime time="0"/></pdconfig>').snapshot
  expect(settings.hostCheck.intervalMs).toBe(120_000)
})

test('an <admin> without an address serves no page', () => {
  const { settings } = read('<pdconfig><admin secure="yes"/></pdconfig>').snapshot
  expect(settings.web).toMatchObject({ enable: false, secure: true })
})

test('what a live system can reach loads with a warning', () => {
  const text =
    '<config><service name="a"/><service name="b"><group name="g" enable="1"/></service></config>'
  expect(linesOf(text)).toEqual([
    'c:1:9: warning: service a has no <listen>: no client comes in',
    'c:1:9: warning: service a has no <group>: it can serve nobody',
    'c:1:28: warning: service b has no <listen>: no client comes in',
    'c:1:46: warning: group g has no <host>: it can serve nobody',
  ])
})

test('of two <enable> elements the last counts, with a warning', () => {
  const text = `<pdconfig><service name="s"><listen ip=":1"/>${GROUP.replace(' enable="1"', '')}<enable group="old"/>
<enable group="g"/></service></pdconfig>`
  expect(read(text).snapshot.services[0]?.enabledGroup).toBe('g')
  expect(linesOf(text)).toEqual(['c:2:1: warning: a second <enable>: the last one counts'])
})

test('passwords that are old or no hashes at all are warned of', () => {
  const text = `<config><admin>
    <user name="a" password="..xpoEyRReGzk"/>
    <user name="b" password="secret"/>
    <user name="c" password="scrypt$x$y"/>
  </admin></config>`
  expect(linesOf(text)).toEqual([
    'c:2:20: warning: password of a is an old DES hash, of which 8 characters count: make a new one with sluice passwd',
    'c:3:20: warning: password of b is not a hash, so it lets nobody in: make a new one with sluice passwd',
  ])
})

test('what stands for a hash that was not shown is no password', () => {
  expect(linesOf('<config><admin><user name="a" password="***"/></admin></config>')).toEqual([
    'c:1:31: password of a is ***, which stands for a hash that was not shown: put the hash, or take the file as an operator with role full',
  ])
})

test('notes, comments, CDATA and stray text are ignored wherever they stand', () => {
  const noise = 'x<!-- <host> --><note a="1"><wieght/>&lt;</note><![CDATA[<host/>&nothing;]]>'
  const text = `<?xml version="1.0"?><!-- a --><config>${noise}<service name="s">${noise}<listen ip=":1">${noise}</listen>
    <group name="g" enable="1">${noise}<host ip="a:1">${noise}</host></group></service></config><!-- b -->`
  expect(linesOf(text)).toEqual([])
  expect(read(text).snapshot.services[0]?.groups[0]?.hosts).toHaveLength(1)
})

test('references and line ends in values are decoded as XML says', () => {
  const { settings } = read(
    '<config><logging file="a&amp;&#x62;&#99;\n&lt;&quot;"/></config>',
  ).snapshot
  expect(settings.logging.file).toBe('a&bc <"')
})

test('a key may be broken over lines and stand in CDATA', () => {
  const text = `<config><admin><user name="a"><key>
      ssh-ed25519 AAAA
        me@home </key><key><![CDATA[ssh-rsa B & C]]></key></user></admin></config>`
  expect(read(text).snapshot.users[0]?.keys).toEqual(['ssh-ed25519 AAAA me@home', 'ssh-rsa B & C'])
})

test('any number of listeners may leave the port to the system, also in two services', () => {
  const service = (name: string) =>
    `<service name="${name}"><listen ip="127.0.0.1"/>${GROUP}</service>`
  expect(linesOf(`<config>${service('a')}${service('b')}</config>`)).toEqual([])
})

test('a byte order mark, Windows line ends and a declaration are accepted', () => {
  const text =
    '\uFEFF<?xml version="1.0" encoding="utf-8"?>\r\n<config>\r\n  <logging levle="info"/>\r\n</config>\r\n'
  expect(linesOf(text)).toEqual([
    'c:3:12: levle is not known in <logging>, did you mean level? accepted: file, level, format',
  ])
})

test('bytes that are not UTF-8 are refused at their place', () => {
  const bytes = Buffer.concat([
    Buffer.from('<config>\n  <note>'),
    Buffer.from([0xe9]),
    Buffer.from('</note></config>'),
  ])
  expect(linesOf(bytes)).toEqual([
    'c:2:9: bytes that are not UTF-8: save the document in that encoding',
  ])
})

test('characters that XML does not permit are refused at their place', () => {
  expect(linesOf('<config>\n \u0000</config>')).toEqual([
    'c:2:2: a character that XML does not permit: U+0000',
  ])
})

test('a document above the size limit is refused with the limit', () => {
  const size = LIMITS.configBytesMax + 1
  expect(linesOf(' '.repeat(size))).toEqual([
    `c:1:1: the document has ${size} bytes, at most ${LIMITS.configBytesMax} are accepted`,
  ])
})

test('more hosts than a group may have are refused with the limit', () => {
  const hosts = '<host ip="a:1"/>'.repeat(LIMITS.groupHostsMax + 1)
  const text = `<config><service name="s"><listen ip=":1"/><group name="g" enable="1">${hosts}</group></service></config>`
  expect(linesOf(text)[0]).toContain('more than 10000 hosts, the most there may be')
})

test('more hosts than a document may have are refused with the limit, where the first one too many stands', () => {
  const [most, inGroup] = [LIMITS.configHostsMax, LIMITS.groupHostsMax]
  const group = (name: number, hosts: number) =>
    `<group name="${name}"${name === 0 ? ' enable="1"' : ''}>${'<host ip="a:1"/>\n'.repeat(hosts)}</group>`
  const groups = Array.from({ length: most / inGroup }, (_, index) => group(index, inGroup))
  const text = (more: string) =>
    `<config><service name="s"><listen ip=":1"/>${groups.join('')}${more}</service></config>`
  expect(linesOf(text(''))).toEqual([])
  expect(linesOf(text(group(most, 1)))).toEqual([
    `c:${most + 1}:${'</group><group name="100000">'.length + 1}: more than ${most} hosts in all groups together, the most there may be`,
  ])
})

test('more checks than a group may have, and more elements than a document, are refused', () => {
  const checks = '<check/>'.repeat(LIMITS.groupChecksMax + 1)
  const text = `<config><service name="s"><listen ip=":1"/><group name="g" enable="1"><host ip="a:1"/>${checks}</group></service></config>`
  expect(linesOf(text)).toEqual(['c:1:44: group g has 101 checks, at most 100 are accepted'])
  const most = LIMITS.configElementsMax
  expect(linesOf(`<config>${'<note/>'.repeat(most - 1)}</config>`)).toEqual([])
  expect(linesOf(`<config>${'<note/>'.repeat(most)}</config>`)).toEqual([
    `c:1:${'<config>'.length + '<note/>'.length * (most - 1) + 1}: more than ${most} elements, the most there may be`,
  ])
})

test('the root may name a schema for editors, and nothing else may', () => {
  const schema =
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="sluice.xsd"'
  expect(linesOf(`<config ${schema}/>`)).toEqual([])
  expect(linesOf(`<pdconfig ${schema}/>`)).toEqual([])
  expect(linesOf(`<config><logging ${schema}/></config>`)).toHaveLength(2)
  expect(linesOf(`<config ${schema} ${schema}/>`)).toHaveLength(2)
  expect(linesOf('<config xmlns:xsi="x"/>')).toEqual([
    'c:1:9: xmlns:xsi is http://www.w3.org/2001/XMLSchema-instance or is left out',
  ])
  expect(linesOf('<config xsi:noNamespaceSchemaLocation="x"/>')[0]).toContain('needs xmlns:xsi=')
})

test('carriage returns alone end no line, and change nothing', () => {
  const text = `<config>\r  <service name="s">\r<listen ip=":1"/>\r${GROUP}\r</service>\r</config>\r`
  expect(linesOf(text)).toEqual([])
  expect(read(text).snapshot.services[0]?.name).toBe('s')
})

test('an encoding that is named is of no matter while every character is ASCII', () => {
  expect(linesOf('<?xml version="1.0" encoding="ISO-8859-1"?><config/>')).toEqual([])
  expect(
    linesOf('\uFEFF<?xml version="1.0" encoding="latin1" standalone=\'yes\' ?><config/>'),
  ).toEqual([])
  expect(linesOf('<?xml version="1.0" encoding="UTF-8"?><config><!-- ö --></config>')).toEqual([])
  expect(linesOf('<?xml encoding="UTF-8"?><config/>')).toHaveLength(1)
})

test('reading gives up after so many faults', () => {
  const text = `<config>${'<nonsense/>'.repeat(1_000)}</config>`
  expect(linesOf(text)).toHaveLength(LIMITS.configFaultsMax)
})

test('names that would spoil an object are refused like any other unknown name', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype']) {
    expect(linesOf(`<config><${name}/></config>`)).toEqual([
      `c:1:9: <${name}> is not accepted as a name`,
    ])
    expect(linesOf(`<config ${name}="x"/>`)).toEqual([
      `c:1:9: ${name} is not known in <config>; accepted: none`,
    ])
  }
})
