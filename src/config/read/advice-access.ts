// Advice on who gets in by the web page: an address without TLS, a certificate that is not one, tokens that let nobody in.
import { isLoopback, parseAddress } from '../../base/address.ts'
import { hasExpired } from '../../model/access-lists.ts'
import { TOKEN_FIELDS } from '../../model/fields.ts'
import { SETTING_FIELDS } from '../../model/setting-fields.ts'
import type { FaultList } from './fault.ts'
import { childOf } from './parse.ts'
import { placed, placeOf } from './placed.ts'
import { webElementIn } from './read-settings.ts'
import type { Document } from './read.ts'

const { web: WEB } = SETTING_FIELDS

export function adviseOnWeb({ root, snapshot }: Document, faults: FaultList): void {
  const { web } = snapshot.settings
  const element = webElementIn(root)
  if (element === undefined) return
  if (web.enable && !web.secure && !web.insecure && !staysHere(web.listen)) {
    const what = `the web page is not to be served at ${web.listen} without TLS`
    const next = 'secure="true", or insecure="true" where that is meant'
    faults.warn(placeOf(element, WEB.listen), `it will not start: ${what}; ${next}`)
  }
  if (web.key !== '' && web.certificate === '')
    faults.warn(placeOf(element, WEB.key), 'key is of no use without certificate="…"')
}

/** @param now milliseconds since 1970 */
export function adviseOnTokens({ root, snapshot }: Document, now: number, faults: FaultList): void {
  const admin = childOf(root, 'admin')
  if (admin === undefined) return
  const first = new Map<string, string>()
  for (const { element, item } of placed(admin, 'token', snapshot.tokens)) {
    const { name, hash, expires } = item
    if (snapshot.users.some((user) => user.name === name)) {
      const what = `token ${name} has the name of a user: both have one candidate, and one name in the audit log`
      faults.warn(element.start, what)
    }
    const before = first.get(hash)
    if (before === undefined) first.set(hash, name)
    else {
      const what = `token ${name} has the hash of token ${before}, which counts`
      faults.warn(placeOf(element, TOKEN_FIELDS.hash), what)
    }
    if (!hasExpired(item, now)) continue
    const what = `token ${name} lets nobody in: it expired at ${expires}`
    faults.warn(placeOf(element, TOKEN_FIELDS.expires), what)
  }
}

/** Can no other machine reach it? */
function staysHere(listen: string): boolean {
  const address = parseAddress(listen)
  return address === undefined || address.kind === 'unix' || isLoopback(address.host)
}
