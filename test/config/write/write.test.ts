// What an edit does to the text: the lines it must change, and no others.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Document } from '../../../src/config/read/read.ts'
import { readDocument } from '../../../src/config/read/read.ts'
import { formatDocument, writeDocument } from '../../../src/config/write/write.ts'
import type { BalancerSnapshot, HostSnapshot } from '../../../src/model/snapshot.ts'
import { changedLines } from '../../helpers/changed-lines.ts'

type Draft<Value> = Value extends readonly (infer Item)[]
  ? Draft<Item>[]
  : Value extends object
    ? { -readonly [Name in keyof Value]: Draft<Value[Name]> }
    : Value

function read(text: string): Document {
  const result = readDocument(text, 'config.xml')
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document
}

/** The lines that differ after an edit, `-` what goes and `+` what comes. */
function edited(text: string, edit: (draft: Draft<BalancerSnapshot>) => void): string[] {
  const document = read(text)
  const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
  edit(draft)
  return changedLines(text, writeDocument(document, draft as BalancerSnapshot).text)
}

function fromFile(file: string): string {
  return readFileSync(file, 'utf8')
}

const HOST: HostSnapshot = {
  name: 'd',
  address: '127.0.0.1:9004',
  weight: 1,
  intent: 'enabled',
  maxSessions: 0,
}

const FIRST = fromFile('etc/config.xml')

const WEB = `<config>
  <service name="web">
    <listen ip="*:80"/>   <!-- people -->
    <group name='main' scheduler='leastc' enable='Yes'>
      <!-- the old one -->
      <host weight='2'   ip='10.0.0.1:80' name='a'/>  <!-- rack 1 -->
      <host ip='10.0.0.2:80' name='b'/>

      <!-- spare -->
      <host ip='10.0.0.3:80' name='c'/>
    </group>
  </service>
</config>
`

const group = (draft: Draft<BalancerSnapshot>) => draft.services[0]!.groups[0]!

test('changing one weight changes one line', () => {
  expect(edited(FIRST, (draft) => (group(draft).hosts[1]!.weight = 5))).toEqual([
    '-      <host name="b" ip="127.0.0.1:9002" />',
    '+      <host name="b" ip="127.0.0.1:9002" weight="5" />',
  ])
})

test('a value is changed in its place and its quotes', () => {
  expect(edited(WEB, (draft) => (group(draft).hosts[0]!.weight = 3))).toEqual([
    "-      <host weight='2'   ip='10.0.0.1:80' name='a'/>  <!-- rack 1 -->",
    "+      <host weight='3'   ip='10.0.0.1:80' name='a'/>  <!-- rack 1 -->",
  ])
})

test('a value that goes back to its default keeps its attribute', () => {
  expect(edited(WEB, (draft) => (group(draft).hosts[0]!.weight = 1))[1]).toContain("weight='1'")
})

test('the old spelling of a scheduler stays while the scheduler does', () => {
  expect(edited(WEB, (draft) => (group(draft).retries = 3))).toEqual([
    "-    <group name='main' scheduler='leastc' enable='Yes'>",
    `+    <group name='main' scheduler='leastc' enable='Yes' retries="3">`,
  ])
})

test('a new host gets a line and the indentation of its siblings', () => {
  expect(edited(WEB, (draft) => group(draft).hosts.push(HOST))).toEqual([
    '+      <host name="d" ip="127.0.0.1:9004" />',
  ])
})

test('a host put between others leaves comments with whom they were', () => {
  const document = read(WEB)
  const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
  group(draft).hosts.splice(1, 0, HOST)
  expect(
    writeDocument(document, draft as BalancerSnapshot).text,
  ).toContain(`name='a'/>  <!-- rack 1 -->
      <host name="d" ip="127.0.0.1:9004" />
      <host ip='10.0.0.2:80' name='b'/>`)
})

test('a removed host takes its line with it, and leaves a comment that shares the line', () => {
  expect(edited(WEB, (draft) => group(draft).hosts.splice(1, 1))).toEqual([
    "-      <host ip='10.0.0.2:80' name='b'/>",
  ])
  expect(edited(WEB, (draft) => group(draft).hosts.splice(0, 1))).toEqual([
    "-      <host weight='2'   ip='10.0.0.1:80' name='a'/>  <!-- rack 1 -->",
    '+      <!-- rack 1 -->',
  ])
})

