// The one table of everything that can go wrong by name. Each row says who caused it, which decides
// the log level and whether a host's health is touched, and whether another host may be tried.
// Nothing here knows sockets, files or the model.

/** Who caused it. */
export type ErrorSide = 'client' | 'host' | 'operator' | 'self'

interface ErrorRow {
  readonly side: ErrorSide
  /** True when trying another host may help and no client byte has been spent. */
  readonly retryable: boolean
  /** Exit status of a typed command that failed this way; see docs/commands.md. */
  readonly exit: 1 | 2 | 3 | 4 | 5
  readonly summary: string
}

/** Kept in step with docs/errors.md by a test, in both directions. */
export const ERRORS = {
  HOST_REFUSED: row('host', true, 1, 'the host refused the connection'),
  HOST_TIMEOUT: row('host', true, 1, 'the host did not answer in time'),
  HOST_UNREACHABLE: row('host', true, 1, 'the host cannot be reached'),
  HOST_UNRESOLVED: row('host', true, 1, 'the name of the host has no address'),
  HOST_RESET: row('host', false, 1, 'the host reset the connection'),
  LOCAL_LIMIT: row(
    'self',
    true,
    1,
    'this machine has no port, descriptor or queue left to connect with',
  ),
  CHECK_FAILED: row('host', true, 1, 'the check of the host failed'),
  NO_HOST_READY: row('self', false, 1, 'no host of the group is ready'),
  QUEUE_FULL: row('self', false, 1, 'the wait queue is full'),
  QUEUE_TIMEOUT: row('self', false, 1, 'no host had room in time'),
  LISTENER_FULL: row('self', false, 1, 'the listener is at its session limit'),
  CLIENT_DENIED: row('client', false, 1, 'the client is not allowed here'),
  CLIENT_RESET: row('client', false, 1, 'the client reset the connection'),
  PROXY_HEADER_BAD: row('client', false, 1, 'the PROXY header is not valid'),
  PORT_TAKEN: row('operator', false, 1, 'the address is already in use'),
  PORT_DENIED: row('operator', false, 1, 'the address may not be opened'),
  NAME_TAKEN: row('operator', false, 1, 'the name is already in use'),
  NAME_BAD: row('operator', false, 2, 'the name is not valid'),
  NOT_FOUND: row('operator', false, 4, 'no such object'),
  VALUE_BAD: row('operator', false, 2, 'the value is not accepted'),
  REFUSED: row('operator', false, 1, 'refused'),
  NOT_UNDERSTOOD: row('operator', false, 2, 'not understood'),
  NOT_ALLOWED: row('operator', false, 3, 'not allowed'),
  WAIT_TIMEOUT: row('operator', false, 5, 'timed out while waiting'),
  CONFIG_BAD: row('operator', false, 1, 'the configuration does not load'),
  CONFIG_CONFLICT: row('operator', false, 1, 'the file and the running system both changed'),
  FILE_UNREADABLE: row('operator', false, 1, 'the file cannot be read'),
  FILE_UNWRITABLE: row('operator', false, 1, 'the file cannot be written'),
  KEY_UNSAFE: row('operator', false, 1, 'the key file is not safe to use'),
  INTERNAL: row('self', false, 1, 'something unexpected happened'),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** An operating error: expected, named in the table, with a detail that says what, where and what next. */
export class BalancerError extends Error {
  override readonly name = 'BalancerError'
  readonly code: ErrorCode
  /** What is special about this case, without the summary of the table. */
  readonly detail: string

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${ERRORS[code].summary}: ${detail}`, options)
    this.code = code
    this.detail = detail
  }

  get side(): ErrorSide {
    return ERRORS[this.code].side
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable
  }

  /** Exit status of a command that ends with this error. */
  get exit(): number {
    return ERRORS[this.code].exit
  }
}

/** The text of anything thrown, also of what was thrown in another realm (a prompt has its own). */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    return String(thrown.message)
  }
  return String(thrown)
}

/** The `code` of a system error (`ECONNREFUSED`), or '' where there is none. */
export function systemCodeOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    return String(thrown.code)
  }
  return ''
}

function row(
  side: ErrorSide,
  retryable: boolean,
  exit: ErrorRow['exit'],
  summary: string,
): ErrorRow {
  return { side, retryable, exit, summary }
}
