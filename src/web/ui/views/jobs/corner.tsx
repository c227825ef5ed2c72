// Long work that was asked for in this page, in a corner of every view: what it says of itself, and a way to interrupt it.
import { useEffect, useRef } from 'preact/hooks'
import { get, session } from '../../api/call.ts'
import { problemOf } from '../../api/problem.ts'
import type { Job } from '../../api/types.ts'
import { IconButton } from '../../parts/button.tsx'
import { Progress } from '../../parts/progress.tsx'
import { useRoom } from '../../parts/room.ts'
import { hrefOf } from '../../route.ts'
import { forgetJob, ownJobs, tellOfJob } from '../../state/jobs.ts'
import { useStore } from '../../state/store.ts'
import { useWhileVisible } from '../live/while-visible.ts'
import { Interrupt } from './interrupt.tsx'
import { inOrder, isRunning, lineOf, SHOWN_MAX, stateText } from './job-list.ts'
import './jobs.css'

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 1_000

/** How long one that is done is still shown, in milliseconds. */
const DONE_MS = 5_000

export function JobsCorner() {
  const jobs = useStore(ownJobs)
  useEffect(() => {
    session.onJob = tellOfJob
    return () => {
      session.onJob = () => {}
    }
  }, [])
  useWhileVisible(() => lookAt(jobs.filter(isRunning)), LOOK_MS, jobs.some(isRunning))
  return jobs.length === 0 ? null : <Corner jobs={jobs} />
}

function Corner({ jobs }: { readonly jobs: readonly Job[] }) {
  const place = useRef<HTMLElement>(null)
  useRoom(place, '--jobs')
  const more = jobs.length - SHOWN_MAX
  return (
    <section class="jobs-corner" aria-label="Long work" ref={place}>
      {inOrder(jobs)
        .slice(0, SHOWN_MAX)
        .map((job) => (
          <CornerJob key={job.job} job={job} />
        ))}
      {more > 0 && <a href={hrefOf({ view: 'jobs' })}>{more} more</a>}
    </section>
  )
}

function CornerJob({ job }: { readonly job: Job }) {
  return (
    <div class={`corner-job ${job.state}`}>
      <code>{lineOf(job)}</code>
      {isRunning(job) ? (
        <>
          <Progress label={stateText(job)} quiet />
          <Interrupt job={job} />
        </>
      ) : (
        <>
          <span role="status">{stateText(job)}</span>
          <IconButton icon="close" label="Put it away" onPress={() => forgetJob(job.job)} />
        </>
      )}
    </div>
  )
}

async function lookAt(jobs: readonly Job[]): Promise<void> {
  await Promise.all(
    jobs.map(async (job) => {
      try {
        const now = await get<Job>(`/jobs/${encodeURIComponent(job.job)}`)
        tellOfJob(now)
        // Why it failed stays until it is put away.
        if (now.state === 'done') setTimeout(() => forgetJob(now.job), DONE_MS)
      } catch (error) {
        // It is kept for some minutes after its end; a lost connection is told elsewhere.
        if (problemOf(error).status === 404) forgetJob(job.job)
      }
    }),
  )
}
