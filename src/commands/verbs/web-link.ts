// A way to the page for whoever is logged in already: who has an ssh key alone gets in without a password.
import { formatDuration } from '../../base/duration.ts'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { command } from '../command.ts'

interface WebLink {
  /** The code stands behind the `#`, which a browser never sends anywhere. */
  readonly url: string
  /** ISO 8601, in UTC. */
  readonly expires: string
}

export const webLink = command({
  words: ['web', 'link'],
  role: 'readonly',
  summary: `make an address by which you get to the page, logged in: good once, for ${formatDuration(LIMITS.webLinkMs)}`,
  examples: ['web link'],
  json: { list: false, fields: ['url', 'expires'] },
  run(_, { process, operator, login }): WebLink {
    // A token may have the name of an operator, and is none.
    if (login === 0) throw notAUser(operator)
    const expires = new Date(Date.now() + LIMITS.webLinkMs).toISOString()
    const url = process.webLink(operator)
    if (url !== undefined) return { url, expires }
    const next = 'set setting web enable true, save, and start Sluice anew'
    throw new BalancerError('REFUSED', `the page is not enabled; ${next}`)
  },
  text({ url }) {
    const port = portOf(new URL(url))
    const within = formatDuration(LIMITS.webLinkMs)
    return `${url}\nit lets you in once, within ${within}; from elsewhere come through: ssh -L ${port}:localhost:${port} …\n`
  },
})

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}

function notAUser(name: string): BalancerError {
  return new BalancerError(
    'NOT_FOUND',
    `${name} is no operator who is logged in; tokens need no page`,
  )
}
