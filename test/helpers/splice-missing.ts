// Whether a built Sluice has its splice engine, asked after the build: before it there may be no addon, or a stale one.
import { lackOf } from '../../scripts/native/addon.js'
import { loadSplice } from '../../src/engine/splice/load.ts'
import { builtSluice } from './built-sluice.ts'

/**
 * '' where the splice engine can be had on this machine, else words in front of a skipped title that say why not.
 *
 * @throws Error where it could be had and is not: its build failed, or what was built does not load
 */
export function spliceMissing(): string {
  builtSluice()
  const loaded = loadSplice()
  if (!('reason' in loaded)) return ''
  if (lackOf() === undefined) throw new Error(loaded.reason)
  return `skipped, ${loaded.reason}: `
}
