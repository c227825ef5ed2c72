// Reads what Linux knows about a process, its threads and everything below it: CPU time and memory.
// Only looks; never signals anything.
import { readdirSync, readFileSync } from 'node:fs'

const TICK_NS = 10_000_000

/** The process and its descendants, so that a master and its workers count as one. */
export function treeOf(root: number): number[] {
  const parents = new Map(processIds().map((pid) => [pid, parentOf(pid)]))
  const belongs = (pid: number): boolean => {
    const parent = parents.get(pid)
    return pid === root || (parent !== undefined && parent > 0 && belongs(parent))
  }
  return [...parents.keys()].filter(belongs)
}

/** CPU time, user and system, of all tasks of these processes since they started, in nanoseconds. */
export function cpuNsOf(pids: readonly number[]): number {
  return sum(pids.flatMap((pid) => tasksOf(pid).map(taskNs)))
}

/** The same of the threads of one process whose name starts so. Undefined where it has none. */
export function threadsCpuNsOf(pid: number, name: string): number | undefined {
  const threads = tasksOf(pid).filter((task) => readQuietly(`${task}/comm`).startsWith(name))
  return threads.length === 0 ? undefined : sum(threads.map(taskNs))
}

/** The same of the thread that a process began with. */
export function mainThreadCpuNsOf(pid: number): number {
  return taskNs(`/proc/${pid}/task/${pid}`)
}

/** Memory that these processes asked for themselves, in bytes: resident and of no file. Not what the kernel has for their sockets. */
export function userBytesOf(pids: readonly number[]): number {
  return sum(pids.map((pid) => userKilobytesIn(readQuietly(`/proc/${pid}/status`)) * 1024))
}

/** Resident memory of these processes in bytes. Shared pages count for each; take differences. */
export function residentBytesOf(pids: readonly number[]): number {
  return sum(pids.map((pid) => kilobytesIn(readQuietly(`/proc/${pid}/smaps_rollup`)) * 1024))
}

/** Program and arguments, each with a NUL behind it; '' where the process has ended. */
export function commandLineOf(pid: number): string {
  return readQuietly(`/proc/${pid}/cmdline`)
}

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** The fields after the name, which may contain blanks and brackets itself. */
function statOf(path: string): string[] {
  const text = readQuietly(`${path}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function parentOf(pid: number): number {
  return Number(statOf(`/proc/${pid}`)[1] ?? 0)
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`)
  } catch {
    return []
  }
}

/** schedstat counts nanoseconds; kernels without it have utime and stime in ticks of 10 ms. */
function taskNs(task: string): number {
  const exact = Number(readQuietly(`${task}/schedstat`).split(' ')[0])
  if (exact > 0) return exact
  const fields = statOf(task)
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_NS
}

function kilobytesIn(rollup: string): number {
  return Number(/^Rss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0)
}

function userKilobytesIn(status: string): number {
  return sum(
    [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)].map(([, size]) => Number(size)),
  )
}

/** A process may end between being listed and being read; it then has nothing to tell. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
