// The services, the state of the document, and the figures of the hosts of the one service that is looked at.
import { command, get } from '../api/call.ts'
import { listen, watchService } from '../api/events.ts'
import type { ConfigEvent, HostFigures, PendingCommit, ServiceRow } from '../api/types.ts'
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

interface Summary {
  readonly unsaved: string | null
  readonly conflicts: number
  readonly pendingCommit: PendingCommit | null
}

/** @returns ends it */
export function followConfig(): () => void {
  const read = () => void readConfig().catch(() => {})
  read()
  const ends = [listen('config', noteConfig), listen('reset', read)]
  return () => ends.forEach((end) => end())
}

// What was saved by itself is told by nothing but the number of its revision.
function noteConfig(event: ConfigEvent): void {
  const before = configState.get()?.revision ?? event.revision
  configState.set(event)
  if (event.revision !== before) markStale()
}

async function readConfig(): Promise<void> {
  const { result } = await command<Summary>('show-summary')
  const { unsaved, conflicts, pendingCommit: pending } = result
  configState.update((now) => ({ unsaved, conflicts, pending, revision: now?.revision ?? null }))
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
