// docs/limits.md out of the list of limits. What each one bounds is said in the comment above it, so the
// source is read as text too; a limit without a comment shares that of the one before.
import { readFileSync } from 'node:fs'
import { LIMITS } from '../../src/base/limits.ts'
import { code, madeFrom, page, table } from './markdown.ts'

const SOURCE = new URL('../../src/base/limits.ts', import.meta.url)

const INTRODUCTION = `# Limits

${madeFrom('`src/base/limits.ts`')}

Nothing in Sluice is unlimited: every queue, buffer, retry, table and log-in attempt has a named limit. These are the
outer ones, which are built in; what can be set within them is in [configuration.md](configuration.md).`

export function limitsPage(): string {
  const meanings = meaningsIn(readFileSync(SOURCE, 'utf8'))
  const rows = Object.entries(LIMITS).map(([name, value]) => {
    return [code(name), value.toLocaleString('en-US'), meanings.get(name) ?? '']
  })
  return page([INTRODUCTION, table(['limit', 'value', 'what it bounds'], rows)])
}

/** The comment that belongs to each limit, on one line. */
export function meaningsIn(source: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>()
  let last = ''
  for (const [, comment, name] of source.matchAll(/\/\*\*([^]*?)\*\/|^ {2}(\w+): /gm)) {
    if (comment !== undefined) last = comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim()
    if (name !== undefined) meanings.set(name, last)
  }
  return meanings
}