test('a host that changes its place keeps the way it is written', () => {
  const lines = edited(WEB, (draft) => group(draft).hosts.push(group(draft).hosts.shift()!))
  expect(lines).toContain("+      <host weight='2'   ip='10.0.0.1:80' name='a'/>")
})

test('a listener that moved keeps its element', () => {
  expect(edited(WEB, (draft) => (draft.services[0]!.listeners[0]!.address = '*:81'))).toEqual([
    '-    <listen ip="*:80"/>   <!-- people -->',
    '+    <listen ip="*:81"/>   <!-- people -->',
  ])
})

test('an element without children is opened for the first one', () => {
  const user = {
    name: 'admin',
    access: 'full' as const,
    password: '',
    auth: 'any' as const,
    keys: ['ssh-ed25519 A&B me'],
  }
  expect(edited(FIRST, (draft) => (draft.users = [user]))).toEqual([
    '-    <user name="admin" access="full" />',
    '+    <user name="admin" access="full">',
    '+      <key>ssh-ed25519 A&amp;B me</key>',
    '+    </user>',
  ])
})

const HASH = `sha256:${'0f'.repeat(32)}`

test('a token comes behind what is there, is edited in place and goes', () => {
  const token = { name: 'deploy', access: 'operate' as const, hash: HASH, expires: '' }
  const line = `    <token name="deploy" access="operate" hash="${HASH}" />`
  const text = read(FIRST).text.replace('</admin>', `${line.trim()}\n  </admin>`)
  expect(edited(FIRST, (draft) => (draft.tokens = [token]))).toEqual([`+${line}`])
  const expires = '2030-01-02T03:04:05Z'
  const before = text.split('\n').find((each) => each.includes('<token'))
  expect(edited(text, (draft) => (draft.tokens[0]!.expires = expires))).toEqual([
    `-${before}`,
    `+${before?.replace(' />', ` expires="${expires}" />`)}`,
  ])
  expect(edited(text, (draft) => (draft.tokens = []))).toEqual([`-${before}`])
  const bare = '<config>\n</config>\n'
  expect(edited(bare, (draft) => (draft.tokens = [{ ...token, access: 'readonly' }]))).toEqual([
    '+  <admin>',
    `+${line.replace('operate', 'readonly')}`,
    '+  </admin>',
  ])
})

test('a setting without an element gets one in its section', () => {
  expect(edited(FIRST, (draft) => (draft.settings.hostCheck.rise = 2))).toEqual([
    '+  <manager>',
    '+    <hostCheck rise="2" />',
    '+  </manager>',
  ])
  const pageless = FIRST.replace(/ *<web .*\n/, '')
  expect(edited(pageless, (draft) => (draft.settings.web.enable = true))).toEqual([
    '+    <web enable="true" />',
  ])
})

test('a document on one line stays on one line', () => {
  const text =
    '<config><service name="s"><listen ip=":1"/><group name="g" enable="1"><host name="a" ip="a:1"/></group></service></config>'
  expect(edited(text, (draft) => group(draft).hosts.push(HOST))).toEqual([
    `-${text}`,
    `+${text.replace('</group>', '<host name="d" ip="127.0.0.1:9004" /></group>')}`,
  ])
})

test('tabs and Windows line ends are kept up', () => {
  const text =
    '<config>\r\n\t<service name="s">\r\n\t\t<listen ip=":1"/>\r\n\t</service>\r\n</config>\r\n'
  const document = read(text)
  const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
  const { groups, enabledGroup } = read(WEB).snapshot.services[0]!
  const wanted = {
    ...draft.services[0]!,
    groups: groups.map((one) => ({ ...one, hosts: [HOST] })),
    enabledGroup,
  }
  const { text: after } = writeDocument(document, { ...document.snapshot, services: [wanted] })
  expect(after).toContain(
    '\r\n\t\t<group name="main" scheduler="leastconnsrr" enable="true">\r\n\t\t\t<host name="d" ip="127.0.0.1:9004" />\r\n\t\t</group>\r\n\t</service>',
  )
})

