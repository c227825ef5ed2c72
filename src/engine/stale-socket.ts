// A Unix socket file outlives the process that made it. Before listening, one that nobody answers on is removed;
// anything else at that path is left alone.
import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { BalancerError, systemCodeOf } from '../base/errors.ts'

/** @throws BalancerError PORT_TAKEN where somebody answers on it, or the path is not a socket */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  if (!found.isSocket()) {
    throw new BalancerError('PORT_TAKEN', `${path} exists and is not a socket; move it away`)
  }
  if (await answers(path))
    throw new BalancerError('PORT_TAKEN', `another process listens on ${path}`)
  await unlink(path)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', (error) => resolve(systemCodeOf(error) !== 'ECONNREFUSED'))
  })
}
