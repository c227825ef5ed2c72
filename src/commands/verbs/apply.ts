// `apply`: a whole document from standard input in place of what runs, all or nothing.
import { LIMITS } from '../../base/limits.ts'
import { textOfField } from '../answer/change-text.ts'
import { counted } from '../answer/figures.ts'
import { command } from '../command.ts'
import type { DifferenceView } from '../context.ts'
import { requireInput, wholeInput } from '../line/standard-input.ts'
import { requireWaysIn } from './ways-in.ts'

const EXAMPLE = 'apply --dry-run < config.xml'

export const apply = command({
  words: ['apply'],
  flags: {
    dryRun: { summary: 'only say what would change' },
    force: { summary: 'even where that locks you out, or everybody' },
  },
  role: 'full',
  summary: 'make the running system what the document on standard input says, all or nothing',
  examples: [EXAMPLE, 'apply < config.xml', 'apply --json < config.xml'],
  json: {
    list: false,
    fields: ['done', 'dryRun', 'file', 'written', 'backup', 'unsaved', 'differences'],
  },
  async run({ dryRun, force }, { process, input, operator }) {
    const document = await wholeInput(requireInput(input, EXAMPLE), LIMITS.configBytesMax)
    if (!dryRun) {
      const applied = await process.apply(document, (users) => {
        if (!force) requireWaysIn(process.balancer.users, users, operator)
      })
      const { unsaved = null } = process.document()
      return { done: 'apply', dryRun, unsaved, ...applied }
    }
    const { file, unsaved = null } = process.document()
    const differences = process.compare(document)
    return { done: 'apply', dryRun, file, written: false, backup: '', unsaved, differences }
  },
  text({ dryRun, differences, file, written, unsaved }) {
    const lines = differences.map((difference) => `${textOfDifference(difference)}\n`).join('')
    const what = changes(differences.length)
    if (dryRun) return `${lines}${what}: nothing was done\n`
    const wrote = written ? `${file}: written` : `${file}: not written${because(unsaved)}`
    return `${lines}${what}; ${wrote}\n`
  },
})

/** `~ web/main/a: weight 1 -> 5` */
function textOfDifference({ action, kind, path, field, before, after }: DifferenceView): string {
  switch (action) {
    case 'add':
      return `+ ${kind} ${path}`
    case 'remove':
      return `- ${kind} ${path}`
    case 'set':
      return `~ ${textOfField(path, field ?? '', before, after)}`
    default:
      return action satisfies never
  }
}

function changes(count: number): string {
  return count === 0 ? 'no differences' : counted(count, 'difference')
}

function because(unsaved: string | null): string {
  if (unsaved === null) return ', it says the same'
  return `, ${unsaved}; then the changes are written, the comments of this document are not`
}