test('a host without a name gets one when its place would give it another', () => {
  const lines = edited(fromFile('etc/examples/pythondirector-style.xml'), (draft) => {
    draft.services[0]!.groups[1]!.hosts.shift()
  })
  expect(lines).toEqual([
    '-      <host ip="10.0.1.1:80" />',
    '-      <host ip="10.0.1.2:80" />',
    '+      <host ip="10.0.1.2:80" name="host.1" />',
  ])
})

test('another enabled group is said by attributes in a config, in the words that are there', () => {
  const text = fromFile('etc/examples/txloadbalancer-style.xml')
  expect(edited(text, (draft) => (draft.services[0]!.enabledGroup = 'test'))).toEqual([
    '-    <group name="prod" scheduler="leastc" enable="Yes">',
    '+    <group name="prod" scheduler="leastc" enable="no">',
    '-    <group name="test" scheduler="rand" enable="no">',
    '+    <group name="test" scheduler="rand" enable="yes">',
  ])
})

test('another enabled group is said by its element in a pdconfig', () => {
  const text = fromFile('etc/examples/pythondirector-style.xml')
  expect(edited(text, (draft) => (draft.services[0]!.enabledGroup = 'spare'))).toEqual([
    '-    <enable group="live" />',
    '+    <enable group="spare" />',
  ])
})

test('old settings are edited in their old places', () => {
  const lines = edited(fromFile('etc/examples/pythondirector-style.xml'), ({ settings }) => {
    settings.hostCheck.intervalMs = 90_000
    settings.web.listen = '127.0.0.1:7009'
    settings.web.secure = false
  })
  expect(lines).toEqual([
    '-  <admin listen="127.0.0.1:7001" secure="yes">',
    '+  <admin listen="127.0.0.1:7009" secure="no">',
    '-  <checktime time="45" />',
    '+  <checktime time="90" />',
  ])
})

test('seconds stay bare where they were, and get a unit where they had one', () => {
  const bare = fromFile('etc/examples/txloadbalancer-style.xml')
  expect(edited(bare, (draft) => (draft.settings.configCheck.intervalMs = 1_500))[1]).toContain(
    'interval="1.5"',
  )
  const unit = '<config><manager><configCheck interval="10s"/></manager></config>'
  expect(edited(unit, (draft) => (draft.settings.configCheck.intervalMs = 1_500))[1]).toContain(
    'interval="1500ms"',
  )
})

test('what would not be read back as it is meant is not written', () => {
  const document = read(WEB)
  const { services } = document.snapshot
  const wanted = {
    ...document.snapshot,
    services: services.map((one) => ({ ...one, enabledGroup: '' })),
  }
  expect(() => writeDocument(document, wanted)).toThrow(
    /the document would not load after the edit: .*no group of this service is enabled/,
  )
})

test('a fresh document says only what is special', () => {
  const { text } = formatDocument(read(WEB).snapshot, 'config.xml')
  expect(text).toBe(`<config>
  <service name="web">
    <listen ip="*:80" />
    <group name="main" scheduler="leastconnsrr" enable="true">
      <host name="a" ip="10.0.0.1:80" weight="2" />
      <host name="b" ip="10.0.0.2:80" />
      <host name="c" ip="10.0.0.3:80" />
    </group>
  </service>
</config>
`)
})

test('what was renamed keeps its element, its place and its comments', () => {
  const edit = (draft: Draft<BalancerSnapshot>) => {
    const [web] = draft.services
    group(draft).hosts[0]!.name = 'one'
    group(draft).name = 'first'
    web!.enabledGroup = 'first'
    web!.name = 'www'
  }
  expect(edited(WEB, edit)).toEqual([
    '-  <service name="web">',
    '+  <service name="www">',
    "-    <group name='main' scheduler='leastc' enable='Yes'>",
    "+    <group name='first' scheduler='leastc' enable='Yes'>",
    "-      <host weight='2'   ip='10.0.0.1:80' name='a'/>  <!-- rack 1 -->",
    "+      <host weight='2'   ip='10.0.0.1:80' name='one'/>  <!-- rack 1 -->",
  ])
})

