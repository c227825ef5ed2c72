// What becomes of a request that shows no token: it comes from a stranger, from a page that is logged in, or it was sent
// by somebody else's page and is refused.
import type { IncomingHttpHeaders } from 'node:http'
import { isNavigation, whyForeignPage, whyForeignSite } from './same-origin.ts'
import type { Session } from './sessions.ts'

/** Header of a request by which our own page proves itself. */
const CSRF_HEADER = 'x-sluice-csrf'

export interface BrowserRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Strangers may ask, too. */
  readonly isOpen: boolean
}

export type Admission =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'refused'; readonly reason: string }

const STRANGER: Admission = { kind: 'stranger' }

export function admissionOf(
  request: BrowserRequest,
  session: Session | undefined,
  isSecure: boolean,
): Admission {
  return isLook(request) ? admitLook(request, session) : admitAct(request, session, isSecure)
}

/** Nothing is changed by it; but the answer is not for a page of another site to have, nor a stream to hold open. */
function admitLook({ headers, isOpen }: BrowserRequest, session: Session | undefined): Admission {
  if (session === undefined) return STRANGER
  const foreign = isOpen || isNavigation(headers) ? undefined : whyForeignSite(headers)
  return foreign === undefined ? { kind: 'session', session } : { kind: 'refused', reason: foreign }
}

/** The log-in itself is such a request: a foreign page must not log its visitor in as somebody else. */
function admitAct(
  { headers, isOpen }: BrowserRequest,
  session: Session | undefined,
  isSecure: boolean,
): Admission {
  const foreign = whyForeignPage(headers, isSecure)
  if (foreign !== undefined) return { kind: 'refused', reason: foreign }
  if (session === undefined) return STRANGER
  const token = headers[CSRF_HEADER]
  if (typeof token === 'string' && session.proves(token)) return { kind: 'session', session }
  if (isOpen) return STRANGER
  const reason = `the header ${CSRF_HEADER} is not the token that /api/v1/me tells`
  return { kind: 'refused', reason }
}

/** As HTTP has it: whatever else a method is, it may change something. */
function isLook({ method }: BrowserRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}
