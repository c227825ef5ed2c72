// One session channel of a connection, from the requests before it starts (terminal, environment) to the
// one that starts it (a shell, a command or a subsystem). Everything that Sluice does not offer is refused and logged.
import type { Socket } from 'node:net'
import type { ServerChannel, Session } from 'ssh2'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { type Login, OperatorChannel, type Terminal } from './channel.ts'
import { guarded } from './guarded.ts'
import type { SshLimits } from './ssh-limits.ts'

/** What a client wants of a channel: a shell, one command, or a subsystem. */
export type Request =
  | { readonly kind: 'shell' }
  /** `original` is what was asked for where the key forces another command. */
  | { readonly kind: 'exec'; readonly line: string; readonly original?: string }
  | { readonly kind: Subsystem }

const SUBSYSTEMS = ['sftp', 'json-rpc'] as const

type Subsystem = (typeof SUBSYSTEMS)[number]

export interface SessionOptions {
  readonly login: Login
  readonly limits: SshLimits
  readonly log: Log
  readonly socket: Socket
  readonly serve: (channel: OperatorChannel, request: Request) => void
  /** Told of what was asked for and is not offered. */
  readonly refused: (request: string) => void
}

type Reply = (() => void) | undefined

type On = (event: string, handler: (accept: Reply, reject: Reply, info: never) => void) => void

type Start = (accept: Reply, request: Request) => void

/** Variables that change what an operator sees; nothing else of a client's environment is taken. */
const ENVIRONMENT = /^(LANG|LC_[A-Z]+|NO_COLOR|COLORTERM)$/

export function serveSession(session: Session, options: SessionOptions): void {
  const { log, login } = options
  const environment = new Map<string, string>()
  let terminal: Terminal | undefined
  let channel: OperatorChannel | undefined
  const on: On = (event, handler) => {
    session.on(
      event,
      guarded(log, `ssh ${event}`, handler, (_accept, reject) => reject?.()),
    )
  }
  const start: Start = (accept, request) => {
    const stream = (accept as (() => ServerChannel | undefined) | undefined)?.()
    if (stream === undefined) return
    channel = new OperatorChannel(stream, { ...options, environment, terminal })
    options.serve(channel, request)
  }

  on('pty', (accept, reject, { term, ...size }: Size & { readonly term: string }) => {
    if (!login.restrictions.pty) return reject?.()
    terminal = { type: String(term).slice(0, 64), ...clamp(size) }
    return accept?.()
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
  if (login.restrictions.command === undefined) startAsAsked(on, start, options)
  else startForced(on, start, options, login.restrictions.command)
}

/** Characters of the name of an unknown subsystem that are logged. */
const NAME_LOGGED_MAX = 64
/** Characters of a command that gave way to a forced one. */
const ORIGINAL_LOGGED_MAX = 1_000

function startAsAsked(on: On, start: Start, { refused }: SessionOptions): void {
  const refuse = (request: string, reject: Reply) => {
    refused(request)
    reject?.()
  }
  on('shell', (accept) => start(accept, { kind: 'shell' }))
  on('exec', (accept, _reject, { command }: { readonly command: string }) => {
    start(accept, { kind: 'exec', line: command })
  })
  // Nobody listens for `sftp`, so that it comes as a subsystem like any other.
  on('subsystem', (accept, reject, { name }: { readonly name: string }) => {
    const kind = SUBSYSTEMS.find((each) => each === name)
    if (kind === undefined) refuse(`subsystem ${String(name).slice(0, NAME_LOGGED_MAX)}`, reject)
    else start(accept, { kind })
  })
  for (const event of ['x11', 'auth-agent']) {
    on(event, (_accept, reject) => refuse(event, reject))
  }
}

/** Whatever is asked for becomes the command of the key. What was asked for is logged, and kept for the audit log. */
function startForced(on: On, start: Start, { log, login }: SessionOptions, line: string): void {
  const force = (accept: Reply, asked: string) => {
    const original = asked.slice(0, ORIGINAL_LOGGED_MAX)
    log.info('ssh command forced', { operator: login.operator, login: login.id, original })
    start(accept, { kind: 'exec', line, original })
  }
  on('shell', (accept) => force(accept, ''))
  on('exec', (accept, _reject, { command }: { readonly command: string }) => force(accept, command))
  on('subsystem', (accept, _reject, { name }: { readonly name: string }) => {
    force(accept, `subsystem ${name}`)
  })
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
