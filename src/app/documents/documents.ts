// Everything that commands see of documents, put together: conflicts, revisions, candidates, confirmations.
import type { Audit } from '../../audit/line.ts'
import type { Log } from '../../base/log.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import type { Balancer } from '../../model/balancer.ts'
import { OpenCandidates } from './candidates.ts'
import { PendingCommits } from './confirmations.ts'
import { FileConflicts } from './conflicts.ts'
import { DocumentHistory } from './history.ts'
import type { LeftOut } from './left-out.ts'

export interface DocumentsOptions {
  readonly balancer: Balancer
  readonly sync: ConfigSync
  readonly log: Log
  readonly audit: Audit
  /** Show a sentence at every open prompt, or at those of one operator. */
  readonly say: (sentence: string, operator?: string) => void
}

export class Documents {
  readonly conflicts: FileConflicts
  readonly history: DocumentHistory
  readonly candidates: OpenCandidates
  readonly confirmations: PendingCommits

  constructor({ balancer, sync, log, audit, say }: DocumentsOptions) {
    this.conflicts = new FileConflicts(sync)
    this.history = new DocumentHistory(sync)
    this.confirmations = new PendingCommits({ sync, balancer, log, audit, say })
    const { confirmations } = this
    const tell = (operator: string, sentence: string) => say(sentence, operator)
    this.candidates = new OpenCandidates({ balancer, sync, confirmations, log, tell })
  }

  /** Once the document is loaded. @param leftOut of what runs */
  async start(leftOut?: LeftOut): Promise<void> {
    await this.confirmations.start(leftOut)
    this.candidates.start()
  }

  async stop(): Promise<void> {
    await this.candidates.stop()
    await this.confirmations.stop()
  }
}
