// wrk, the load generator, with 64 clients; and what it counted.
import { testFolder } from './folder.ts'
import { pathOf } from './programs.ts'
import { TestChild } from './test-child.ts'

export interface WrkReport {
  readonly requests: number
  /** Connections that did not come about, broke, or took too long, and answers that are no success. */
  readonly errors: number
  /** What wrk printed, for the message of a failure. */
  readonly text: string
}

export interface WrkOptions {
  readonly seconds: number
  /** A new connection for every request. Default: kept ones. */
  readonly newConnections?: boolean
}

/** Load `url`; resolves with the report at the end. */
export async function runWrk(
  url: string,
  { seconds, newConnections = false }: WrkOptions,
): Promise<WrkReport> {
  const header = newConnections ? ['-H', 'Connection: close'] : []
  const args = ['-t1', '-c64', `-d${seconds}s`, '--timeout', '10s', ...header, url]
  const child = new TestChild(pathOf('wrk'), args, { folder: testFolder() })
  const { out, err } = await child.ended
  const requests = Number(/(\d+) requests in/.exec(out)?.[1] ?? 0)
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    out,
  )
  const wrongAnswers = /Non-2xx or 3xx responses: (\d+)/.exec(out)
  const counts = [...(socketErrors?.slice(1) ?? []), ...(wrongAnswers?.slice(1) ?? [])]
  const errors = counts.reduce((sum, count) => sum + Number(count), 0)
  return { requests, errors, text: `${out}${err}` }
}
