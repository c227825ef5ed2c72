// What a process holds of the system: descriptors by kind, and memory of its own.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

export interface ProcessFigures {
  readonly descriptors: number
  /** Of those, ends of kernel pipes. */
  readonly pipeEnds: number
  /** Memory that no file stands behind: heaps and stacks. */
  readonly anonymousBytes: number
}

export function figuresOfProcess(pid: number): ProcessFigures {
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    descriptors: targets.length,
    pipeEnds: targets.filter((target) => target.startsWith('pipe:')).length,
    anonymousBytes: Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024,
  }
}

function targetOf(link: string): string[] {
  try {
    return [readlinkSync(link)]
  } catch {
    // It was closed meanwhile.
    return []
  }
}
