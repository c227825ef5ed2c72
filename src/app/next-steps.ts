// What is printed after the start: what runs, and what to type next.
import { isLoopback, parseAddress } from '../base/address.ts'
import type { OperatorRole } from '../model/fields.ts'
import type { Service } from '../model/service.ts'
import type { Sluice } from './run.ts'
import { VERSION } from './version.ts'

/** Lines for people, on standard output. */
export function nextSteps(sluice: Sluice): readonly string[] {
  const { balancer, engine } = sluice.core
  const tryIt = [...curlLines(balancer.serviceList), ...sshLines(sluice)]
  return [
    `Sluice ${VERSION} runs on the ${engine.name} engine.`,
    ...balancer.serviceList.map(serviceLine),
    ...(tryIt.length === 0
      ? []
      : ['Next, in another terminal:', ...tryIt.map((line) => `  ${line}`)]),
    'Ctrl-C stops gracefully.',
  ]
}

function serviceLine(service: Service): string {
  const doors = service.listenerList.map((listener) => listener.bound).join(', ') || 'nowhere'
  const group = service.servingGroup
  const hosts = group?.hostList.map((host) => host.name).join(', ') || 'no hosts'
  const served =
    group === undefined ? 'no group' : `group ${group.name} (${group.scheduler}): ${hosts}`
  return `  service ${service.name} listens on ${doors}, ${served}`
}

function curlLines(services: readonly Service[]): string[] {
  const [door] = services.flatMap((service) => service.listenerList)
  const address = door === undefined ? undefined : parseAddress(door.bound)
  if (address?.kind !== 'tcp') return []
  const host = address.host === '' ? '127.0.0.1' : address.host
  return [`curl http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`]
}

function sshLines({ ssh, core }: Sluice): string[] {
  const address = ssh === undefined ? undefined : parseAddress(ssh.address)
  if (ssh === undefined || address?.kind !== 'tcp') return []
  const { users, settings } = core.balancer
  const user = bestUser(users)
  if (user === undefined)
    return ['(nobody can log in over ssh: there is no <user> in the configuration)']
  const host = address.host === '' || isLoopback(address.host) ? '127.0.0.1' : address.host
  const login = `ssh -i ${settings.ssh.keys}/${user} -p ${address.port} ${user}@${host}`
  return [login, `  host key ${ssh.fingerprint}`]
}

function bestUser(users: readonly { name: string; access: OperatorRole }[]): string | undefined {
  const best = users.find(({ access }) => access === 'full') ?? users[0]
  return best?.name
}
