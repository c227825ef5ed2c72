// A log-in by link: the code stands behind # in the address, where it is sent to nobody, and leaves it at once.

/** A code has at most so many characters; more is not asked about. */
const CODE_MAX = 200

/** @param hash of the address: `#link=CODE` @returns undefined where there is none */
export function codeIn(hash: string): string | undefined {
  const found = /^#\/?\??link=([^&]+)$/.exec(hash)
  if (found === null) return undefined
  const code = decoded(found[1] ?? '')
  return code !== '' && code.length <= CODE_MAX && /^[\w.~+/=-]+$/.test(code) ? code : undefined
}

/** The address without it. */
export function withoutCode(pathAndQuery: string): string {
  return pathAndQuery.replace(/#.*$/s, '')
}

/** What an operator with a key alone types to get in. @param host of the address of this page */
export function linkCommand(host: string): string {
  const name = host.replace(/:\d+$/, '')
  return `ssh -p 2222 ${name === '' ? 'localhost' : name} web link`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
