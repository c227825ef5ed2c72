// Every way a session can end, once: engines close sessions by these names, commands and documents say what they
// mean. How anything else goes wrong is in errors.ts.

/** One of them, once for each session. Kept in step with docs/errors.md by a test. */
export const CLOSE_REASONS = {
  done: 'both sides ended, everything was delivered',
  'client-reset': 'the client reset the connection',
  'host-reset': 'the host reset the connection',
  'client-gone': 'the client left before a host was reached',
  denied: 'by allow and deny of the listener',
  'listener-full': 'the listener is at its session limit',
  'proxy-header': 'the PROXY header was missing, wrong or late',
  'no-host': 'no host is ready, or the service has no group',
  'connect-failed': 'every host that may be tried was, and none accepted',
  'queue-full': 'no host had room, or the service is paused, and no more clients may wait',
  'queue-timeout': 'no host had room in time',
  idle: 'no byte moved for the idle time-out',
  killed: 'by an operator',
  rebalanced: 'ended so that the client comes back to a host with fewer sessions',
  stopped: 'the process stopped and the session did not finish in time',
} as const
export type CloseReason = keyof typeof CLOSE_REASONS
