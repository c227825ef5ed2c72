// Live traffic for tests that change things beside it: clients that stay connected and must go on being answered, and
// others that come, ask and go, one after the other, for as long as the test runs.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { connectTo, exchange, type TestClient } from './clients.ts'
import { echoHost, type TestHost } from './hosts.ts'
import { whenOver } from './when-over.ts'

/** Between two that come, so that a whole run leaves the machine to what is tested. */
const PAUSE_MS = 15

/** Hosts that send back what they get, for as long as the test or the file runs. */
export async function echoHosts(count: number): Promise<TestHost[]> {
  const hosts = await Promise.all(Array.from({ length: count }, () => echoHost()))
  whenOver(() => Promise.all(hosts.map((host) => host.close())))
  return hosts
}

export interface SteadyClients {
  /** Those that stay. */
  readonly clients: readonly TestClient[]
  /** Each of those that stay is still answered. */
  expectUncut(): Promise<void>
}

/** @param address of a service in front of hosts that send back what they get */
export async function steadyClients(address: string, count: number): Promise<SteadyClients> {
  const clients = await Promise.all(Array.from({ length: count }, () => connectTo(address)))
  whenOver(() => clients.forEach(({ socket }) => socket.destroy()))
  const ask = async ({ socket }: TestClient, index: number) => {
    const answer = once(socket, 'data') as Promise<[Buffer]>
    socket.write(`client ${index}`)
    return String((await answer)[0])
  }
  const steady = {
    clients,
    async expectUncut() {
      expect(clients.map(({ socket, errors }) => [socket.readyState, errors])).toEqual(
        clients.map(() => ['open', []]),
      )
      expect(await Promise.all(clients.map(ask))).toEqual(clients.map((_, at) => `client ${at}`))
    },
  }
  await steady.expectUncut()
  return steady
}

export interface PassingClients {
  readonly served: number
  /** Those that were not answered as they should have been, a line each. */
  readonly failed: readonly string[]
  stop(): Promise<void>
}

export interface PassingOptions {
  /** Between two, by how many there were. */
  readonly pauseMs?: (served: number) => number
  /** What each sends and gets back. */
  readonly bytes?: number
}

/** @param address of a service in front of hosts that send back what they get */
export function passingClients(
  address: string,
  { pauseMs = () => PAUSE_MS, bytes = 10 }: PassingOptions = {},
): PassingClients {
  const end = new AbortController()
  const failed: string[] = []
  let served = 0
  const run = async () => {
    while (!end.signal.aborted) {
      const text = `passing ${served}`.padEnd(bytes)
      const answer = await exchange(address, text).catch(String)
      if (answer === text) served += 1
      else failed.push(answer === '' ? 'closed without an answer' : answer.slice(0, 80))
      await pause(pauseMs(served), undefined, { signal: end.signal }).catch(() => {})
    }
  }
  const over = run()
  const stop = async () => {
    end.abort()
    await over
  }
  whenOver(stop)
  return {
    get served() {
      return served
    },
    failed,
    stop,
  }
}
