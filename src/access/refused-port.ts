// What an operator is told where a way in for operators cannot be opened.
import { BalancerError, messageOf, systemCodeOf } from '../base/errors.ts'

/** Why `what` (`ssh`, `web`) cannot listen on `address`, and what to do. */
export function refusedPort(error: unknown, what: string, address: string): BalancerError {
  const elsewhere = `or choose another one in <${what} listen="…">`
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new BalancerError(
        'PORT_TAKEN',
        `${what} cannot listen on ${address}, another process does; stop that one, ${elsewhere}`,
        { cause: error },
      )
    case 'EACCES':
    case 'EPERM':
      return new BalancerError(
        'PORT_DENIED',
        `${what} may not listen on ${address}; take a port above 1023 ${elsewhere}`,
        { cause: error },
      )
    default:
      return new BalancerError(
        'PORT_DENIED',
        `${what} cannot listen on ${address} (${messageOf(error)}); is it an address of this machine? ${elsewhere}`,
        { cause: error },
      )
  }
}
