// `sluice run --read-only-config`: the file is read and taken over, and nothing is ever written beside or into it.
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { until } from '../helpers/until.ts'

const NEVER = 'is never written, because of --read-only-config'

test('the file is never written, that is said, and edits of the file are taken over', async () => {
  const services = serviceOf('web', [9], { listen: '127.0.0.1:0' })
  const manager = '<configCheck interval="1s" />'
  const sluice = await startSluice({ services, manager, args: ['--read-only-config'] })
  const { folder, file, config } = sluice
  const before = statSync(file)

  expect(await sluice.command('show summary')).toMatch(/^the file is never written: .*$/m)
  expect(await sluice.command('set web/main/a weight 5')).toContain('weight 1 -> 5')
  const { status, err } = await sluice.ssh('save')
  expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining(NEVER) })
  expect(await sluice.command('show summary')).toMatch(/^unsaved: .*lost at the stop$/m)
  expect(await sluice.command('history')).toContain('no revisions')
  expect(statSync(file)).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino })

  writeFileSync(file, config.replace('name="a"', 'name="a" maxSessions="7"'))
  const [host] = await until(async () => {
    const rows = await sluice.show<{ readonly maxSessions: number; readonly weight: number }>(
      'hosts',
    )
    return rows[0]?.maxSessions === 7 ? rows : undefined
  }, 'the edit is taken over')
  expect(host?.weight).toBe(5)

  await sluice.stop()
  expect(sluice.config).toBe(config.replace('name="a"', 'name="a" maxSessions="7"'))
  const beside = readdirSync(folder).filter((name) => /config|revisions/.test(name))
  expect(beside).toEqual(['config.xml'])
  expect(sluice.logged('config out of step')).toMatchObject([{ level: 'info' }])
  expect(sluice.logged().filter(({ level }) => level === 'error')).toEqual([])
})
