// Long work that this page asked for and that still goes on, wherever on the page it was asked.
import type { Job } from '../api/types.ts'
import { createStore, type Store } from './store.ts'

/** Oldest first. */
export const ownJobs: Store<readonly Job[]> = createStore<readonly Job[]>([])

const KEPT_MAX = 20

/** It began, said more, or ended. */
export function tellOfJob(job: Job): void {
  ownJobs.update((jobs) => {
    const isKnown = jobs.some((each) => each.job === job.job)
    const next = isKnown ? jobs.map((each) => (each.job === job.job ? job : each)) : [...jobs, job]
    return next.slice(-KEPT_MAX)
  })
}

export function forgetJob(job: string): void {
  ownJobs.update((jobs) => jobs.filter((each) => each.job !== job))
}
