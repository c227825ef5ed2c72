// The three kinds of client: wrk for requests and connections, a fetcher for big bodies, a holder of
// idle sessions. Each runs as a process of its own and comes back with plain numbers.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './children.ts'
import { programPath } from './peers.ts'
import type { Rig } from './rig.ts'

/** Clients of one thread of wrk. */
const WRK_CLIENTS = 64
const FETCH_CLIENTS = 4
const HOLD_MS = 60_000

/** What wrk-report.lua prints; `bytes` of fetch-clients.js takes the place of `requests`. */
export interface Load {
  readonly count: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly errors: number
}

export interface WrkOptions {
  readonly port: number
  readonly path: '5' | '18k'
  readonly seconds: number
  /** Keep connections for many requests, or open one for each. */
  readonly connections: 'kept' | 'new'
  /** Of wrk. Default 1. */
  readonly threads?: number
}

export async function runWrk(rig: Rig, options: WrkOptions): Promise<Load> {
  const { port, path, seconds, connections, threads = 1 } = options
  const args = [
    `-t${threads}`,
    `-c${WRK_CLIENTS * threads}`,
    `-d${seconds}s`,
    '--latency',
    '-s',
    programPath('wrk-report.lua'),
    ...(connections === 'new' ? ['-H', 'Connection: close'] : []),
    `http://127.0.0.1:${port}/${path}`,
  ]
  return parseLoad(await rig.children.run('wrk', { program: 'wrk', args, folder: rig.folder }))
}

/** `count` is bytes here. */
export async function runFetch(rig: Rig, port: number, seconds: number): Promise<Load> {
  const args = [port, '/64m', FETCH_CLIENTS, seconds].map(String)
  const command = rig.compiled
    ? { program: rig.compiled, args, folder: rig.folder }
    : rig.program('fetch-clients.js', ...args)
  return parseLoad(await rig.children.run('fetch-clients', command))
}

/** Open sessions through `port` and keep them; resolves when a byte went both ways in each. */
export async function holdSessions(rig: Rig, port: number, count: number): Promise<Child> {
  const holder = rig.children.start('hold-clients.js', rig.program('hold-clients.js', port, count))
  const deadline = Date.now() + HOLD_MS
  while (!holder.output.includes('ready')) {
    if (!holder.running) throw new Error(`sessions were not held: ${holder.lastWords}`)
    if (Date.now() > deadline)
      throw new Error(`${count} sessions were not open after ${HOLD_MS} ms`)
    await sleep(20)
  }
  return holder
}

/** The last line of both programs is JSON. */
export function parseLoad(output: string): Load {
  const line = output.trim().split('\n').at(-1) ?? ''
  const { requests, bytes, ...rest } = JSON.parse(line) as Load & Record<string, number>
  const load = { ...rest, count: requests ?? bytes ?? 0 }
  if (load.count > 0) return load
  throw new Error(`nothing came through, ${load.errors} errors`)
}
