// Several edits as one: `begin` opens a candidate that edit commands act on, `compare` says what a commit would change,
// `commit` puts it in effect as a whole, `discard` drops it.
import { BalancerError } from '../../base/errors.ts'
import { duration } from '../../model/field.ts'
import { LIMITS } from '../../base/limits.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { textOfConflict } from '../answer/conflict-text.ts'
import { countOf, linesOf } from '../answer/difference-text.ts'
import { DONE_JSON, type Done, textOfDone } from '../answer/done.ts'
import { counted } from '../answer/figures.ts'
import { printableLines } from '../answer/columns.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext, Process } from '../context.ts'
import type { Candidate, DifferenceView } from '../documents.ts'
import { fieldFlag } from '../line/kinds.ts'
import { requireInput, wholeInput } from '../line/standard-input.ts'
import { requireRoleFor } from './commit-role.ts'
import { requireWaysIn } from './ways-in.ts'

export const confirmTime = duration({
  attribute: 'confirmed',
  summary: 'undo it by itself unless confirm is typed within this time',
  effect: 'at once',
  minMs: LIMITS.confirmMsMin,
  maxMs: LIMITS.confirmMsMax,
  standard: 5 * 60_000,
})

export const commentText: Kind<string> = {
  placeholder: 'TEXT',
  accepts: `at most ${LIMITS.commentLengthMax} characters in one line`,
  read(word) {
    if (word.length <= LIMITS.commentLengthMax && !/\p{Cc}/u.test(word)) return word
    throw new BalancerError('VALUE_BAD', `a comment has ${this.accepts}`)
  },
}

export const begin = command({
  words: ['begin'],
  flags: {
    again: {
      summary: 'take what runs now as the base of the candidate that is open; its changes stay',
    },
  },
  role: 'operate',
  summary: 'open a candidate: what you edit from now on takes effect together, at commit',
  examples: ['begin'],
  json: DONE_JSON,
  async run({ again }, context): Promise<Done> {
    const { candidates } = context.process
    const { operator } = context
    if (again) {
      const candidate = await candidates.renew(operator)
      const what = countOf(candidate.compare())
      return begun(candidate, `the candidate is based on what runs now: ${what}, see compare`)
    }
    const candidate = await candidates.begin(operator)
    tellOthers(context, OPENED)
    return begun(candidate, 'candidate open: what you edit from now on takes effect at commit')
  },
  text: ({ message }, { again }) => (again ? `${message}\n` : `${message}\n${HOW_IT_WORKS}`),
})

const OPENED = 'a candidate is open: what you edit is not in effect until commit'

const HOW_IT_WORKS = `It is yours on every connection. What looks or acts on sessions (show, pause, kill …) and
JavaScript act on what runs. Next: compare, commit, discard.
`

function begun({ since, touched }: Candidate, message: string): Done {
  const after = { since: timeOf(since), touched: timeOf(touched) }
  return { done: 'begin', path: '', field: null, before: null, after, message }
}

export const compare = command({
  words: ['compare'],
  flags: {
    commands: {
      summary: 'what to type, for batch; with hashes of passwords and tokens, so for role full',
    },
  },
  role: 'operate',
  roleFor: ({ flags }) => (flags.some(({ word }) => word === '--commands') ? 'full' : 'operate'),
  looks: true,
  summary: 'say what commit would change of what runs now',
  examples: ['compare', 'compare --json', 'compare --commands'],
  json: { list: false, fields: ['differences', 'conflicts', 'commands'] },
  run({ commands: asCommands }, { process, operator }) {
    const candidate = process.candidates.of(operator)
    if (candidate === undefined) throw noCandidate(operator)
    const commands = asCommands ? candidate.commands() : null
    return { differences: candidate.compare(), conflicts: candidate.conflicts(), commands }
  },
  text({ differences, conflicts, commands }) {
    if (commands !== null) return scriptOf(commands)
    const what = `${linesOf(differences)}${countOf(differences)}`
    if (conflicts.length === 0) return `${what}; ${nextAfter(differences)}\n`
    const lines = conflicts.map((conflict) => `! ${textOfConflict(conflict)}\n`).join('')
    const many = counted(conflicts.length, 'conflict')
    const next = 'set those to what runs, or keep yours with: begin --again'
    return `${what}\n${lines}${many}, so commit refuses: ${next}\n`
  },
})

/** For `batch`, which passes over what stands behind #. */
function scriptOf(commands: readonly string[]): string {
  if (commands.length === 0) return '# no differences\n'
  return printableLines(commands.map((line) => `${line}\n`).join(''))
}

function nextAfter({ length }: readonly DifferenceView[]): string {
  if (length === 0) return 'discard closes the candidate'
  const them = length === 1 ? 'it' : 'them'
  return `commit puts ${them} in effect, discard drops ${them}`
}

