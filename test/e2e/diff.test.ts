// `sluice diff`: two files in, the commands that lie between them out, and a running Sluice that takes them over ssh.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runSluice } from '../helpers/built-sluice.ts'
import { testFolder } from '../helpers/folder.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { BOBS_KEY } from '../helpers/stub-process.ts'

const EXAMPLES = fileURLToPath(new URL('../../etc/examples', import.meta.url))
const [TXLB, PYDIR] = ['txloadbalancer-style.xml', 'pythondirector-style.xml'] as const

test('two files that say the same in other words are no difference, exit 0', async () => {
  const folder = testFolder()
  writeFileSync(join(folder, 'a.xml'), `<config>${serviceOf('web', [9])}</config>`)
  const other = readFileSync(join(folder, 'a.xml'), 'utf8')
    .replace('enable="true"', "enable='yes'")
    .replace('<config>', '<config><!-- the same -->')
  writeFileSync(join(folder, 'b.xml'), other)
  const same = { status: 0, out: '', err: '' }
  expect(await runSluice(['diff', 'a.xml', 'b.xml'], { folder })).toEqual(same)
  const { out } = await runSluice(['diff', 'a.xml', 'b.xml', '--json'], { folder })
  expect(JSON.parse(out)).toEqual({ same: true, differences: [], commands: [] })
})

test('the files of both ancestors are compared, exit 1', async () => {
  const { status, out, err } = await runSluice(['diff', TXLB, PYDIR], { folder: EXAMPLES })
  expect({ status, err }).toEqual({ status: 1, err: '' })
  const lines = out.trimEnd().split('\n')
  expect(lines).toContain('add host web/live/one 10.0.0.1:80')
  expect(lines).toContain('set setting hostCheck interval 45s')
  expect(lines).toContain('user remove bob --force')
  // Its port is free, and its hosts are there, when the new service opens it.
  const inOrder = [
    'add host web/spare/host.1 10.0.1.2:80',
    'listen remove proxy1/listen/*:8080',
    'listen add web 0.0.0.0:8080',
    'remove service proxy1',
  ]
  expect(lines.filter((line) => inOrder.includes(line))).toEqual(inOrder)
})

test('--json has the differences without hashes, and the commands', async () => {
  const { status, out } = await runSluice(['diff', TXLB, PYDIR, '--json'], { folder: EXAMPLES })
  const { same, differences, commands } = JSON.parse(out) as Record<string, unknown>
  expect({ status, same }).toEqual({ status: 1, same: false })
  expect(differences).toContainEqual({
    action: 'add',
    kind: 'user',
    path: 'settings/users/guest',
    field: null,
    before: null,
    after: { name: 'guest', access: 'readonly', auth: 'any', password: '***', keys: [] },
  })
  expect(commands).toContainEqual({
    command: 'set setting web secure true',
    notes: ['takes effect after a restart'],
  })
})

test('files that do not load are trouble, exit 2, with every fault on standard error', async () => {
  const folder = testFolder()
  writeFileSync(join(folder, 'bad.xml'), '<config>\n  <service/>\n  <servise/>\n</config>')
  const { status, out, err } = await runSluice(['diff', 'bad.xml', 'gone.xml'], { folder })
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toMatch(/^bad\.xml:2:3: /m)
  expect(err).toMatch(/^bad\.xml:3:3: /m)
  expect(err).toMatch(/there is no gone\.xml/)
  expect(await runSluice(['diff', 'bad.xml'], { folder })).toMatchObject({ status: 2, out: '' })
})

test('what is printed, sent to a running Sluice, makes of it what the other file says', async () => {
  const sluice = await startSluice({
    services: serviceOf('web', [9, 10]) + serviceOf('old', [11]),
    users: '\n    <user name="bob" access="operate" />',
  })
  const wanted = sluice.config
    .replace('name="b" ip="127.0.0.1:10" ', 'name="it\'s b" ip="127.0.0.1:10" weight="4"')
    .replace('name="a" ip="127.0.0.1:9" ', 'name="a" ip="127.0.0.1:12" state="draining"')
    .replace(serviceOf('old', [11]), serviceOf('new', [13], { door: 'allow="127.0.0.1"' }))
    .replace('name="bob" access="operate" />', `name="carol"><key>${BOBS_KEY}</key></user>`)
    .replace('<manager>', '<manager><hostCheck interval="3s" />')
  writeFileSync(join(sluice.folder, 'wanted.xml'), wanted)
  const diff = ['diff', 'config.xml', 'wanted.xml']
  const { status, out, err } = await runSluice(diff, { folder: sluice.folder })
  expect({ status, err }).toEqual({ status: 1, err: '' })
  expect(await sluice.command(`diff running ${join(sluice.folder, 'wanted.xml')} --commands`)).toBe(
    out,
  )
  const sent = await sluice.ssh('batch', out)
  expect({ ...sent, commands: out }).toMatchObject({ status: 0, err: '' })
  const dry = await sluice.ssh('apply --dry-run', wanted)
  expect(dry).toMatchObject({ status: 0, out: expect.stringContaining('no differences') })
  await sluice.command('save')
  expect(await runSluice(diff, { folder: sluice.folder })).toEqual({ status: 0, out: '', err: '' })
})
