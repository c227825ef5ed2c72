// What is printed after the start: what runs, and what to type next.
import { isLoopback, parseAddress } from '../base/address.ts'
import type { OperatorRole } from '../model/fields.ts'
import type { Service } from '../model/service.ts'
import type { Sluice } from './run.ts'
import { VERSION } from './version.ts'

/** Lines for people, on standard output. */
export function nextSteps(sluice: Sluice): readonly string[] {
  const { balancer, engine } = sluice.core
  const tryIt = [...curlLines(balancer.serviceList), ...sshLines(sluice), ...webLines(sluice)]
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

function sshLines(sluice: Sluice): string[] {
  const { ssh } = sluice
  if (ssh === undefined) return []
  const login = loginLine(sluice)
  if (login === undefined)
    return ['(nobody can log in over ssh: there is no <user> in the configuration)']
  return [login, `  host key ${ssh.fingerprint}`]
}

function webLines(sluice: Sluice): string[] {
  const { web } = sluice
  if (web === undefined) return []
  const { fingerprint } = web
  const shown = fingerprint === undefined ? [] : [`  certificate ${fingerprint} (SHA-256)`]
  const login = loginLine(sluice)
  const link = login === undefined ? [] : [`  without a password: ${login} web link`]
  return [`the page is at ${web.url}/`, ...shown, ...link]
}

/** How to log in over ssh; undefined where nobody can. */
function loginLine({ ssh, core }: Sluice): string | undefined {
  const address = ssh === undefined ? undefined : parseAddress(ssh.address)
  if (address?.kind !== 'tcp') return undefined
  const { users, settings } = core.balancer
  const user = bestUser(users)
  if (user === undefined) return undefined
  const host = address.host === '' || isLoopback(address.host) ? '127.0.0.1' : address.host
  return `ssh -i ${settings.ssh.keys}/${user} -p ${address.port} ${user}@${host}`
}

function bestUser(users: readonly { name: string; access: OperatorRole }[]): string | undefined {
  const best = users.find(({ access }) => access === 'full') ?? users[0]
  return best?.name
}
