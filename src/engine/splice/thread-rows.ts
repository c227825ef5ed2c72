// Figures of the engine's threads, in memory that they write and everybody reads without asking them.
import type { EngineThreadView } from '../../model/engine-view.ts'
import { ROW_CELLS } from '../counter-rows.ts'

/** Places in a row: the order of WorkerRow in native/core/worker.h. */
const CELLS = {
  sessions: 0,
  accepted: 1,
  bytesMoved: 2,
  pipes: 3,
  pipesInUse: 4,
  turns: 5,
} as const

export class ThreadRows {
  readonly cells: Float64Array

  constructor(threads: number) {
    this.cells = new Float64Array(threads * ROW_CELLS)
  }

  views(): readonly EngineThreadView[] {
    const threads = this.cells.length / ROW_CELLS
    return Array.from({ length: threads }, (_, thread) => this.#viewOf(thread))
  }

  #viewOf(thread: number): EngineThreadView {
    const cell = (place: number) => this.cells[thread * ROW_CELLS + place] ?? 0
    return {
      thread,
      sessions: cell(CELLS.sessions),
      accepted: cell(CELLS.accepted),
      bytesMoved: cell(CELLS.bytesMoved),
      pipes: cell(CELLS.pipes),
      pipesInUse: cell(CELLS.pipesInUse),
      turns: cell(CELLS.turns),
    }
  }
}
