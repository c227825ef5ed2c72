// The one table of everything that can go wrong by name. Each row says who caused it, which decides
// whether a host's health is touched. How sessions end is another list: close-reasons.ts.
// Nothing here knows sockets, files or the model.

/** Who caused it. */
export type ErrorSide = 'host' | 'operator' | 'self'

interface ErrorRow {
  readonly side: ErrorSide
  /** Exit status of a typed command that failed this way; see docs/commands.md. */
  readonly exit: 1 | 2 | 3 | 4 | 5
  /** Of an answer over HTTP that tells of it; see RFC 9110. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 422 | 429 | 500 | 502 | 503 | 504
  readonly summary: string
}

/** Kept in step with docs/errors.md by a test, in both directions. */
export const ERRORS = {
  HOST_REFUSED: row('host', 1, 502, 'the host refused the connection'),
  HOST_TIMEOUT: row('host', 1, 504, 'the host did not answer in time'),
  HOST_UNREACHABLE: row('host', 1, 502, 'the host cannot be reached'),
  LOCAL_LIMIT: row(
    'self',
    1,
    503,
    'this machine has no port, descriptor or queue left to connect with',
  ),
  CHECK_FAILED: row('host', 1, 502, 'the check of the host failed'),
  PORT_TAKEN: row('operator', 1, 409, 'the address is already in use'),
  PORT_DENIED: row('operator', 1, 409, 'the address may not be opened'),
  NAME_TAKEN: row('operator', 1, 409, 'the name is already in use'),
  NAME_BAD: row('operator', 2, 422, 'the name is not valid'),
  NOT_FOUND: row('operator', 4, 404, 'no such object'),
  VALUE_BAD: row('operator', 2, 422, 'the value is not accepted'),
  REFUSED: row('operator', 1, 409, 'refused'),
  NOT_UNDERSTOOD: row('operator', 2, 400, 'not understood'),
  NOT_ALLOWED: row('operator', 3, 403, 'not allowed'),
  TIMED_OUT: row('operator', 5, 504, 'not done in time'),
  AUDIT_UNWRITABLE: row(
    'self',
    1,
    503,
    'the audit log cannot be written, so nothing may be changed',
  ),
  AUDIT_BROKEN: row('self', 1, 500, 'the audit log is not as it was written'),
  CONFIG_BAD: row('operator', 2, 422, 'the configuration does not load'),
  CONFIG_CONFLICT: row('operator', 1, 409, 'changed on both sides'),
  FILE_UNREADABLE: row('operator', 1, 409, 'the file cannot be read'),
  FILE_UNWRITABLE: row('operator', 1, 503, 'the file cannot be written'),
  KEY_UNSAFE: row('operator', 1, 409, 'the key file is not safe to use'),
  NOT_LOGGED_IN: row('operator', 3, 401, 'log in first'),
  CHANGED_MEANWHILE: row('operator', 1, 412, 'somebody changed it meanwhile'),
  TOO_LARGE: row('operator', 2, 413, 'too large'),
  TOO_MANY: row('operator', 1, 429, 'too many at once'),
  INTERNAL: row('self', 1, 500, 'something unexpected happened'),
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

  /** HTTP status of an answer that tells of this error. */
  get status(): number {
    return ERRORS[this.code].status
  }

  /** Exit status of a command that ends with this error. */
  get exit(): number {
    return ERRORS[this.code].exit
  }
}

/** What was typed cannot be read, for a reason that its reader knows. */
export function notUnderstood(detail: string): BalancerError {
  return new BalancerError('NOT_UNDERSTOOD', detail)
}

/** The text of anything thrown, also of what was thrown in another realm (a prompt has its own). */
export function messageOf(thrown: unknown): string {
  return readable(() => {
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown)
      return String(thrown.message)
    return String(thrown)
  })
}

/** The stack of anything thrown, also of what was thrown in another realm. */
export function stackOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  return readable(() => ('stack' in thrown ? String(thrown.stack) : undefined))
}

// Anything may be thrown, also `Object.create(null)`, which is no text, and a getter that throws.
function readable<Text extends string | undefined>(read: () => Text): Text | string {
  try {
    return read()
  } catch {
    return 'an error that cannot be read'
  }
}

/** What the log says of anything thrown. An operating error says it all in its sentence; others have a stack. */
export function factsOf(thrown: unknown): { readonly reason: string; readonly stack?: string } {
  const reason = messageOf(thrown)
  const stack = stackOf(thrown)
  return stack === undefined || isOperating(thrown) ? { reason } : { reason, stack }
}

function isOperating(thrown: unknown): boolean {
  return thrown instanceof BalancerError && thrown.code !== 'INTERNAL'
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
  exit: ErrorRow['exit'],
  status: ErrorRow['status'],
  summary: string,
): ErrorRow {
  return { side, exit, status, summary }
}
