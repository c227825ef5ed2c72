// The facts of a line as they may be written: secrets blanked, nothing longer than its limit, nothing that JSON
// cannot say.
import { createHash } from 'node:crypto'
import { LIMITS } from '../base/limits.ts'
import type { AuditFacts } from './line.ts'
import { blanked, isSecretName } from './secrets.ts'

export function bounded(facts: AuditFacts): AuditFacts {
  const pairs = Object.entries(facts).flatMap(([name, value]) => {
    return value === undefined ? [] : [[name, boundedFact(name, value)]]
  })
  return Object.fromEntries(pairs)
}

function boundedFact(name: string, value: unknown): unknown {
  if (name === 'before' || name === 'after') return boundedValue(value)
  if (typeof value !== 'string') return value
  if (name === 'line') return boundedText(blanked(value.trimEnd()))
  return (name === 'reason' ? blanked(value) : value).slice(0, LIMITS.auditWordMax)
}

// What was cut can still be recognised by whoever has the whole of it.
function boundedText(text: string): string {
  if (text.length <= LIMITS.auditTextMax) return text
  const rest = `… ${text.length} characters, SHA-256 ${sha256(text)}`
  return `${text.slice(0, LIMITS.auditTextMax)}${rest}`
}

function boundedValue(value: unknown): unknown {
  const json = jsonOf(value)
  return json.length > LIMITS.auditTextMax ? boundedText(json) : JSON.parse(json)
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, plain) ?? 'null'
  } catch {
    return '"cannot be written as JSON"'
  }
}

function plain(name: string, value: unknown): unknown {
  if (typeof value === 'string') return isSecretName(name) && value !== '' ? '…' : blanked(value)
  if (typeof value === 'function') return `function ${value.name}`.trimEnd()
  return typeof value === 'bigint' ? String(value) : value
}

export function sha256(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex')
}