test('a host without a name in the file gets the one it was given, and an <enable> follows its group', () => {
  const text = `<pdconfig>
  <service name="web">
    <listen ip="*:80"/>
    <group name="main" scheduler="roundrobin">
      <host ip="10.0.0.1:80"/>
    </group>
    <enable group="main"/>
  </service>
</pdconfig>
`
  const edit = (draft: Draft<BalancerSnapshot>) => {
    group(draft).hosts[0]!.name = 'one'
    group(draft).name = 'first'
    draft.services[0]!.enabledGroup = 'first'
  }
  expect(edited(text, edit).filter((line) => line.startsWith('+'))).toEqual([
    '+    <group name="first" scheduler="roundrobin">',
    '+      <host ip="10.0.0.1:80" name="one"/>',
    '+    <enable group="first"/>',
  ])
})

test('a host without a name that gets one and another place has it once', () => {
  const text = `<config><service name="web"><listen ip="*:80"/><group name="main" enable="yes">
  <host ip="10.0.0.1:80"/>
</group></service></config>
`
  const edit = (draft: Draft<BalancerSnapshot>) => {
    group(draft).hosts[0]!.name = 'host.1'
    group(draft).hosts.unshift(HOST)
  }
  expect(edited(text, edit)).toEqual([
    '-  <host ip="10.0.0.1:80"/>',
    '+  <host name="d" ip="127.0.0.1:9004" />',
    '+  <host ip="10.0.0.1:80" name="host.1"/>',
  ])
})

const EXAMPLES = [
  'etc/config.xml',
  'etc/examples/full.xml',
  'etc/examples/txloadbalancer-style.xml',
  'etc/examples/pythondirector-style.xml',
]

test.each(EXAMPLES)('in %s every weight is a change of one line', (file) => {
  const text = fromFile(file)
  const { services } = read(text).snapshot
  services.forEach(({ groups }, s) =>
    groups.forEach(({ hosts }, g) =>
      hosts.forEach((_, h) => {
        const lines = edited(text, (draft) => (draft.services[s]!.groups[g]!.hosts[h]!.weight = 77))
        expect(lines.map((line) => line[0])).toEqual(['-', '+'])
        expect(lines[1]).toContain('weight="77"')
      }),
    ),
  )
})

test.each(EXAMPLES)(
  '%s keeps every byte when nothing changed, and a new host stands like its siblings',
  (file) => {
    const text = fromFile(file)
    expect(writeDocument(read(text), read(text).snapshot).text).toBe(text)
    const [added, ...others] = edited(text, (draft) => group(draft).hosts.push(HOST))
    expect(others).toEqual([])
    const [sibling = ''] = /^ *(?=<host )/m.exec(text) ?? []
    expect(added).toBe(`+${sibling}<host name="d" ip="127.0.0.1:9004" />`)
  },
)

test('steps are as deep as those that are there, also where the root has none of its own', () => {
  const text = `<config><service name="web"/><admin>
</admin><manager>
    <hostCheck/>
</manager></config>
`
  const user = {
    name: 'a',
    access: 'full',
    password: '',
    auth: 'any',
    keys: ['ssh-rsa A'],
  } as const
  const lines = edited(text, (draft) => draft.users.push({ ...user, keys: ['ssh-rsa A'] }))
  expect(lines).toContain('+    <user name="a" access="full">')
  expect(lines).toContain('+        <key>ssh-rsa A</key>')
})

test('an old scheduler name is answered with an old one, where the new scheduler had one', () => {
  const scheduler = (to: 'roundrobin' | 'twochoices') =>
    edited(WEB, (draft) => (group(draft).scheduler = to))[1]
  expect(scheduler('roundrobin')).toContain("scheduler='roundr'")
  expect(scheduler('twochoices')).toContain("scheduler='twochoices'")
})

test('two hosts that swap their names keep their elements or their addresses, and the file says what is so', () => {
  const edit = (draft: Draft<BalancerSnapshot>) => {
    const [a, b] = group(draft).hosts
    a!.name = 'b'
    b!.name = 'a'
  }
  const document = read(WEB)
  const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
  edit(draft)
  const written = writeDocument(document, draft as BalancerSnapshot)
  expect(read(written.text).snapshot).toEqual(draft)
})
