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
/** Counts log-ins and their ends: an answer from before one of them is not about who is here now. */
let turns = 0
/** Of the process that this page came from, as far as it knows. */
let version: string | undefined

session.onLoggedOut = () => {
  if (me.get()) closeEnded = notice({ tone: 'warn', text: 'Your log-in has ended.', stays: true })
  leave()
}

listen('bye', ({ reason }) => notice({ tone: 'warn', text: reason }))
listen('say', ({ text }) => notice({ tone: 'info', text, stays: true }))
// Meanwhile somebody may have logged in as another in a second window, which has the same cookie.
listen('reset', () => void readMe().catch(() => {}))

/** What is known before a log-in. @throws Problem where nothing answers */
export async function readDoor(): Promise<Door> {
  const found = await get<Door>('/login')
  door.set(found)
  return found
}

/** Whoever the cookie of this browser says, if anybody. @throws Problem where nothing answers */
export async function readMe(): Promise<void> {
  const turn = turns
  const found = await readDoor()
  if (turn !== turns) return
  if (!found.loggedIn) return session.onLoggedOut()
  try {
    const who = await get<Me>('/me')
    if (turn === turns) enter(who)
  } catch (error) {
    if (me.get() !== null) throw error
  }
}

/** By name and password, or by a link that is good for once. @throws Problem 401, 429 */
export async function logIn(
  proof: { readonly user: string; readonly password: string } | { readonly link: string },
): Promise<void> {
  const who = await post<Me>('/login', proof)
  turns++
  enter(who)
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
  tellOfVersion(who.version)
}

/** A page that stayed open while another version was started asks and shows things as the one before did. */
function tellOfVersion(now: string): void {
  const isOther = version !== undefined && version !== now
  version = now
  if (!isOther) return
  const action = { label: 'Load the page again', run: () => location.reload() }
  const text = `Sluice is version ${now} now, and this page is that of the one before.`
  notice({ tone: 'warn', text, stays: true, action })
}

function leave(): void {
  turns++
  session.csrf = ''
  me.set(null)
  stopEvents()
}
