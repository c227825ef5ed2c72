// Whoever reads what Sluice prints may leave; it goes on without them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sluice } from '../helpers/built-sluice.ts'
import { exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { testFolder } from '../helpers/folder.ts'
import { namingHost, refusingAddress } from '../helpers/hosts.ts'
import { serviceOf } from '../helpers/sluice-process.ts'

test('a reader of the log that goes away ends nothing and costs nothing', async () => {
  const folder = testFolder()
  const host = await namingHost('here')
  onTestFinished(() => host.close())
  const services = serviceOf('web', [await refusingAddress(), host.address])
  writeFileSync(join(folder, 'config.xml'), `<config>${services}</config>`)
  const child = sluice(['run', '--config', 'config.xml'], { folder })
  const ready = () => /listens on ([^\s,]+)/.exec(child.out)?.[1]
  const address = await eventually(ready, 'the start')
  child.leaveOutputs()
  // The first of them finds a host that refuses, which is a line for nobody.
  const answers = []
  for (let i = 0; i < 20; i++) answers.push(await exchange(address))
  expect(new Set(answers)).toEqual(new Set(['here']))
  child.signal('SIGTERM')
  expect(await child.ended).toMatchObject({ status: 0 })
})
