// The code of a log-in link, taken out of the address as soon as it is there, so that neither the history of the browser nor
// who looks at the screen has it. Whoever opens a link wants to get in by it, also where somebody is logged in already.
import { me } from '../../state/me.ts'
import { createStore, type Store } from '../../state/store.ts'
import { codeIn, withoutCode } from './login-link.ts'

/** What is to be tried; the log-in view does, and forgets it. */
export const linkCode: Store<string | undefined> = createStore<string | undefined>(taken())

window.addEventListener('hashchange', () => {
  const code = taken()
  if (code === undefined) return
  linkCode.set(code)
  me.set(null)
})

function taken(): string | undefined {
  const code = codeIn(location.hash)
  if (code === undefined) return undefined
  history.replaceState(null, '', withoutCode(`${location.pathname}${location.search}`))
  return code
}
