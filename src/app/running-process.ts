// The running process as the command table sees it: a thin front over the core, the log and the document.
import type { FileLog } from '../base/log.ts'
import type { DocumentState, Process } from '../commands/context.ts'
import type { SessionView } from '../model/session-view.ts'
import type { ConfigSync } from '../config/sync.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Core } from './core.ts'
import { VERSION } from './version.ts'

export interface ProcessParts {
  readonly core: Core
  readonly log: FileLog
  readonly sync: ConfigSync
  /** Begin a graceful stop. */
  readonly stop: () => void
}

export class RunningProcess implements Process {
  readonly version = VERSION
  readonly startedAt = Date.now()
  readonly #parts: ProcessParts

  constructor(parts: ProcessParts) {
    this.#parts = parts
  }

  get engine(): Process['engine'] {
    const { engine, engineReason } = this.#parts.core
    return { name: engine.name, reason: engineReason }
  }

  get balancer(): Balancer {
    return this.#parts.core.balancer
  }

  get sessionCount(): number {
    return this.#parts.core.engine.sessionCount
  }

  sessions(options: { readonly after: number; readonly limit: number }): readonly SessionView[] {
    return this.#parts.core.engine.sessions(options)
  }

  logLines() {
    return this.#parts.log.lines
  }

  document(): DocumentState {
    const { sync } = this.#parts
    return {
      file: sync.file,
      stored: sync.document?.text ?? '',
      unsaved: sync.unsaved,
      // Made only for those who read it: it costs a comparison of the whole document.
      get running() {
        return sync.running.text
      },
    }
  }

  save(options: { readonly force: boolean }) {
    return this.#parts.sync.save(options)
  }

  stop(): void {
    this.#parts.stop()
  }
}
