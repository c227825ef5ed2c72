// What an operator changes live is in the file after one interval and back after a restart; what is changed in the
// file is taken over; what is broken in the file changes nothing.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runSluice } from '../helpers/built-sluice.ts'
import { connectTo, exchange } from '../helpers/clients.ts'
import { freePorts } from '../helpers/free-port.ts'
import { echoHost, namingHost } from '../helpers/hosts.ts'
import { type SluiceProcess, startAgain, startSluice } from '../helpers/sluice-process.ts'
import { TestTerminal } from '../helpers/terminal.ts'
import { until } from '../helpers/until.ts'

const MANAGER = '<configCheck interval="1" />'
const COMMENTS = ['<!-- the front door -->', '<!-- one rack -->', '<!-- an old machine -->']
const MODE = 0o600

interface HostRow {
  readonly path: string
  readonly address: string
  readonly weight: number
}

test('changes made over ssh are in effect at once, in the file after one interval, and back after a restart', async () => {
  const [names, [door = 0, secondDoor = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(2)]
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  const original = sluice.config

  await sluice.command(`add host web/main/d ${names.d}`)
  await sluice.command('set host web/main/a weight 5')
  await atPrompt(sluice, `services.web.listen('127.0.0.1:${secondDoor}')`)
  expect(await answersOf(secondDoor, 7)).toBe('aaaaabd')

  const wanted = [/name="d"/, /weight="5"/, new RegExp(`127\\.0\\.0\\.1:${secondDoor}`)]
  await until(async () => wanted.every((part) => part.test(sluice.config)), 'the file says it')
  for (const comment of COMMENTS) expect(sluice.config).toContain(comment)
  expect(statSync(sluice.file).mode & 0o777).toBe(MODE)
  expect(earlierVersions(sluice)[0]).toBe(original)
  expect(await runSluice(['check', sluice.file], sluice)).toMatchObject({ status: 0 })
  const before = await rowsOf(sluice)
  const file = sluice.config
  await sluice.stop()
  expect(sluice.config).toBe(file)

  const again = await startAgain(sluice.folder)
  expect(await rowsOf(again)).toEqual(before)
  for (const port of [door, secondDoor]) expect(await answersOf(port, 7)).toBe('aaaaabd')
  await again.stop()
})

test('what is renamed goes on: its session, its listener, its counters and its element in the file', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const echo = await echoHost()
  onTestFinished(() => echo.close())
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  await sluice.command(`add host web/main/e ${echo.address} --before a`)
  for (const name of ['a', 'b']) await sluice.command(`drain host web/main/${name}`)
  const client = await connectTo(`127.0.0.1:${door}`)
  onTestFinished(() => void client.socket.destroy())
  await until(async () => echo.accepted === 1, 'the client is in')

  for (const line of ['host web/main/e one', 'group web/main first', 'service web www'])
    await sluice.command(`rename ${line}`)
  const sessions = await sluice.command(
    'show sessions www/first/one --columns service,group,host --json',
  )
  expect(JSON.parse(sessions)).toEqual([{ service: 'www', group: 'first', host: 'one' }])
  await sluice.command('disable host www/first/one')
  for (const name of ['a', 'b']) await sluice.command(`enable host www/first/${name}`)
  expect(await answersOf(door, 2)).toHaveLength(2)
  client.socket.end('still here')
  expect((await client.received()).toString()).toBe('still here')

  const wanted = ['<service name="www"', '<group name="first"', 'name="one"']
  await until(async () => wanted.every((part) => sluice.config.includes(part)), 'the file says it')
  for (const comment of COMMENTS) expect(sluice.config).toContain(comment)
  await sluice.stop()
})

test('a change is not lost when Sluice is stopped before the interval is over', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const manager = '<configCheck interval="1h" />'
  const sluice = await startSluice({ services: shopAt(door, names), manager })
  await sluice.command('set host web/main/a weight 3')
  await sluice.stop()
  expect(sluice.config).toContain('weight="3"')
})

test('an edit of the file is taken over while Sluice runs, and a broken one changes nothing', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  const original = sluice.config
  const edited = original.replace('</group>', `  <host name="d" ip="${names.d}" />\n    </group>`)
  edit(sluice, edited)
  await until(async () => (await rowsOf(sluice)).length === 3, 'the host of the file is there')
  expect(await answersOf(door, 3)).toBe('abd')

  const broken = edited.replace('name="d"', 'name="d" weight="much"')
  const line = broken.slice(0, broken.indexOf('"much"')).split('\n').length
  edit(sluice, broken)
  const complaint = await until(async () => sluice.logged('config out of step')[0], 'a complaint')
  expect(complaint.level).toBe('error')
  expect(complaint.reason).toMatch(
    new RegExp(`config\\.xml:${line}:\\d+: weight is a whole number`),
  )
  expect(await answersOf(door, 3)).toBe('abd')
  const check = await runSluice(['check', 'config.xml'], sluice)
  expect(check.status).toBe(1)
  expect(check.out).toMatch(
    new RegExp(`^config\\.xml:${line}:\\d+: weight is a whole number from 0 to 256, got "much"\n`),
  )
  expect(sluice.config).toBe(broken)

  edit(sluice, edited.replace('name="d"', 'name="d" weight="4"'))
  await until(async () => (await rowsOf(sluice))[2]?.weight === 4, 'the repaired file is read')
  expect(sluice.logged('config out of step')).toHaveLength(1)
  await sluice.stop()
})

