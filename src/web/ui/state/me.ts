// Who is logged in: undefined as long as nobody asked, null where nobody is.
import { get, post, session } from '../api/call.ts'
import { listen, startEvents, stopEvents } from '../api/events.ts'
import type { Door, Me } from '../api/types.ts'
import { notice } from './notices.ts'
import { createStore, type Store } from './store.ts'

export const me: Store<Me | null | undefined> = createStore<Me | null | undefined>(undefined)

/** Known as soon as the server answered. */
export const door: Store<Door | undefined> = createStore<Door | undefined>(undefined)

let closeEnded = (): void => {}

session.onLoggedOut = () => {
  if (me.get()) closeEnded = notice({ tone: 'warn', text: 'Your log-in has ended.', stays: true })
  leave()
}

listen('bye', ({ reason }) => notice({ tone: 'warn', text: reason }))
listen('say', ({ text }) => notice({ tone: 'info', text, stays: true }))

/** What is known before a log-in. @throws Problem where nothing answers */
export async function readDoor(): Promise<Door> {
  const found = await get<Door>('/login')
  door.set(found)
  return found
}

/** Whoever the cookie of this browser says, if anybody. @throws Problem where nothing answers */
export async function readMe(): Promise<void> {
  const found = await readDoor()
  if (!found.loggedIn) return leave()
  try {
    enter(await get<Me>('/me'))
  } catch (error) {
    if (me.get() !== null) throw error
  }
}

/** By name and password, or by a link that is good for once. @throws Problem 401, 429 */
export async function logIn(
  proof: { readonly user: string; readonly password: string } | { readonly link: string },
): Promise<void> {
  enter(await post<Me>('/login', proof))
}

export async function logOut(): Promise<void> {
  await post('/logout')
  leave()
}

function enter(who: Me): void {
  closeEnded()
  door.set({ loggedIn: true, insecure: who.insecure })
  session.csrf = who.csrf
  me.set(who)
  startEvents()
}

function leave(): void {
  session.csrf = ''
  me.set(null)
  stopEvents()
}
