// `resolve`: settle what the file and the running system both changed, for one of the two.
import { BalancerError, notUnderstood } from '../../base/errors.ts'
import { textOfSide } from '../answer/conflict-text.ts'
import { counted } from '../answer/figures.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { conflictRow } from '../show/conflicts.ts'
import { requireWaysIn } from './ways-in.ts'

const SIDES = ['file', 'running'] as const
type Side = (typeof SIDES)[number]

/** Where what only role full may set begins. */
const SETTINGS = 'settings/'

const conflictOrSide: Kind<string> = {
  placeholder: 'PATH|file|running',
  accepts: 'paths of conflicts, and last file or running: whose values are kept',
  read: (word) => word,
  candidates: ({ process, before }) => {
    return [...process.conflicts.paths.filter((path) => !before.includes(path)), ...SIDES]
  },
}

export const resolve = command({
  words: ['resolve'],
  arguments: {
    words: {
      kind: conflictOrSide,
      summary: 'paths as show conflicts has them, then file or running: whose values are kept',
      many: true,
    },
  },
  flags: {
    all: { summary: 'every conflict that there is' },
    force: { summary: 'even where that locks you out, or everybody' },
  },
  role: 'operate',
  roleFor: ({ positions }) => {
    return positions.some((word) => word.startsWith(SETTINGS)) ? 'full' : 'operate'
  },
  summary: 'settle conflicts for the file or for what runs, and save; settings need role full',
  examples: [
    'resolve web/main/a/weight file',
    'resolve web/main/a/weight web/main/b/weight running',
    'resolve --all running',
  ],
  json: { list: false, fields: ['done', 'side', 'settled', 'left', 'unsaved'] },
  async run({ words, all, force }, context) {
    const { process, operator } = context
    const { paths, side } = askedFor(words, all)
    const settled = await process.conflicts.resolve(
      all ? await allPaths(context) : paths,
      side,
      (users) => {
        if (!force) requireWaysIn(process.balancer.users, users, operator)
      },
    )
    const left = (await process.conflicts.list()).map(conflictRow)
    const { unsaved = null } = process.document()
    return { done: 'resolve', side, settled: settled.map(conflictRow), left, unsaved }
  },
  text({ side, settled, left }) {
    const lines = settled.map((conflict) => `${textOfSettled(conflict, side)}\n`).join('')
    const rest = left.length === 0 ? 'none is left' : `${left.length} left, see: show conflicts`
    return `${lines}${counted(settled.length, 'conflict')} settled, ${rest}\n`
  },
})

function askedFor(words: readonly string[], all: boolean) {
  const paths = words.slice(0, -1)
  const side = SIDES.find((each) => each === words.at(-1))
  const usage = 'resolve PATH… file|running, or resolve --all file|running'
  if (side === undefined) throw notUnderstood(`file or running comes last: ${usage}`)
  if (all && paths.length > 0) throw notUnderstood(`--all takes no path: ${usage}`)
  if (!all && paths.length === 0) throw notUnderstood(`which conflict? ${usage}`)
  return { paths, side }
}

/** None is a word for all. @throws BalancerError NOT_ALLOWED where some are not for this role */
async function allPaths({ process, operator, role }: CommandContext): Promise<readonly string[]> {
  if (role === 'full') return []
  const paths = (await process.conflicts.list()).map(({ path }) => path)
  const setting = paths.find((path) => path.startsWith(SETTINGS))
  if (setting === undefined) return paths
  const why = `to settle ${setting} needs role full, ${operator} has ${role}`
  throw new BalancerError('NOT_ALLOWED', `${why}; settle the others by their paths`)
}

/** `web/main/a/weight: 3, as in the file` */
function textOfSettled(conflict: ReturnType<typeof conflictRow>, side: Side): string {
  const value = side === 'file' ? conflict.file : conflict.running
  const beside = conflict.beside.length === 0 ? '' : `; with it: ${conflict.beside.join(', ')}`
  const where = `${side === 'file' ? 'as in the file' : 'as it runs'}${beside}`
  if (conflict.field !== null) return `${conflict.path}: ${textOfSide(conflict, value)}, ${where}`
  return `${conflict.path}: ${value === null ? 'removed' : 'there'}, ${where}`
}
