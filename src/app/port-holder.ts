// Who of this process holds a port that could not be opened. The system only says that somebody does.
import { addressesClash } from '../base/address.ts'
import { BalancerError } from '../base/errors.ts'
import type { Balancer } from '../model/balancer.ts'

/** The same error, with the name of the holder where it is one of ours. */
export function namingHolder(error: unknown, address: string, balancer: Balancer): unknown {
  if (!(error instanceof BalancerError) || error.code !== 'PORT_TAKEN') return error
  const holder = holderOf(address, balancer)
  if (holder === undefined) return error
  return new BalancerError('PORT_TAKEN', `${address} is held by ${holder}`, { cause: error })
}

function holderOf(address: string, { listenerList, settings }: Balancer): string | undefined {
  const listener = listenerList.find(({ bound }) => addressesClash(bound, address))
  if (listener !== undefined)
    return `${listener.path} of this process; close it with: listen remove ${listener.path}`
  const { ssh } = settings
  const listen = ssh.listen.replace(/^localhost:/, '127.0.0.1:')
  const isSsh = ssh.enable && addressesClash(listen, address)
  return isSsh ? 'the ssh server of this process (settings/ssh listen)' : undefined
}
