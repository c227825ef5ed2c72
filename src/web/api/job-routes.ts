// How long work is answered: at once where it is done soon, else with the address of a job; and the routes under which
// jobs are asked for and interrupted.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { LineParts } from '../../commands/line/write-line.ts'
import type { Caller } from '../caller.ts'
import { sendProblem } from '../problem.ts'
import { pathParams, route, sendJson, sendNothing } from './answers.ts'
import { type Job, jobLine, type Jobs, type JobWays } from './jobs.ts'
import { listSchema, ref } from './schema.ts'
import { NOTHING } from './terms.ts'

const WHICH = pathParams({ job: 'number of the job' })

export interface LongWork {
  readonly line: LineParts
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  /** @returns the answer as JSON; '' where there is none */
  readonly task: (ways: JobWays) => Promise<string>
}

export async function answerLongWork(
  jobs: Jobs,
  { line, request, reply, caller, task }: LongWork,
): Promise<FastifyReply> {
  const prefer = String(request.headers['prefer'] ?? '')
  const isPatient = !/(^|[,\s])respond-async($|[;,\s])/i.test(prefer)
  const ended = await jobs.run(line, caller, isPatient, task)
  if ('problem' in ended) return sendProblem(reply, ended.problem)
  if ('id' in ended) return sendAccepted(reply, ended, caller)
  return ended.result === '' ? sendNothing(reply) : sendJson(reply, ended.result)
}

export function jobRoutes(jobs: Jobs): readonly RouteOptions[] {
  return [
    route(
      'GET',
      '/jobs',
      {
        tag: 'jobs',
        operationId: 'listJobs',
        summary: 'what goes on or was over lately: your own, and with role full those of all',
        answers: { 200: listSchema(ref('Job')) },
      },
      async (_, reply, caller) => sendJson(reply, listOf(jobs.list(caller), caller)),
    ),
    route(
      'GET',
      '/jobs/:job',
      {
        tag: 'jobs',
        operationId: 'getJob',
        summary: 'how far it is, or how it ended',
        params: WHICH,
        answers: { 200: ref('Job') },
        problems: [404],
      },
      async ({ params }, reply, caller) => {
        return sendJson(reply, jobs.tell(idIn(params), caller))
      },
    ),
    route(
      'DELETE',
      '/jobs/:job',
      {
        tag: 'jobs',
        operationId: 'deleteJob',
        summary: 'interrupt it; one that is over is forgotten',
        params: WHICH,
        answers: { 204: NOTHING },
        problems: [404],
      },
      async ({ params }, reply, caller) => {
        jobs.interrupt(idIn(params), caller)
        return sendNothing(reply)
      },
    ),
  ]
}

function listOf(jobs: readonly Job[], caller: Caller): string {
  return `[${jobs.map((job) => jobLine(job, caller)).join(',')}]`
}

function sendAccepted(reply: FastifyReply, job: Job, caller: Caller): FastifyReply {
  reply.header('location', `/api/v1/jobs/${job.id}`)
  return sendJson(reply, jobLine(job, caller), 202)
}

function idIn(params: unknown): string {
  return (params as { readonly job: string }).job
}
