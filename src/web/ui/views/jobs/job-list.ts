// Long work as the page shows it: what runs, what it said last, and how it ended.
import type { Job } from '../../api/types.ts'
import { visibleLine } from '../text/visible.ts'

/** Jobs that the corner shows at once. */
export const SHOWN_MAX = 4

/** Notes of one job that are shown. */
const NOTES_MAX = 200

/** Those that run first, each kind oldest first. */
export function inOrder(jobs: readonly Job[]): readonly Job[] {
  return [...jobs.filter(isRunning), ...jobs.filter((job) => !isRunning(job))]
}

export function isRunning({ state }: Job): boolean {
  return state === 'running'
}

/** What it was asked, as it would be typed. */
export function lineOf({ job, line = '' }: Job): string {
  return line === '' ? `job ${job}` : visibleLine(line, 120)
}

export function shownNotes({ notes }: Job): readonly string[] {
  return notes.slice(-NOTES_MAX).map((note) => visibleLine(note))
}

/** In one sentence, for the corner and for a screen reader. */
export function stateText(job: Job): string {
  const { state, problem, result, notes } = job
  if (state === 'running') return visibleLine(notes.at(-1) ?? 'under way')
  if (state === 'failed') return visibleLine(problem?.detail ?? problem?.title ?? 'it failed')
  return visibleLine(messageIn(result) ?? 'done')
}

function messageIn(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null || !('message' in result)) return undefined
  return typeof result.message === 'string' ? result.message : undefined
}
