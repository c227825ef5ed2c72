// How the page asks the server: JSON there and back, the token against forged requests on everything that changes
// something, problems thrown as `Problem`, long work followed until it ends.
import { Problem, type ProblemFields } from './problem.ts'
import type { Done, Job, Trial } from './types.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Only tried: the answer says what would have been done. */
  readonly dryRun?: boolean
  /** Told the last line that long work said of its progress. */
  readonly onNote?: (note: string) => void
  /** Told the number of the job as soon as it is one, so that it can be interrupted. */
  readonly onJob?: (job: string) => void
  /** Answered at once with a job, however long it takes. */
  readonly async?: boolean
  /** ETag of what the edit is based on; anything else there is refused with 412. */
  readonly ifMatch?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a command answers. */
export interface Answer<Result> {
  readonly result: Result
  /** Nothing was done. */
  readonly dryRun: boolean
  /** Of a dry run: what would change, a sentence each. */
  readonly changes: readonly string[]
}

/** What the page holds besides its cookie; filled in by state/me.ts. */
export const session = {
  csrf: '',
  onLoggedOut: (): void => {},
  /** Told of long work as it begins, whoever asked for it. */
  onJob: (_job: Job): void => {},
}

const BASE = '/api/v1'
/** Pause between two looks at work that is under way; there is no event for it. */
const JOB_LOOK_MS = 700

/** @param path below /api/v1, with its query: `/services?scope=web` @throws Problem */
export async function get<Result>(path: string, options: CallOptions = {}): Promise<Result> {
  return (await ask('GET', path, undefined, options)) as Result
}

export async function post<Result>(path: string, body?: unknown, options: CallOptions = {}) {
  return (await ask('POST', path, body, options)) as Result
}

export async function put<Result>(path: string, body: unknown, options: CallOptions = {}) {
  return (await ask('PUT', path, body, options)) as Result
}

export async function del<Result = void>(path: string, options: CallOptions = {}) {
  return (await ask('DELETE', path, undefined, options)) as Result
}

/**
 * Run a command of the command table: `command('set-host', { target: 'web/main/a', field: 'weight', value: '5' })`.
 *
 * @param body its arguments and flags by their names in the table; what is undefined is left out @throws Problem
 */
export async function command<Result = Done>(
  name: string,
  body: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<Answer<Result>> {
  const answer = await ask('POST', `/commands/${encodeURIComponent(name)}`, body, options)
  if (!options.dryRun) return { result: answer as Result, dryRun: false, changes: [] }
  const { result, changes = [] } = answer as Trial<Result>
  return { result, dryRun: true, changes: changes.map(sentenceOf) }
}

/** As `get`, with the ETag of what was read. */
export async function getTagged<Result>(path: string, options: CallOptions = {}) {
  const response = await send('GET', path, undefined, options)
  const value = (await read(response)) as Result
  return { value, etag: response.headers.get('etag') ?? '' }
}

async function ask(
  method: string,
  path: string,
  body: unknown,
  options: CallOptions,
): Promise<unknown> {
  const response = await send(method, path, body, options)
  const answer = await read(response)
  return response.status === 202 ? follow(answer as Job, options) : answer
}

async function send(
  method: string,
  path: string,
  body: unknown,
  { dryRun, ...options }: CallOptions,
): Promise<Response> {
  const url = `${BASE}${path}${dryRun ? `${path.includes('?') ? '&' : '?'}dryRun=true` : ''}`
  const init: RequestInit = {
    method,
    headers: headersOf(method, body, options),
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: options.signal ?? null,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  }
  const { csrf } = session
  try {
    const response = await fetch(url, init)
    // What was asked before somebody logged in anew says nothing of the new log-in.
    if (response.status === 401 && csrf === session.csrf) session.onLoggedOut()
    return response
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw unreachable()
  }
}

function unreachable(): Problem {
  const detail = 'no answer: is it running, and is the network there?'
  return new Problem({ title: 'Sluice does not answer', status: 0, detail, code: 'UNREACHABLE' })
}

function headersOf(method: string, body: unknown, options: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (method !== 'GET') headers['x-sluice-csrf'] = session.csrf
  if (options.async) headers['prefer'] = 'respond-async'
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch
  return { ...headers, ...options.headers }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw unreachable()
  })
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : text
  if (response.ok) return value
  throw problemIn(value, response)
}

function problemIn(value: unknown, { status, statusText }: Response): Problem {
  const fields = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<ProblemFields>
  const title = fields.title ?? `Status ${status}`
  const detail = fields.detail ?? (statusText || 'the server gave no reason')
  return new Problem({ ...fields, title, detail, status, code: fields.code ?? 'INTERNAL' })
}

/** Long work: looked at until it has ended. */
async function follow(began: Job, options: CallOptions): Promise<unknown> {
  const { job, notes } = began
  const { signal, onNote, onJob } = options
  session.onJob(began)
  onJob?.(job)
  let told = tell(notes, 0, onNote)
  for (;;) {
    await pause(JOB_LOOK_MS)
    signal?.throwIfAborted()
    const now = await look(job, signal)
    if (now === undefined) continue
    told = tell(now.notes, told, onNote)
    if (now.state === 'done') return now.result
    if (now.state === 'failed') throw new Problem(now.problem ?? UNKNOWN_PROBLEM)
  }
}

/** @returns undefined where nothing answers: the job goes on without the line, so it is looked for again */
async function look(job: string, signal: AbortSignal | undefined): Promise<Job | undefined> {
  try {
    return await get<Job>(`/jobs/${encodeURIComponent(job)}`, signal ? { signal } : {})
  } catch (error) {
    if (error instanceof Problem && error.status === 0) return undefined
    throw error
  }
}

const UNKNOWN_PROBLEM: ProblemFields = {
  title: 'Not done',
  status: 500,
  detail: 'the job ended without saying why',
  code: 'INTERNAL',
}

function tell(notes: readonly string[] = [], told: number, onNote?: (note: string) => void) {
  const last = notes.at(-1)
  if (notes.length > told && last !== undefined) onNote?.(last)
  return notes.length
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** A change of a dry run comes as a row, with the sentence in `message` where there is one. */
function sentenceOf(change: unknown): string {
  if (typeof change === 'string') return change
  const { message, text, action, path, field } = change as Readonly<Record<string, unknown>>
  const said = message ?? text
  if (typeof said === 'string') return said
  return [action, path, field].filter((word) => typeof word === 'string').join(' ')
}
