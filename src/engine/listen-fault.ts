// Why a port could not be opened, for operators: from the code of the system to an error of the table.
import { BalancerError } from '../base/errors.ts'

export interface ListenFault {
  /** Where it was to be opened, in our way of writing. */
  readonly address: string
  /** What the system says; for codes that have no sentence here. */
  readonly message: string
  readonly cause?: unknown
}

/** @param code of the system, such as EADDRINUSE; undefined where there is none */
export function listenFault(
  code: string | undefined,
  { address, message, cause }: ListenFault,
): BalancerError {
  switch (code) {
    case 'EADDRINUSE':
      return new BalancerError('PORT_TAKEN', `${address}; find the owner with: ss -ltnp`, { cause })
    case 'EACCES':
      return new BalancerError('PORT_DENIED', `${address} needs a right that this process lacks`, {
        cause,
      })
    case 'EADDRNOTAVAIL':
      return new BalancerError('PORT_DENIED', `${address} is no address of this machine`, { cause })
    default:
      return new BalancerError('PORT_DENIED', `${address}: ${message}`, { cause })
  }
}
