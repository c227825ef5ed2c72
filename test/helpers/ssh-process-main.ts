// The ssh plane in a process of its own, with the handlers that main.ts has. Prints its port, then every
// log line as JSON; stops in good order on SIGINT.
import { readFileSync } from 'node:fs'
import type { SshServerOptions } from '../../src/ssh/server.ts'
import { showToPrompt } from '../../src/ssh/server.ts'
import { startSshBalancer, type TestUser } from './ssh-balancer.ts'

const [file = ''] = process.argv.slice(2)
const { users, folder, limits } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly users: readonly TestUser[]
  readonly folder: string
  readonly limits: NonNullable<SshServerOptions['limits']>
}

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const onUncaught = (error: unknown) => {
  if (!showToPrompt(error)) print({ event: 'bug of the balancer', reason: String(error) })
}
process.on('uncaughtException', onUncaught)
process.on('unhandledRejection', onUncaught)

const started = await startSshBalancer(users, { folder, limits })
const { lines } = started.log
lines.push = (...added) => {
  for (const { event, level, facts } of added) print({ event, level, ...facts })
  return lines.length
}
process.once('SIGINT', () => {
  void started.stop().then(() => {
    print({ event: 'stopped' })
    process.exit(0)
  })
})
print({ event: 'started', port: started.port })
