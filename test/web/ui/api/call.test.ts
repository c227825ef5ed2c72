// What the page makes of answers: whose log-in an answer is about, and long work that outlives the line.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { command, get, session } from '../../../../src/web/ui/api/call.ts'
import { type Deferred, deferred } from '../../../helpers/deferred.ts'

let answers: Deferred<Response>[] = []
let ended = 0

beforeEach(() => {
  answers = []
  ended = 0
  session.csrf = 'first'
  session.onLoggedOut = () => ended++
  vi.useFakeTimers()
  vi.stubGlobal('fetch', () => {
    const answer = deferred<Response>()
    answers.push(answer)
    return answer.promise
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** What is asked next is answered so. */
async function answered(response: Response | Error): Promise<void> {
  await vi.waitUntil(() => answers.length > 0)
  const next = answers.shift()
  if (response instanceof Error) next?.reject(response)
  else next?.resolve(response)
}

const job = (state: string, more = {}) =>
  Response.json({ job: '1', state, notes: [], ...more }, { status: state === 'began' ? 202 : 200 })

test('an answer 401 ends the log-in that asked, and not the one that came after it', async () => {
  const asked = get('/me')
  session.csrf = 'second'
  await answered(Response.json({ title: 'Log in' }, { status: 401 }))
  await expect(asked).rejects.toMatchObject({ status: 401 })
  expect(ended).toBe(0)
  const again = get('/me')
  await answered(Response.json({ title: 'Log in' }, { status: 401 }))
  await expect(again).rejects.toMatchObject({ status: 401 })
  expect(ended).toBe(1)
})

test('a line that is lost is no end of long work: it is looked for again', async () => {
  const notes: string[] = []
  const done = command('drain-host', {}, { onNote: (note) => notes.push(note) })
  await answered(job('began'))
  await answered(new TypeError('network'))
  await answered(job('running', { notes: ['2 left'] }))
  await answered(new TypeError('network'))
  await answered(job('done', { result: { message: 'drained' } }))
  expect(await done).toMatchObject({ result: { message: 'drained' } })
  expect(notes).toEqual(['2 left'])
})

test('what is not there to be asked, or breaks off in the middle, is said in words', async () => {
  const refused = get('/services')
  await answered(new TypeError('network'))
  await expect(refused).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' })
  const cut = get('/services')
  const body = new ReadableStream({ start: (stream) => stream.error(new TypeError('cut')) })
  await answered(new Response(body, { headers: { 'content-type': 'application/json' } }))
  await expect(cut).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' })
})
