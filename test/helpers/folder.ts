// A folder for one test or for a file of tests, gone when it is over.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenOver } from './when-over.ts'

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
  whenOver(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
