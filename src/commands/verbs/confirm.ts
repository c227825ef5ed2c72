// `confirm`: keep a commit that would be undone otherwise, or undo it at once.
import { BalancerError } from '../../base/errors.ts'
import { endedText } from '../answer/confirm-text.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../context.ts'

export const confirm = command({
  words: ['confirm'],
  flags: { undo: { summary: 'undo it now instead' } },
  role: 'operate',
  summary: 'keep the commit that has to be confirmed; that of somebody else, for role full',
  examples: ['confirm', 'confirm --undo'],
  json: {
    list: false,
    fields: [
      'operator',
      'comment',
      'outcome',
      'time',
      'origin',
      'reason',
      'differences',
      'kept',
      'message',
    ],
  },
  async run({ undo }, context) {
    requireOwn(context)
    const { confirmations } = context.process
    const ended = undo ? await confirmations.undo() : await confirmations.confirm()
    return { ...ended, time: new Date(ended.time).toISOString(), message: endedText(ended) }
  },
  text: ({ message }) => `${message}\n`,
})

// The table knows one role for a command; whose commit it is, is known only here.
function requireOwn({ process, operator, role }: CommandContext): void {
  const { pending } = process.confirmations
  if (pending === undefined || pending.operator === operator || role === 'full') return
  const what = `the commit that waits is of ${pending.operator}`
  const who = `to confirm or undo it is for role full, ${operator} has ${role}`
  throw new BalancerError('NOT_ALLOWED', `${what}; ${who}`)
}
