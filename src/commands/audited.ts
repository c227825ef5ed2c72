// What the audit log says of typed commands: one line before a command that may change something, one with how it
// ended before its answer is given, and one for each that was not allowed.
import type { AuditActor, AuditFacts } from '../audit/line.ts'
import { noteAfterwards } from '../audit/line.ts'
import { BalancerError, ERRORS, messageOf } from '../base/errors.ts'
import { whileNoted } from '../base/origin.ts'
import type { CommandContext } from './context.ts'
import type { Outcome } from './outcome.ts'

/** Who types, as the audit log has it. */
function actorOf({ operator, login, address, key }: CommandContext): AuditActor {
  return { operator, login, address, key }
}

interface AuditedLine {
  readonly line: string
  readonly context: CommandContext
  /** It changes nothing, so that it runs also where it cannot be noted. */
  readonly looks: boolean
}

/** @throws BalancerError AUDIT_UNWRITABLE, and whatever `run` throws; in the first case it did not run */
export async function audited(
  { line, context, looks }: AuditedLine,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const { audit } = context.process
  const facts = { event: 'command', ...actorOf(context), line } as const
  if (looks) noteAfterwards(audit, facts)
  else audit.note(facts)
  try {
    const outcome = await whileNoted(run)
    await noteEnd(context, { event: 'result', exit: outcome.exit })
    return outcome
  } catch (error) {
    const exit = error instanceof BalancerError ? error.exit : ERRORS.INTERNAL.exit
    const how = { exit, reason: messageOf(error) }
    // What an object asks for shows only once the command looked at it.
    if (isNotAllowed(error)) await noteEnd(context, { event: 'refused', line, ...how })
    else await noteEnd(context, { event: 'result', ...how })
    throw error
  }
}

/** Note that a line was refused to its role. @throws whatever `read` throws */
export function notingRefusal<Result>(
  line: string,
  context: CommandContext,
  read: () => Result,
): Result {
  try {
    return read()
  } catch (error) {
    const facts = { event: 'refused', ...actorOf(context), line, reason: messageOf(error) } as const
    if (isNotAllowed(error)) noteAfterwards(context.process.audit, facts)
    throw error
  }
}

function isNotAllowed(error: unknown): boolean {
  return error instanceof BalancerError && error.code === 'NOT_ALLOWED'
}

// What was done is done, so its answer is given all the same.
async function noteEnd(
  context: CommandContext,
  how: Pick<AuditFacts, 'event' | 'line' | 'exit' | 'reason'>,
): Promise<void> {
  const { audit } = context.process
  if (noteAfterwards(audit, { ...actorOf(context), ...how })) return
  await context.note(`the audit log has no line of how this ended: ${audit.unwritable}\n`)
}
