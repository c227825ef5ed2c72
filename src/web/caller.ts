// Who calls: what every route of the web surface knows of whoever sent a request. How it was proven is decided in
// access/ and nowhere else; what it allows is decided by the command table and nowhere else.
import type { FastifyRequest } from 'fastify'
import { BalancerError } from '../base/errors.ts'
import type { Origin } from '../base/origin.ts'
import type { OperatorRole } from '../model/fields.ts'

export interface Caller {
  /** Name of the operator, or of the token. */
  readonly operator: string
  readonly role: OperatorRole
  /** Number of the log-in, as `logout` takes it; 0 for a token. */
  readonly login: number
  /** IP address. */
  readonly address: string
  /** Author of what is changed: `web:bob` for people, `api:deploy` for tokens. */
  readonly origin: Origin
  /** Aborted when the log-in ends, or the token is revoked or expires. */
  readonly ended: AbortSignal
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for a stranger; set before any route runs. */
    caller: Caller | undefined
  }
  interface FastifyContextConfig {
    /** Strangers may ask, too. Everything else needs a caller. */
    open?: true
  }
}

/** @throws BalancerError NOT_LOGGED_IN */
export function requireCaller({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller !== undefined) return caller
  throw new BalancerError(
    'NOT_LOGGED_IN',
    'with a session of the page, or with the header Authorization: Bearer TOKEN',
  )
}
