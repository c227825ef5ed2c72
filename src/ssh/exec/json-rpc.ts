// The subsystem json-rpc, for programs that ask many things over one login: one JSON object a line both ways, answered
// in the order of asking. The same command table as everywhere, with the same roles and the same audit.
import { masked } from '../../audit/secrets.ts'
import { BalancerError, factsOf, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import { withOrigin } from '../../base/origin.ts'
import type { Process } from '../../commands/context.ts'
import { linesOf } from '../../commands/line/standard-input.ts'
import { valueIn, valuesIn } from '../../commands/outcome.ts'
import { runLine } from '../../commands/run.ts'
import type { OperatorChannel } from '../channel.ts'
import { contextOf, INTERRUPTED } from '../operator-context.ts'
import { ChannelInput } from './channel-input.ts'

export interface JsonRpcOptions {
  readonly process: Process
  readonly log: Log
}

/** `{"id": 7, "command": "show hosts"}`; with `input` for a command that reads standard input. */
interface Question {
  readonly id: number | string | null
  readonly command: string
  readonly input: string | undefined
}

/** `exit` is that of the command over ssh; there is a `result` where it is 0, else an `error`. */
interface Answer {
  readonly id: Question['id']
  readonly exit: number
  readonly result?: unknown
  readonly error?: unknown
}

/** Characters of an `id`. */
const ID_LENGTH_MAX = 256
const FORM = 'a line is {"id": 1, "command": "show hosts"}, with "input" where a command reads one'

/** Serve one session to its end. */
export async function runJsonRpc(channel: OperatorChannel, options: JsonRpcOptions): Promise<void> {
  const { operator, id: login } = channel.login
  options.log.info('ssh json-rpc', { operator, login })
  const interrupt = new AbortController()
  channel.ended.addEventListener('abort', () => interrupt.abort())
  const input = new ChannelInput(channel, () => interrupt.abort())
  const say = (answer: object) => channel.writeAll(`${JSON.stringify(answer)}\n`)
  try {
    for await (const { text } of linesOf(input, LIMITS.rpcLineBytesMax)) {
      if (interrupt.signal.aborted) break
      if (text.trim() !== '') await say(await answerTo(text, { channel, options, interrupt, say }))
    }
    channel.end(interrupt.signal.aborted ? INTERRUPTED : 0)
  } catch (error) {
    if (channel.ended.aborted) return
    await say(refusal(null, error))
    channel.end(error instanceof BalancerError ? error.exit : 1)
  }
}

interface Session {
  readonly channel: OperatorChannel
  readonly options: JsonRpcOptions
  readonly interrupt: AbortController
  readonly say: (answer: object) => Promise<void>
}

async function answerTo(line: string, session: Session): Promise<Answer> {
  let id: Question['id'] = null
  let question: Question
  try {
    const given = objectIn(line)
    id = idIn(given)
    question = { id, ...readQuestion(given) }
  } catch (error) {
    return refusal(id, error)
  }
  return run(question, session)
}

async function run({ id, command, input }: Question, session: Session): Promise<Answer> {
  const { channel, options, interrupt, say } = session
  const { operator, id: login } = channel.login
  options.log.info('ssh json-rpc', { operator, login, line: masked(command) })
  const ways = { signal: interrupt.signal, input: input === undefined ? undefined : once(input) }
  const context = {
    ...contextOf(channel, options.process, ways),
    // A command that answers piece by piece: each piece is a line of its own, before the answer.
    print: async (text: string) => {
      for (const line of text.trimEnd().split('\n')) await say({ id, piece: valueIn(line) })
    },
    note: (text: string) => say({ id, note: text.trimEnd() }),
    json: true,
  }
  const outcome = await withOrigin(`ssh:${operator}`, () => runLine(command, context))
  const { exit, fault } = outcome
  if (fault !== undefined)
    options.log.error('unexpected', { what: 'json-rpc', line: masked(command), ...factsOf(fault) })
  const { result, error } = valuesIn(outcome)
  return exit === 0 ? { id, exit, result } : { id, exit, error }
}

type Given = Readonly<Record<string, unknown>>

/** @throws BalancerError NOT_UNDERSTOOD */
function idIn({ id = null }: Given): Question['id'] {
  if (id === null) return null
  if (typeof id === 'string' && id.length <= ID_LENGTH_MAX) return id
  // A larger number would come back as another one.
  if (typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER) return id
  throw notUnderstood(
    `id is a number up to ${Number.MAX_SAFE_INTEGER} or a text of at most ${ID_LENGTH_MAX} characters`,
  )
}

/** @throws BalancerError NOT_UNDERSTOOD */
function readQuestion({ command, input }: Given): Omit<Question, 'id'> {
  if (typeof command !== 'string') throw notUnderstood(`command is missing; ${FORM}`)
  if (input !== undefined && typeof input !== 'string') throw notUnderstood('input is a text')
  return { command, input }
}

/** @throws BalancerError NOT_UNDERSTOOD */
function objectIn(line: string): Given {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw notUnderstood(`no JSON: ${messageOf(error)}; ${FORM}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notUnderstood(FORM)
  return value as Given
}

function refusal(id: Question['id'], thrown: unknown): Answer {
  const error =
    thrown instanceof BalancerError ? thrown : new BalancerError('INTERNAL', messageOf(thrown))
  const { exit, code: name, message } = error
  return { id, exit, error: { code: exit, name, message } }
}

function notUnderstood(detail: string): BalancerError {
  return new BalancerError('NOT_UNDERSTOOD', detail)
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
