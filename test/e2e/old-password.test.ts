// An operator of an old file, with a DES hash: gets in with the password, and the file has a better hash
// afterwards, which lets in as well.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pathOf } from '../helpers/programs.ts'
import { type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { sshArgs } from '../helpers/ssh-client.ts'

const run = promisify(execFile)
/** "admin" in the files of PythonDirector. */
const DES_ADMIN = '..xpoEyRReGzk'

test('an old hash is replaced in the file by the first login that fits', async () => {
  const users = `\n    <user name="old" password="${DES_ADMIN}" access="readonly" />`
  const manager = '<configCheck interval="200ms" />'
  const sluice = await startSluice({ services: '', users, manager })
  await expect(login(sluice, 'Admin')).rejects.toThrow('sshpass')
  expect(sluice.config).toContain(DES_ADMIN)
  expect(await login(sluice, 'admin')).toMatch(/^sluice|\d/i)
  await expect.poll(() => sluice.config).toMatch(/name="old" password="scrypt\$/)
  expect(sluice.config).not.toContain(DES_ADMIN)
  expect(sluice.logged('password hash replaced')).toMatchObject([{ operator: 'old' }])
  const changed = sluice.logged('changed').filter(({ path }) => path === 'settings/users')
  expect(changed).toMatchObject([{ origin: 'login:old' }])
  expect(await login(sluice, 'admin')).toMatch(/^sluice|\d/i)
  await expect(login(sluice, 'Admin')).rejects.toThrow('sshpass')
  await sluice.stop()
})

async function login({ folder, target }: SluiceProcess, password: string): Promise<string> {
  const options = ['BatchMode=no', 'NumberOfPasswordPrompts=1', 'PreferredAuthentications=password']
  const words = sshArgs({ folder, port: target.port, user: 'old', options })
  const args = ['-p', password, pathOf('ssh'), ...words, 'show version']
  const { stdout } = await run(pathOf('sshpass'), args)
  return stdout
}