test('where both changed the same, nothing is lost until an operator decides', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  const edited = sluice.config.replace('name="b"', 'name="b" weight="2"')
  await changeBoth(sluice, edited, 'hosts.b.weight = 7, hosts.a.weight = 3')
  await until(async () => sluice.logged('config conflict')[0], 'the conflict is told')
  expect(sluice.logged('config conflict')).toMatchObject([
    { level: 'warn', path: 'web/main/b/weight', inFile: '2', running: '7', by: 'ssh:op' },
  ])
  // What only one of them changed goes its way all the same.
  await until(async () => /name="a"[^>]* weight="3"/.test(sluice.config), 'the rest is saved')
  expect(sluice.config).toContain('name="b" weight="2"')
  expect(await rowsOf(sluice)).toMatchObject([{ weight: 3 }, { weight: 7 }])
  expect(await sluice.command('show conflicts')).toMatch(
    /^web\/main\/b\/weight +1 +2 .* 7 +ssh:op /m,
  )
  expect(await sluice.command('show summary')).toMatch(/^unsaved: .*web\/main\/b\/weight/m)
  expect(await sluice.ssh('save')).toMatchObject({ status: 1, out: '' })
  expect(await sluice.command('resolve web/main/b/weight file')).toContain('1 conflict settled')
  expect(await rowsOf(sluice)).toMatchObject([{ weight: 3 }, { weight: 2 }])
  for (const comment of COMMENTS) expect(sluice.config).toContain(comment)
  expect(await sluice.command('save')).toContain('nothing to write')
  await sluice.stop()
})

test('what nobody settled is beside the file after a stop, and the next start says so', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  const edited = sluice.config.replace('name="b"', 'name="b" weight="2"')
  await changeBoth(sluice, edited, 'hosts.b.weight = 7')
  await until(async () => sluice.logged('config conflict')[0], 'the conflict is told')
  await sluice.stop()
  const kept = join(sluice.folder, 'config.xml-unsaved')
  expect(readFileSync(kept, 'utf8')).toContain('name="b" weight="7"')
  expect(sluice.config).toBe(edited)
  expect(sluice.logged('changes not saved')).toMatchObject([{ kept: 'config.xml-unsaved' }])
  const again = await startAgain(sluice.folder)
  expect(await rowsOf(again)).toMatchObject([{ weight: 1 }, { weight: 2 }])
  expect(again.logged('changes not saved by an earlier run')).toHaveLength(1)
  await again.stop()
})

test('it is there from the first look on, so that not even a crash loses it', async () => {
  const [names, [door = 0]] = [await namingHosts('a', 'b', 'd'), await freePorts(1)]
  const sluice = await startSluice({ services: shopAt(door, names), manager: MANAGER })
  const edited = sluice.config.replace('name="b"', 'name="b" weight="2"')
  await changeBoth(sluice, edited, 'hosts.b.weight = 7')
  const kept = join(sluice.folder, 'config.xml-unsaved')
  await until(async () => existsSync(kept), 'what runs is kept')
  sluice.child.signal('SIGKILL')
  await sluice.child.ended
  expect(readFileSync(kept, 'utf8')).toContain('name="b" weight="7"')
  const again = await startAgain(sluice.folder)
  expect(await rowsOf(again)).toMatchObject([{ weight: 1 }, { weight: 2 }])
  expect(again.logged('changes not saved by an earlier run')).toHaveLength(1)
  await again.stop()
})

/** In one turn of its event loop, so that the sync timer cannot come in between. */
async function changeBoth(sluice: SluiceProcess, edited: string, live: string): Promise<void> {
  const write = `require('fs').writeFileSync('config.xml', ${JSON.stringify(edited)})`
  await sluice.command(`js ${write}, { hosts } = services.web.groups.main, ${live}`)
}

function shopAt(door: number, { a, b }: Readonly<Record<string, string>>): string {
  const [front, rack, old] = COMMENTS
  return `
  ${front}
  <service name="web">
    <listen ip="127.0.0.1:${door}" />
    <group name="main" scheduler="weightedroundrobin" enable="true"> ${rack}
      <host name="a"   ip="${a}" />
      <host name="b" ip="${b}" />${old}
    </group>
  </service>`
}

/** Hosts that say their name, by name. */
async function namingHosts(...names: readonly string[]): Promise<Record<string, string>> {
  const pairs = names.map(async (name) => {
    const host = await namingHost(name)
    onTestFinished(() => host.close())
    return [name, host.address] as const
  })
  return Object.fromEntries(await Promise.all(pairs))
}

/** Who answered at a port, sorted. */
async function answersOf(port: number, times: number): Promise<string> {
  const answers: string[] = []
  while (answers.length < times) answers.push(await exchange(`127.0.0.1:${port}`))
  return answers.toSorted().join('')
}

/** Type a line at the prompt of a real terminal, and leave. */
async function atPrompt({ target }: SluiceProcess, line: string): Promise<void> {
  const terminal = await TestTerminal.open(target)
  try {
    await terminal.shows(/sluice>\s*$/m)
    await terminal.line(line)
    await terminal.shows(/\)\n[\s\S]*sluice>\s*$/m)
    await terminal.press('C-d')
    await terminal.shows(/^status=0$/m)
  } finally {
    await terminal.close()
  }
}

async function rowsOf(sluice: SluiceProcess): Promise<HostRow[]> {
  const rows = await sluice.show<HostRow>('hosts')
  return rows.map(({ path, address, weight }) => ({ path, address, weight }))
}

/** The texts of all revisions, oldest first. */
function earlierVersions({ folder }: SluiceProcess): string[] {
  const revisions = join(folder, 'revisions')
  const names = readdirSync(revisions).filter((name) => name.endsWith('.xml'))
  const oldestFirst = names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return oldestFirst.map((name) => readFileSync(join(revisions, name), 'utf8'))
}

function edit({ file }: SluiceProcess, text: string): void {
  writeFileSync(file, text)
}
