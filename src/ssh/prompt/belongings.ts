// What the code of one prompt left running: timers, followers of the balancer, sockets and servers. It ends with
// the prompt, else every login would leave a little behind.
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import timers from 'node:timers'
import tls from 'node:tls'
import { inspect, promisify } from 'node:util'
import vm from 'node:vm'
import type { Balancer } from '../../model/balancer.ts'

/** Functions of modules whose result stays open until somebody closes it. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  net: ['createServer', 'connect', 'createConnection'],
  tls: ['createServer', 'connect'],
  http: ['createServer', 'request', 'get'],
  https: ['createServer', 'request', 'get'],
}

const MODULES: Readonly<Record<string, object>> = { net, tls, http, https, timers }

type Callback = (...given: readonly unknown[]) => void

/** What can be ended; a server has `close`, a socket `destroy`. */
interface Opened {
  once(event: 'close', listener: () => void): unknown
  on(event: 'connection', listener: (socket: Opened) => void): unknown
  destroy?(): unknown
  close?(): unknown
}

export class Belongings {
  readonly #balancer: Balancer
  /** One for each context of the prompt: was a function made by its code? */
  readonly #makers: ((listener: unknown) => boolean)[] = []
  readonly #timers = new Set<NodeJS.Timeout | NodeJS.Immediate>()
  readonly #opened = new Set<Opened>()
  #closed = false

  constructor(balancer: Balancer) {
    this.#balancer = balancer
  }

  /** Code of this context follows the balancer no longer than the prompt is there. */
  adopt(context: vm.Context): void {
    // Each context has a Function of its own.
    const Made = vm.runInContext('Function', context) as new () => object
    this.#makers.push((listener) => listener instanceof Made)
  }

  /** The timer functions of a prompt. */
  get timers(): Readonly<Record<string, unknown>> {
    return {
      setTimeout: this.#once(timers.setTimeout as never),
      setImmediate: this.#once(timers.setImmediate as never),
      setInterval: (...given: readonly unknown[]) =>
        this.#keepTimer(Reflect.apply(timers.setInterval, undefined, given as never)),
    }
  }

  /** A module as a prompt gets it; undefined for one that opens nothing. */
  module(id: string): object | undefined {
    const name = id.replace(/^node:/, '')
    const module = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined
    if (module === undefined) return undefined
    if (name === 'timers') return { ...timers, ...this.timers }
    const openers = new Set(OPENERS[name])
    return new Proxy(module, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function' || !openers.has(String(key))) return value
        return (...given: readonly unknown[]) =>
          this.#keepOpened(Reflect.apply(value, target, given) as Opened)
      },
    })
  }

  /** End everything. What is begun later ends at once. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) stop(timer)
    for (const opened of this.#opened) end(opened)
    this.#timers.clear()
    this.#opened.clear()
    this.#balancer.unfollow((listener) => this.#makers.some((made) => made(listener)))
    this.#makers.length = 0
  }

  #once(start: (callback: Callback, ...rest: readonly unknown[]) => NodeJS.Timeout): unknown {
    const begin = (callback: unknown, ...rest: readonly unknown[]) => {
      if (typeof callback !== 'function') return start(callback as Callback, ...rest)
      const timer = this.#keepTimer(
        start(
          (...given) => {
            this.#timers.delete(timer)
            Reflect.apply(callback, timer, given)
          },
          ...rest,
        ),
      )
      return timer
    }
    const promised = (start as unknown as Record<symbol, unknown>)[promisify.custom]
    return Object.defineProperty(begin, promisify.custom, { value: promised })
  }

  #keepTimer<Timer extends NodeJS.Timeout | NodeJS.Immediate>(timer: Timer): Timer {
    if (this.#closed) stop(timer)
    else this.#timers.add(timer)
    // Else a line that starts one prints a screenful of its inside.
    return Object.defineProperty(timer, inspect.custom, { value: () => '[timer of this prompt]' })
  }

  #keepOpened(opened: Opened): Opened {
    if (this.#closed) end(opened)
    this.#opened.add(opened)
    opened.once('close', () => this.#opened.delete(opened))
    opened.on('connection', (socket) => this.#keepOpened(socket))
    return opened
  }
}

function stop(timer: NodeJS.Timeout | NodeJS.Immediate): void {
  if ('hasRef' in timer && 'refresh' in timer) timers.clearTimeout(timer)
  else timers.clearImmediate(timer as NodeJS.Immediate)
}

function end(opened: Opened): void {
  if (opened.destroy === undefined) opened.close?.()
  else opened.destroy()
}
