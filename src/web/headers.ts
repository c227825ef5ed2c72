// What every answer carries so that a browser does no more with it than it is meant for.
import type { FastifyReply } from 'fastify'

/** Nothing from elsewhere, nothing inline, no frame around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // What may be kept says so itself.
  'cache-control': 'no-store',
} as const

/** A year: whoever came by HTTPS once comes by nothing else. */
const TRANSPORT_SECURITY = 'max-age=31536000'

export function harden(reply: FastifyReply, isSecure: boolean): void {
  reply.headers(hardHeaders(isSecure))
}

/** The same for what is answered before there is a request. */
export function hardHeaders(isSecure: boolean): Readonly<Record<string, string>> {
  return isSecure ? { ...HEADERS, 'strict-transport-security': TRANSPORT_SECURITY } : HEADERS
}
