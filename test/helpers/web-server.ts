// A running web surface for tests: the real one, in front of a process without sockets and engines, with an operator and
// a token of each role. Started on a port of the system's choosing, in a folder of its own.
import { randomBytes, scryptSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Surfaces } from '../../src/app/surfaces.ts'
import { hashOfToken, newToken } from '../../src/base/token-hash.ts'
import type { Feeds } from '../../src/commands/context.ts'
import type { Balancer } from '../../src/model/balancer.ts'
import type { OperatorRole } from '../../src/model/fields.ts'
import type { SettingValues } from '../../src/model/setting-fields.ts'
import type { UserSnapshot } from '../../src/model/snapshot.ts'
import type { ServerBounds } from '../../src/web/bounded-server.ts'
import { startWebServer, type WebServer } from '../../src/web/server.ts'
import { MemoryLog } from './ssh-balancer.ts'
import { ALICES_KEY, BOBS_KEY, createStubProcess, type StubProcess } from './stub-process.ts'
import { type LoggedIn, logInTo, WebClient } from './web-client.ts'

export type WebUser = Partial<UserSnapshot> & { readonly name: string }

/** Of alice (full), bob (operate) and rita (readonly). */
export const PASSWORDS = {
  alice: 'correct horse',
  bob: 'battery staple',
  rita: 'only looking',
} as const

export const WEB_USERS: readonly WebUser[] = [
  { name: 'alice', access: 'full', keys: [ALICES_KEY], password: cheapHash(PASSWORDS.alice) },
  { name: 'bob', access: 'operate', keys: [BOBS_KEY], password: cheapHash(PASSWORDS.bob) },
  { name: 'rita', access: 'readonly', password: cheapHash(PASSWORDS.rita) },
]

export interface StartWebOptions {
  /** In place of alice, bob and rita. */
  readonly users?: readonly WebUser[]
  /** In place of one that is made: a test may have put things into it. */
  readonly process?: StubProcess
  /** Of `<web>`, besides the address. */
  readonly settings?: Partial<SettingValues['web']>
  /** Where the built page is; a folder without one where nothing is said. */
  readonly pageFolder?: string
  /** Bounds of connections, in place of those of the house. */
  readonly bounds?: Partial<ServerBounds>
}

export interface RunningWeb {
  readonly url: string
  readonly port: number
  readonly server: WebServer
  readonly process: StubProcess
  readonly balancer: Balancer
  readonly log: MemoryLog
  /** Where keys are kept; removed at the end. */
  readonly folder: string
  /** Nobody: without cookie or token. */
  readonly stranger: WebClient
  /** The password of those in PASSWORDS need not be given. */
  login(user: string, password?: string): Promise<LoggedIn>
  /** A program with a token of that role. */
  bearer(role: OperatorRole): WebClient
  /** Something happens of which the stub itself knows nothing. */
  tell<Name extends keyof Feeds>(feed: Name, item: Feeds[Name]): void
  stop(): Promise<void>
}

export async function startWeb(options: StartWebOptions = {}): Promise<RunningWeb> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-web-'))
  mkdirSync(join(folder, 'keys'), { mode: 0o700 })
  const process = options.process ?? (await createStubProcess())
  const { balancer } = process
  const log = new MemoryLog()
  balancer.setUsers(options.users ?? WEB_USERS)
  const tokens = new Map<OperatorRole, string>()
  for (const role of ['readonly', 'operate', 'full'] as const) tokens.set(role, newToken())
  balancer.setTokens(
    [...tokens].map(([role, token]) => ({
      name: `${role}-program`,
      access: role,
      hash: hashOfToken(token),
    })),
  )
  balancer.configure('web', { listen: '127.0.0.1:0', enable: true, ...options.settings })
  const tell = feedsOf(process)
  const pageFolder = options.pageFolder ?? join(folder, 'page')
  const server = await startWebServer({
    process,
    log,
    pageFolder,
    keysFolder: join(folder, 'keys'),
    bounds: options.bounds ?? {},
  })
  const operators = new Surfaces()
  operators.web = server
  Object.assign(process, { operators, webLink: (operator: string) => server.link(operator) })
  const { url } = server
  return {
    url,
    port: Number(new URL(url).port),
    server,
    process,
    balancer,
    log,
    folder,
    stranger: new WebClient(url),
    login: (user, password = PASSWORDS[user as keyof typeof PASSWORDS]) =>
      logInTo(url, { user, password }),
    bearer: (role) => new WebClient(url, { authorization: `Bearer ${tokens.get(role)}` }),
    tell,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A scrypt hash that costs next to nothing; of a stranger's try the full price is asked all the same. */
export function cheapHash(password: string, N = 1_024): string {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, { N, r: 1, p: 1 })
  return ['scrypt', N, 1, 1, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Make the stub tell of changes and of the audit log, and of the rest what a test says. */
function feedsOf(process: StubProcess): RunningWeb['tell'] {
  // Who follows a feed takes what it tells, which no type can follow here.
  type Listener = (item: unknown) => void
  const listeners = new Map<keyof Feeds, Set<Listener>>()
  Object.assign(process, {
    follow(feed: keyof Feeds, listener: Listener) {
      if (feed === 'changes') return process.balancer.follow(listener)
      if (feed === 'audit') return process.audit.follow(listener)
      const told = listeners.get(feed) ?? new Set()
      listeners.set(feed, told.add(listener))
      return () => told.delete(listener)
    },
  })
  return (feed, item) => {
    for (const listener of listeners.get(feed) ?? []) listener(item)
  }
}