export const commit = command({
  words: ['commit'],
  flags: {
    comment: { kind: commentText, summary: 'what the revision says of it' },
    confirmed: fieldFlag('TIME', confirmTime),
    watchTraffic: { summary: 'with --confirmed: undo it at once when traffic gets clearly worse' },
    force: { summary: 'even where that locks you out, or everybody' },
  },
  role: 'operate',
  summary: 'put your candidate in effect, all or nothing, and save it; settings need role full',
  examples: ['commit', "commit --comment 'second data centre' --confirmed 5m"],
  json: {
    list: false,
    fields: ['done', 'file', 'written', 'revision', 'unsaved', 'confirmBefore', 'differences'],
  },
  async run({ comment = '', confirmed, watchTraffic, force }, context) {
    const { process, operator } = context
    if (watchTraffic && confirmed === undefined) {
      throw new BalancerError('NOT_UNDERSTOOD', '--watch-traffic goes with --confirmed 5m')
    }
    const permit = (differences: readonly DifferenceView[], users: readonly UserSnapshot[]) => {
      requireRoleFor(differences, context)
      if (!force) requireWaysIn(process.balancer.users, users, operator)
    }
    const options = { comment, confirmMs: confirmed, watchTraffic, permit }
    const { confirmBefore, ...committed } = await process.candidates.commit(operator, options)
    tellOthers(context, 'your candidate was committed')
    const { unsaved = null } = process.document()
    return {
      done: 'commit',
      unsaved,
      confirmBefore: confirmBefore === null ? null : timeOf(confirmBefore),
      ...committed,
    }
  },
  text({ differences, file, written, revision, unsaved, confirmBefore }, _, { process }) {
    if (differences.length === 0) return 'nothing to commit: the candidate is closed\n'
    const lines = `${linesOf(differences)}${countOf(differences)} in effect; `
    const saved = written ? `written, revision ${revision}` : 'not written'
    const why = unsaved ?? (written ? '' : 'it says the same')
    const what = [`${file}: ${saved}`, why].filter((part) => part !== '').join(', ')
    const next =
      confirmBefore === null
        ? ''
        : `undone at ${confirmBefore} unless you type: confirm${restartNote(process)}\n`
    return `${lines}${what}\n${next}`
  },
})

const LOAD_EXAMPLE = 'load < config.xml'

export const load = command({
  words: ['load'],
  flags: { dryRun: { summary: 'only say what a commit would change then' } },
  role: 'operate',
  input: { summary: 'a configuration document', example: '<config />' },
  summary:
    'make your candidate what the document on standard input says; opens one where there is none',
  examples: [LOAD_EXAMPLE, 'load --dry-run < config.xml'],
  json: { list: false, fields: ['done', 'dryRun', 'differences'] },
  async run({ dryRun }, context) {
    const { process, operator } = context
    const document = await wholeInput(
      requireInput(context.input, LOAD_EXAMPLE),
      LIMITS.configBytesMax,
    )
    if (dryRun) return { done: 'load', dryRun, differences: process.compare(document) }
    const isNew = process.candidates.of(operator) === undefined
    const candidate = await process.candidates.load(operator, document)
    if (isNew) tellOthers(context, OPENED)
    return { done: 'load', dryRun, differences: candidate.compare() }
  },
  text({ dryRun, differences }) {
    const what = `${linesOf(differences)}${countOf(differences)}`
    return dryRun ? `${what}: nothing was done\n` : `${what}; ${nextAfter(differences)}\n`
  },
})

export const discard = command({
  words: ['discard'],
  role: 'operate',
  summary: 'drop your candidate; nothing of it was in effect',
  examples: ['discard'],
  json: DONE_JSON,
  run(_, context): Done {
    const { process, operator } = context
    const before = process.candidates.of(operator)?.compare() ?? []
    if (!process.candidates.discard(operator)) throw noCandidate(operator)
    tellOthers(context, 'your candidate was discarded')
    const message = `candidate discarded: ${countOf(before)}, none of it was in effect`
    return { done: 'discard', path: '', field: null, before, after: null, message }
  },
  text: textOfDone,
})

/** Their other prompts show from now on whether there is one. */
function tellOthers({ process, operator, login }: CommandContext, sentence: string): void {
  process.operators.tell(operator, `*** ${sentence}`, login)
}

function noCandidate(operator: string): BalancerError {
  return new BalancerError('REFUSED', `${operator} has no candidate; begin opens one`)
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

function restartNote({ confirmations: { pending } }: Process): string {
  if (pending === undefined || pending.survivesRestart) return ''
  return '\nnothing may be written, so a restart forgets the commit and that it has to be confirmed'
}
