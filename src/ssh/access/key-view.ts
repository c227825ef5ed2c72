// A line as in an authorized_keys file, as operators are shown it. Nothing is decided here; see key-line.ts.
import type { KeyView } from '../../commands/context.ts'
import { parseKeyLine } from './key-line.ts'
import { splitOptions } from './key-options.ts'
import { isKeyType } from './public-keys.ts'

/** What one line says, or why it lets nobody in. */
export function keyViewOf(line: string): KeyView | string {
  const parsed = parseKeyLine(line)
  if (typeof parsed === 'string') return parsed
  const { key, fingerprint } = parsed
  const text = line.trim()
  const plain = isKeyType(text.split(/\s/, 1)[0] ?? '')
  const { options, rest } = (plain ? undefined : splitOptions(text)) ?? { options: '', rest: text }
  const comment = rest.split(/\s+/).slice(2).join(' ')
  return { type: key.type, bits: key.bits, fingerprint, options, comment }
}
