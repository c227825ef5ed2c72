// How live objects look at a prompt: a tree of lines with the few facts that matter on each. Everything else
// is in `describe()`. Takes what it prints by shape, so that the objects may import this file.
import type { InspectOptions } from 'node:util'

interface PrintedHost {
  readonly name: string
  readonly address: string
  readonly weight: number
  readonly health: string
  readonly ready: boolean
  readonly notReadyBecause: string
  readonly counters: { readonly open: number }
}

interface PrintedGroup {
  readonly name: string
  readonly scheduler: string
  readonly enabled: boolean
  readonly panic: boolean
  readonly waiting: number
  readonly hostList: readonly PrintedHost[]
}

interface PrintedListener {
  readonly address: string
  readonly state: string
  readonly counters: { readonly open: number }
}

interface PrintedService {
  readonly name: string
  readonly mode: string
  readonly pausedUntil: number
  readonly listenerList: readonly PrintedListener[]
  readonly groupList: readonly PrintedGroup[]
}

export type Print<Printed> = (printed: readonly Printed[], most: number) => readonly string[]

/** The text of some objects; no list in it is longer than the prompt prints arrays. */
export function printed<Printed>(
  print: Print<Printed>,
  objects: readonly Printed[],
  { maxArrayLength }: InspectOptions,
): string {
  return print(objects, maxArrayLength ?? Number.POSITIVE_INFINITY).join('\n')
}

export const printServices: Print<PrintedService> = (services, most) =>
  listed('services', services, most, ({ name, mode, pausedUntil, listenerList, groupList }) => {
    const addresses = listenerList.map((listener) => listener.address)
    const where = addresses.length === 0 ? 'listens nowhere' : `on ${addresses.join(', ')}`
    const until = new Date(pausedUntil).toISOString()
    const facts = [
      `service ${name}`,
      mode,
      where,
      ...(pausedUntil > 0 ? [`PAUSED until ${until}`] : []),
    ]
    return [facts.join(', '), ...indented(printGroups(groupList, most))]
  })

export const printGroups: Print<PrintedGroup> = (groups, most) =>
  listed('groups', groups, most, (group) => {
    const { hostList } = group
    const ready = hostList.filter((host) => host.ready).length
    const open = hostList.reduce((sum, host) => sum + host.counters.open, 0)
    const facts = [
      `group ${group.name}`,
      group.scheduler,
      group.enabled ? 'serves' : 'does not serve',
      `${ready} of ${hostList.length} ready`,
      `${open} open`,
      ...(group.waiting > 0 ? [`${group.waiting} waiting`] : []),
      ...(group.panic ? ['PANIC'] : []),
    ]
    return [facts.join(', '), ...indented(printHosts(hostList, most))]
  })

export const printHosts: Print<PrintedHost> = (hosts, most) => {
  const shown = hosts.slice(0, most)
  const nameWidth = Math.max(...shown.map(({ name }) => name.length))
  const addressWidth = Math.max(...shown.map(({ address }) => address.length))
  return listed('hosts', hosts, most, (host) => {
    const { name, address, weight, counters } = host
    const place = `${name.padEnd(nameWidth)}  ${address.padEnd(addressWidth)}`
    return [`${place}  weight ${weight}, ${counters.open} open, ${stateOf(host)}`]
  })
}

export const printListeners: Print<PrintedListener> = (listeners, most) =>
  listed('listeners', listeners, most, ({ address, state, counters }) => [
    `${address}, ${state}, ${counters.open} open`,
  ])

function stateOf({ ready, health, notReadyBecause }: PrintedHost): string {
  if (ready) return 'ready'
  // What a check says comes from the host, and must not steer the terminal.
  const because = notReadyBecause.replaceAll(/\p{C}/gu, ' ')
  return health === 'down' ? `down: ${because}` : because
}

function listed<Printed>(
  what: string,
  objects: readonly Printed[],
  most: number,
  linesOf: (printed: Printed) => readonly string[],
): readonly string[] {
  if (objects.length === 0) return [`no ${what}`]
  const lines = objects.slice(0, most).flatMap(linesOf)
  const left = objects.length - most
  return left > 0 ? [...lines, `… ${left} more ${what}`] : lines
}

export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
