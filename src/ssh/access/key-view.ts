// A line as in an authorized_keys file, as operators are shown it. Nothing is decided here; see key-line.ts.
import type { KeyView } from '../../commands/context.ts'
import { parseKeyLine, splitLine } from './key-line.ts'

/** What one line says, or why it lets nobody in. */
export function keyViewOf(line: string): KeyView | string {
  const parsed = parseKeyLine(line)
  if (typeof parsed === 'string') return parsed
  const { key, fingerprint } = parsed
  const text = line.trim()
  const { options, rest } = splitLine(text) ?? { options: '', rest: text }
  const comment = rest.split(/\s+/).slice(2).join(' ')
  return { type: key.type, bits: key.bits, fingerprint, options, comment }
}
