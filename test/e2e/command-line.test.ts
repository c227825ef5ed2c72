// The words typed after `sluice`, and what keeps it from starting: one sentence each, and the right exit status.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runSluice } from '../helpers/built-sluice.ts'
import { testFolder } from '../helpers/folder.ts'
import { silentHost } from '../helpers/hosts.ts'
import { pathOf } from '../helpers/programs.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { sshArgs, ssh } from '../helpers/ssh-client.ts'
import { type ChildEnd, runChild } from '../helpers/test-child.ts'

const PASSWORD = 'correct horse battery staple'

test('--version and --help answer and exit 0', async () => {
  const folder = testFolder()
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(await runSluice(['--version'], { folder })).toEqual({
    status: 0,
    out: `${version}\n`,
    err: '',
  })
  const help = await runSluice(['--help'], { folder })
  expect(help).toMatchObject({ status: 0, err: '' })
  for (const word of ['run', 'check', 'passwd', 'keygen', '--version']) {
    expect(help.out).toContain(word)
  }
})

test.each([
  [['run', '--engine', 'fast'], /auto.*node.*splice/],
  [['run', '--engine-threads', '0'], /engine-threads is a whole number from 1 to 64, got "0"/],
  [['run', '--engine-threads', 'many'], /whole number from 1 to 64, got "many"/],
  [['run', '--engine-threads'], /engine-threads/],
  [['run', '--engin', 'node'], /engin\b[\s\S]*--engine/],
  [['run', '--config'], /config[\s\S]*--config/],
  [['rnu'], /Did you mean run\?/],
  [['check'], /check <file>/],
  [[], /sluice run/],
])(
  'a line that is not understood exits 2 and says what is accepted: sluice %j',
  async (args, said) => {
    const { status, out, err } = await runSluice(args, { folder: testFolder() })
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toMatch(said)
  },
)

test('without its file it does not start, and says which file is one to begin with', async () => {
  const end = await runSluice(['run', '--config', 'gone.xml'], { folder: testFolder() })
  expectOneSentence(end, /there is no gone\.xml; etc\/config\.xml is one to begin with/)
})

test('a file that cannot be read keeps it from starting', async () => {
  const folder = testFolder()
  // Root reads whatever its mode says, so for root it is something that is no file.
  if (process.getuid?.() === 0) mkdirSync(join(folder, 'config.xml'))
  else writeFileSync(join(folder, 'config.xml'), '<config/>', { mode: 0 })
  const end = await runSluice(['run', '--config', 'config.xml'], { folder })
  expectOneSentence(
    end,
    /the file cannot be read: config\.xml( is not a regular file; name one|: .+; give this user)/,
  )
})

test('a port that another program has keeps it from starting, and nothing is left', async () => {
  const other = await silentHost()
  onTestFinished(() => other.close())
  const web = serviceOf('web', [9], { listen: other.address })
  const ssh = `<admin><ssh listen="${other.address}" enable="true" /></admin>`
  // The first one logs to the terminal, where the sentence has to stand alone.
  const folders = [folderWith(web, ''), folderWith(`<control socket="control.sock" />${ssh}`)]
  for (const folder of folders) {
    const before = readFileSync(join(folder, 'config.xml'), 'utf8')
    const end = await runSluice(['run', '--config', 'config.xml'], { folder })
    expectOneSentence(end, new RegExp(`already in use: .*${other.address}`))
    expect(existsSync(join(folder, 'control.sock'))).toBe(false)
    expect(readFileSync(join(folder, 'config.xml'), 'utf8')).toBe(before)
  }
})

test('a host key that others may read keeps it from starting', async () => {
  const folder = folderWith('<admin><ssh listen="127.0.0.1:0" enable="true" /></admin>')
  const key = join(folder, 'keys', 'host_ed25519')
  await runSluice(['keygen', 'host_ed25519'], { folder })
  chmodSync(key, 0o644)
  const end = await runSluice(['run', '--config', 'config.xml'], { folder })
  expectOneSentence(end, /not safe to use: keys\/host_ed25519: .*chmod 600/)
})

test('the hash that passwd prints lets the password in over ssh, and no other', async () => {
  const folder = testFolder()
  const { status, out, err } = await runSluice(['passwd'], { folder, input: `${PASSWORD}\n` })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+\n$/)
  const users = `\n    <user name="pat" access="readonly" password="${out.trim()}" />`
  const { target } = await startSluice({ services: serviceOf('web', [9]), users })
  const options = ['BatchMode=no', 'PreferredAuthentications=password', 'NumberOfPasswordPrompts=1']
  const login = (password: string) =>
    runChild(
      pathOf('sshpass'),
      [
        '-e',
        'ssh',
        ...sshArgs({ folder, port: target.port, user: 'pat', options }),
        'show version',
      ],
      { folder, env: { SSHPASS: password } },
    )
  expect(await login(PASSWORD)).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^sluice \d/i),
  })
  expect(await login(`${PASSWORD}r`)).toMatchObject({ status: 255, out: '' })
})

test('passwd makes nothing of an empty password', async () => {
  const folder = testFolder()
  expect(await runSluice(['passwd'], { folder, input: '\n' })).toMatchObject({ status: 1 })
})

test('keygen --show prints the host keys as ssh-keygen does, and makes none', async () => {
  const { folder } = await startSluice({ services: '' })
  const words = ['keygen', '--show', '--config', 'config.xml']
  const shown = await runSluice(words, { folder })
  const file = join('keys', 'host_ed25519')
  const { out } = await runChild(pathOf('ssh-keygen'), ['-lf', file], { folder })
  expect(shown).toEqual({ status: 0, err: '', out })
  rmSync(join(folder, file))
  expectOneSentence(
    await runSluice(words, { folder }),
    /there is no host key keys\/host_ed25519; make/,
  )
  expect(existsSync(join(folder, file))).toBe(false)
  expect(await runSluice(['keygen'], { folder })).toMatchObject({ status: 2 })
  expect(await runSluice(['keygen', 'x', '--show'], { folder })).toMatchObject({ status: 2 })
})

test('keygen makes a key that only its owner reads, that lets in at once, and that it never replaces', async () => {
  const users = '\n    <user name="eve" access="readonly" />'
  const { folder, target } = await startSluice({ services: serviceOf('web', [9]), users })
  const made = await runSluice(['keygen', 'eve'], { folder })
  expect(made).toMatchObject({ status: 0, err: '' })
  const key = join(folder, 'keys', 'eve')
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(statSync(`${key}.pub`).mode & 0o777).toBe(0o644)
  expect(await ssh({ ...target, user: 'eve', key }, ['show version'])).toMatchObject({ status: 0 })

  const before = readFileSync(key)
  expectOneSentence(await runSluice(['keygen', 'eve'], { folder }), /keys\/eve(\.pub)? /)
  expect(readFileSync(key).equals(before)).toBe(true)
})

/** A sentence on standard error, nothing else: no list of options, no stack, no trace of a start. */
function expectOneSentence({ status, out, err }: ChildEnd, pattern: RegExp): void {
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toMatch(/^sluice: [^\n]+\n$/)
  expect(err).toMatch(pattern)
}

function folderWith(parts: string, logging = '<logging file="sluice.log" />'): string {
  const folder = testFolder()
  writeFileSync(join(folder, 'config.xml'), `<config>${parts}\n${logging}</config>\n`)
  return folder
}
