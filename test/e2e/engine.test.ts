// Which engine a process runs on, and with how many threads, as the file and the command line say it.
import { describe, expect, onTestFinished, test } from 'vitest'
import { exchange } from '../helpers/clients.ts'
import { namingHost } from '../helpers/hosts.ts'
import {
  serviceOf,
  type SluiceOptions,
  type SluiceProcess,
  startSluice,
} from '../helpers/sluice-process.ts'
import { spliceMissing } from '../helpers/splice-missing.ts'

const missing = spliceMissing()

interface Shown {
  readonly name: string
  readonly reason: string
  readonly engineThreads: readonly { readonly accepted: number }[]
  readonly exceptions: readonly { readonly service: string }[]
}

async function shown(sluice: SluiceProcess): Promise<Shown> {
  return JSON.parse(await sluice.command('show engine --json')) as Shown
}

/** Services `web`, and `mail`, which asks for the node engine; three threads in the file. */
async function start(more: Partial<SluiceOptions> = {}): Promise<SluiceProcess> {
  const host = await namingHost('a')
  onTestFinished(() => host.close())
  const at = host.address
  const mail = serviceOf('mail', [at]).replace('name="mail"', 'name="mail" engine="node"')
  const services = `${serviceOf('web', [at])}${mail}<engine threads="3"/>`
  const sluice = await startSluice({ services, ...more })
  for (const service of ['web', 'mail']) expect(await exchange(sluice.addressOf(service))).toBe('a')
  return sluice
}

describe.skipIf(missing !== '')(`${missing}where the splice engine can be had`, () => {
  test('it is taken, with the threads of the file and the exceptions of its services', async () => {
    const sluice = await start()
    const { name, engineThreads, exceptions } = await shown(sluice)
    expect([name, engineThreads.length]).toEqual(['splice', 3])
    expect(engineThreads.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1)
    const reason = 'asked for by engine="node"'
    expect(exceptions).toEqual([{ service: 'mail', engine: 'node', reason }])
    expect(await sluice.command('set service web engine node')).toMatch(
      /web: engine auto -> node, after a restart/,
    )
    expect((await shown(sluice)).exceptions.map(({ service }) => service)).toEqual(['web', 'mail'])
  })

  test('the command line wins over the file', async () => {
    const sluice = await start({ args: ['--engine', 'splice', '--engine-threads', '2'] })
    const { reason, engineThreads } = await shown(sluice)
    expect([reason, engineThreads.length]).toEqual(['asked for by --engine splice', 2])
  })
})

test('the node engine serves everything where it is asked for', async () => {
  const sluice = await start({ args: ['--engine', 'node'] })
  expect(await shown(sluice)).toMatchObject({
    name: 'node',
    reason: 'asked for by --engine node',
    engineThreads: [],
    exceptions: [],
  })
})
