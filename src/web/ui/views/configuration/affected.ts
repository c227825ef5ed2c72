// How many sessions a change of the configuration concerns: those of what it takes away.
import type { HostRow, ListenerRow } from '../../api/types.ts'
import { counted } from '../../text/format.ts'
import type { Difference } from '../text/difference.ts'

export interface OpenNow {
  readonly hosts: readonly Pick<HostRow, 'path' | 'open'>[]
  readonly listeners: readonly Pick<ListenerRow, 'path' | 'open'>[]
}

/** Sessions that are open on hosts and at listeners that go, each counted once. */
export function openOnRemoved(differences: readonly Difference[], now: OpenNow): number {
  const gone = differences.filter(({ action }) => action === 'remove')
  const without = (kind: string) =>
    gone.filter((each) => each.kind === kind).map(({ path }) => path)
  const roots = [...without('service'), ...without('group'), ...without('host')]
  const services = new Set(without('service'))
  const hosts = now.hosts.filter(({ path }) => roots.some((root) => isAtOrBelow(path, root)))
  const places = new Set(without('listener'))
  const listeners = now.listeners.filter(({ path }) => {
    // Those of a service that goes are counted with its hosts.
    return places.has(path) && !services.has(path.split('/')[0] ?? '')
  })
  return [...hosts, ...listeners].reduce((sum, { open }) => sum + open, 0)
}

/** In a sentence; what only changes leaves sessions as they are. */
export function affectedText(differences: readonly Difference[], now: OpenNow): string {
  if (!differences.some(({ action }) => action === 'remove'))
    return 'Nothing is removed: open sessions go on.'
  const open = openOnRemoved(differences, now)
  if (open === 0) return 'No session is open on what is removed.'
  const finish = open === 1 ? 'It finishes' : 'They finish'
  return `${counted(open, 'session')} ${open === 1 ? 'is' : 'are'} open on what is removed. ${finish}, and no new ones come.`
}

function isAtOrBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}
