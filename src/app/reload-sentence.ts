// What is said at the prompts of edits of the file that were taken over.
import { counted } from '../commands/answer/figures.ts'
import type { ReloadResult } from '../commands/context.ts'

export function sentenceOf({ applied, conflicts }: ReloadResult): string {
  const differences = applied === 1 ? '1 difference' : `${applied} differences`
  const what = applied === 0 ? 'nothing to take over' : `${differences} taken over`
  const open = conflicts === 0 ? '' : `; ${counted(conflicts, 'conflict')}, see: show conflicts`
  return `configuration reloaded: ${what}${open}`
}
