// A process that ends in the middle of its traffic, without a word to anybody, ends with the status it was given: its
// threads are running, its sessions are open, and no signal says that one of them fell.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectTo } from '../helpers/clients.ts'
import { testFolder } from '../helpers/folder.ts'
import { echoHost } from '../helpers/hosts.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { spliceMissing } from '../helpers/splice-missing.ts'

const missing = spliceMissing()
const CLIENTS = 12

/** Run in the process, with the status that it must end with. */
const WAYS: readonly (readonly [end: string, status: number])[] = [
  ['process.exit(7)', 7],
  ['process.removeAllListeners("uncaughtException"), setTimeout(() => { throw new Error() })', 1],
  ['process.kill(process.pid, "SIGTERM"), setTimeout(() => process.exit(9), 20)', 9],
]

describe.skipIf(missing !== '')(`${missing}with three threads and open sessions`, () => {
  test.each(WAYS)('it ends by %s with status %i', async (end, status) => {
    const host = await echoHost()
    onTestFinished(() => host.close())
    const services = `${serviceOf('web', [host.address])}<engine threads="3"/>`
    const sluice = await startSluice({ services, env: { NODE_OPTIONS: endingBy(end) } })
    for (let i = 0; i < CLIENTS; i++) {
      const { socket } = await connectTo(sluice.addressOf('web'))
      onTestFinished(() => void socket.destroy())
      socket.on('data', (heard) => socket.write(heard))
      socket.write('round and round')
    }
    sluice.child.signal('SIGUSR2')
    expect((await sluice.child.ended).status).toBe(status)
  })
})

/** Options of Node with which SIGUSR2 ends the process that way. */
function endingBy(end: string): string {
  const file = join(testFolder(), 'ends.mjs')
  writeFileSync(file, `process.on('SIGUSR2', () => { ${end} })`)
  return `--import=${file}`
}
