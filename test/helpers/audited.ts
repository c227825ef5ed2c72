// What the audit log of a running Sluice has to be at the end of a test file: whole by the word of the built program,
// one object a line, complete, and without a secret.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runSluice } from './built-sluice.ts'
import type { SluiceProcess } from './sluice-process.ts'

export type AuditLine = Readonly<Record<string, unknown>> & { readonly event: string }

/** All lines of the audit log, oldest first. */
export function auditOf({ folder }: SluiceProcess): readonly AuditLine[] {
  const text = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditLine)
}

/**
 * @param told what the log must have: of each line the members that count
 * @param secrets what neither the audit log nor the log may have anywhere
 */
export async function expectWholeAudit(
  sluice: SluiceProcess,
  told: readonly AuditLine[],
  secrets: readonly string[] = [],
): Promise<void> {
  const lines = auditOf(sluice)
  assert.deepEqual(
    told.filter((wanted) => !lines.some((line) => has(line, wanted))),
    [],
  )
  const { folder } = sluice
  for (const name of ['audit.jsonl', 'sluice.log']) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const secret of secrets) assert.equal(text.includes(secret), false, `${secret} in ${name}`)
  }
  assert.equal(statSync(join(folder, 'audit.jsonl')).mode & 0o777, 0o600)
  const verified = await runSluice(['audit', 'verify', '--config', 'config.xml'], { folder })
  assert.match(verified.out, /^whole: \d+ lines/)
  assert.deepEqual({ status: verified.status, err: verified.err }, { status: 0, err: '' })
}

/** Only texts and numbers can be wanted. */
function has(line: AuditLine, wanted: AuditLine): boolean {
  return Object.entries(wanted).every(([name, value]) => line[name] === value)
}
