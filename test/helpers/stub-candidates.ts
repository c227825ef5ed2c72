// Candidates without a file and without a disk: what is committed is applied and saved nowhere.
import { OpenCandidates } from '../../src/app/documents/candidates.ts'
import { applySnapshot } from '../../src/config/compare/apply.ts'
import { currentOrigin } from '../../src/base/origin.ts'
import type { ConfirmedCommit } from '../../src/app/documents/pending-commit.ts'
import type { Balancer } from '../../src/model/balancer.ts'
import { RecordingLog } from './recording-log.ts'

export interface StubCandidates extends OpenCandidates {
  readonly log: RecordingLog
  /** What owners were told. */
  readonly told: [operator: string, sentence: string][]
  /** What became of commits that have to be confirmed. */
  readonly confirmations: { step: string; commit?: ConfirmedCommit }[]
  readonly comments: string[]
}

/** @param now milliseconds since 1970; the system's where it is left out */
export function stubCandidates(balancer: Balancer, now?: () => number): StubCandidates {
  const log = new RecordingLog()
  const told: StubCandidates['told'] = []
  const steps: StubCandidates['confirmations'] = []
  const comments: string[] = []
  let revision = 1
  const candidates = new OpenCandidates({
    balancer,
    log,
    tell: (...given) => told.push(given),
    ...(now === undefined ? {} : { now }),
    sync: {
      file: 'run/config.xml',
      async change(wanted, { comment = '' } = {}) {
        const to = wanted(balancer.snapshot())
        const differences = await applySnapshot(balancer, to, currentOrigin())
        comments.push(comment)
        revision += 1
        return { differences, file: 'run/config.xml', written: true, revision }
      },
    },
    confirmations: {
      async prepare(commit) {
        steps.push({ step: 'prepare', commit })
      },
      async drop() {
        steps.push({ step: 'drop' })
      },
      async arm(commit) {
        steps.push({ step: 'arm', commit })
        const { operator, comment, watchTraffic, confirmMs } = commit
        const facts = { operator, comment, watchTraffic, time: 0, changes: [] }
        return { ...facts, confirmBefore: confirmMs } as never
      },
    },
  })
  return Object.assign(candidates, { log, told, confirmations: steps, comments })
}
