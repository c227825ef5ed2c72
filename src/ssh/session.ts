// One session channel of a connection, from the requests before it starts (terminal, environment) to the
// one that starts it (a shell or a command). Everything that Sluice does not offer is refused and logged.
import type { Socket } from 'node:net'
import type { ServerChannel, Session } from 'ssh2'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { type Login, OperatorChannel, type Terminal } from './channel.ts'
import { guarded } from './guarded.ts'
import type { SshLimits } from './ssh-limits.ts'

/** What a client wants of a channel: a shell, or one command. */
export type Request = { readonly kind: 'shell' } | { readonly kind: 'exec'; readonly line: string }

export interface SessionOptions {
  readonly login: Login
  readonly limits: SshLimits
  readonly log: Log
  readonly socket: Socket
  readonly serve: (channel: OperatorChannel, request: Request) => void
}

type Reply = (() => void) | undefined

/** Variables that change what an operator sees; nothing else of a client's environment is taken. */
const ENVIRONMENT = /^(LANG|LC_[A-Z]+|NO_COLOR|COLORTERM)$/

export function serveSession(session: Session, options: SessionOptions): void {
  const { log, login } = options
  const environment = new Map<string, string>()
  let terminal: Terminal | undefined
  let channel: OperatorChannel | undefined
  const on = (event: string, handler: (accept: Reply, reject: Reply, info: never) => void) => {
    session.on(
      event,
      guarded(log, `ssh ${event}`, handler, (_accept, reject) => reject?.()),
    )
  }
  const start = (accept: Reply, request: Request) => {
    const stream = (accept as (() => ServerChannel | undefined) | undefined)?.()
    if (stream === undefined) return
    channel = new OperatorChannel(stream, { ...options, environment, terminal })
    options.serve(channel, request)
  }

  on('pty', (accept, _reject, { term, ...size }: Size & { readonly term: string }) => {
    terminal = { type: String(term).slice(0, 64), ...clamp(size) }
    accept?.()
  })
  on('window-change', (accept, _reject, size: Size) => {
    if (terminal !== undefined) terminal = { ...terminal, ...clamp(size) }
    if (terminal !== undefined) channel?.resize(terminal)
    accept?.()
  })
  on('env', (accept, reject, { key, val }: { readonly key: string; readonly val: string }) => {
    const fits =
      environment.size < LIMITS.sshEnvMax && key.length + val.length <= LIMITS.sshEnvLengthMax
    if (!fits || !ENVIRONMENT.test(key)) return reject?.()
    environment.set(key, val)
    return accept?.()
  })
  on('signal', (accept, _reject, { name }: { readonly name: string }) => {
    channel?.signal(name)
    accept?.()
  })
  on('shell', (accept) => start(accept, { kind: 'shell' }))
  on('exec', (accept, _reject, { command }: { readonly command: string }) => {
    start(accept, { kind: 'exec', line: command })
  })
  for (const event of ['subsystem', 'sftp', 'x11', 'auth-agent']) {
    on(event, (_accept, reject) => {
      log.info('ssh request refused', { operator: login.operator, login: login.id, request: event })
      reject?.()
    })
  }
}

interface Size {
  readonly cols: number
  readonly rows: number
}

// A client may report a window without columns, or one that no line of ours should ever fill.
function clamp({ cols, rows }: Size): { readonly columns: number; readonly rows: number } {
  const between = (value: number, standard: number) =>
    Math.min(1_000, Math.max(1, value || standard))
  return { columns: between(cols, 80), rows: between(rows, 24) }
}
