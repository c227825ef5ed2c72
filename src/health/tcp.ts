// The simplest check: the host is good when it accepts a connection. Not a byte of its own is sent or read.
import type { Check, CheckSettings } from './check.ts'
import { closeConnection, openConnection } from './connection.ts'

export function tcpCheck({ proxy }: Pick<CheckSettings, 'proxy'>): Check {
  return async ({ target }, signal) => {
    await closeConnection(await openConnection(target, proxy, signal))
  }
}
