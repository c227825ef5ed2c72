// The services, the state of the document, and the figures of the hosts of the one service that is looked at.
import { get } from '../api/call.ts'
import { listen, watchService } from '../api/events.ts'
import type { ConfigEvent, HostFigures, ServiceRow } from '../api/types.ts'
import { createLoaded, type LoadedStore } from './loaded.ts'
import { markStale } from './stale.ts'
import { createStore, type Store } from './store.ts'

export const services: LoadedStore<readonly ServiceRow[]> = createLoaded(() =>
  get<readonly ServiceRow[]>('/services'),
)

/** Undefined until it is known. */
export const configState: Store<ConfigEvent | undefined> = createStore<ConfigEvent | undefined>(
  undefined,
)

/** Each stream of events begins with how the document stands. @returns ends it */
export function followConfig(): () => void {
  return listen('config', (event) => {
    const before = configState.get()
    configState.set(event)
    if (before !== undefined && isOther(before, event)) markStale()
  })
}

/** What was saved by itself, or edited in the file, is told by nothing else. */
function isOther(before: ConfigEvent, now: ConfigEvent): boolean {
  const { revision, unsaved, conflicts } = now
  return (
    revision !== before.revision || unsaved !== before.unsaved || conflicts !== before.conflicts
  )
}

/** By the path below the service: `main/a`. Empty until the first second has passed. */
export const hostFigures: Store<Readonly<Record<string, HostFigures>>> = createStore<
  Readonly<Record<string, HostFigures>>
>({})

/** The figures of its hosts come in from now on. @returns ends it */
export function lookAtService(name: string): () => void {
  hostFigures.set({})
  watchService(name)
  const end = listen('hosts', ({ service, hosts }) => {
    if (service === name) hostFigures.set(hosts)
  })
  return () => {
    end()
    watchService(undefined)
  }
}
