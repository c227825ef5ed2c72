// Where in the page somebody is, as it stands behind the # of the address, and back. Pure: who listens to the address is
// router.ts.

export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'service'; readonly name: string }
  | { readonly view: 'sessions'; readonly scope?: string }
  | { readonly view: 'config' }
  | { readonly view: 'revision'; readonly number: number }
  | { readonly view: 'audit' }
  | { readonly view: 'log' }
  | { readonly view: 'jobs' }
  | { readonly view: 'operators' }
  | { readonly view: 'missing'; readonly address: string }

const PLAIN = ['config', 'audit', 'log', 'jobs', 'operators'] as const

/** @param hash as `location.hash` has it: `#/services/web`, or '' */
export function routeOf(hash: string): Route {
  const missing: Route = { view: 'missing', address: hash }
  const words = wordsOf(hash)
  if (words === undefined) return missing
  const [first, second, third, ...more] = words
  if (first === undefined) return { view: 'overview' }
  if (more.length > 0) return missing
  if (first === 'services' && second !== undefined && third === undefined)
    return { view: 'service', name: second }
  if (first === 'config' && second === 'history' && third !== undefined && /^\d{1,9}$/.test(third))
    return { view: 'revision', number: Number(third) }
  if (first === 'sessions' && third === undefined)
    return second === undefined ? { view: 'sessions' } : { view: 'sessions', scope: second }
  const plain = PLAIN.find((view) => view === first)
  return plain !== undefined && second === undefined ? { view: plain } : missing
}

/** The address of a place in the page, for `href`. */
export function hrefOf(route: Route): string {
  switch (route.view) {
    case 'overview':
      return '#/'
    case 'service':
      return `#/services/${encodeURIComponent(route.name)}`
    case 'sessions':
      return route.scope === undefined
        ? '#/sessions'
        : `#/sessions/${encodeURIComponent(route.scope)}`
    case 'revision':
      return `#/config/history/${route.number}`
    case 'missing':
      return route.address
    default:
      return `#/${route.view}`
  }
}

/** @returns undefined where a part is not encoded as an address is */
function wordsOf(hash: string): readonly string[] | undefined {
  try {
    return hash
      .replace(/^#?\/?/, '')
      .split('/')
      .filter((word) => word !== '')
      .map(decodeURIComponent)
  } catch {
    return undefined
  }
}
