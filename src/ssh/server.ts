// The ssh plane: opens the gate, turns its sockets into connections, and connections into commands and
// prompts. Owns who is logged in, and ends a login whose user or key was removed, or whose role is another one now.
import type { Socket } from 'node:net'
import ssh2 from 'ssh2'
import { LoginNotes } from '../access/login-notes.ts'
import { parseAddress, type TcpAddress } from '../base/address.ts'
import { BalancerError, factsOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { Networks } from '../base/networks.ts'
import type { HostKeyView, Operators, Process } from '../commands/context.ts'
import { ALGORITHMS, type AlgorithmChoice } from './access/algorithms.ts'
import { keysOfUser } from './access/authorized-keys.ts'
import { whyForeign } from './access/foreign.ts'
import { type HostKey, loadHostKeys } from './access/host-keys.ts'
import type { Directory } from './access/login.ts'
import { renewPassword } from '../access/renew-password.ts'
import type { OperatorChannel } from './channel.ts'
import { SshConnection } from './connection.ts'
import { runExec } from './exec/exec.ts'
import { runJsonRpc } from './exec/json-rpc.ts'
import { evaluateOnce, runScript } from './exec/script.ts'
import { runSftp } from './files/sftp.ts'
import { Gate, type Place } from './gate.ts'
import { LoggedIn } from './logged-in.ts'
import { runPrompt } from './prompt/prompt.ts'
import type { Request } from './session.ts'
import { SSH_LIMITS, type SshLimits } from './ssh-limits.ts'
import { socketOf, withoutSha1 } from './ssh2-private.ts'

export { showToPrompt } from './prompt/owners.ts'
export { readThrown } from './prompt/thrown.ts'

export interface SshServerOptions {
  readonly process: Process
  readonly log: Log
  /** Where operators log in: `localhost:2222`. */
  readonly listen: string
  /** Folder with NAME.pub for each operator, besides the keys in the configuration. */
  readonly keysFolder: () => string
  /** Where typed lines are kept from login to login; without it they are kept in memory. */
  readonly historyFolder?: string
  /** Extra names bound at the prompt. */
  readonly prompt: Readonly<Record<string, unknown>>
  /** Limits other than those of the house; for tests. */
  readonly limits?: Partial<SshLimits>
}

export interface SshServer {
  /** `ip:port` as it was bound. */
  readonly address: string
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string
  /** Read the host keys anew, for those who connect from now on. Those that were stay when one is bad. */
  reload(): Promise<void>
  /** Operators that are logged in now. */
  readonly loginCount: number
  readonly hostKeys: readonly HostKeyView[]
  readonly operators: Operators
  /** Tell every operator, close everything. Resolves when the last socket is closed. */
  stop(): Promise<void>
}

/** @throws BalancerError PORT_TAKEN, PORT_DENIED, KEY_UNSAFE, FILE_UNREADABLE, FILE_UNWRITABLE, VALUE_BAD */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  // Readline would ask it about the terminals of operators, who have their own.
  delete process.env.TERM
  const address = parseAddress(options.listen)
  if (address?.kind !== 'tcp') {
    throw new BalancerError(
      'VALUE_BAD',
      `ssh listens on ip:port or name:port, got ${options.listen}`,
    )
  }
  const plane = new SshPlane(
    options,
    await loadHostKeys(options.process.balancer.settings.ssh.hostKey),
  )
  await plane.listen(address)
  await plane.readAllKeys()
  return plane
}

class SshPlane implements SshServer {
  readonly operators: Operators = new LoggedIn(() => [...this.#connections])
  readonly #options: SshServerOptions
  readonly #notes: LoginNotes
  readonly #limits: SshLimits
  #hostKeys: readonly HostKey[]
  #server: ssh2.Server
  readonly #gate: Gate
  readonly #places = new WeakMap<Socket, Place>()
  readonly #connections = new Set<SshConnection>()
  readonly #directory: Directory
  /** As they were at the last change of one of them. */
  #users: Directory['users']
  readonly #unfollow: () => void
  #address = ''

  constructor(options: SshServerOptions, hostKeys: readonly HostKey[]) {
    const { log, process: sluice } = options
    this.#options = options
    this.#notes = new LoginNotes('ssh', log, sluice.audit)
    this.#limits = { ...SSH_LIMITS, ...options.limits }
    this.#directory = directoryOf(options)
    this.#users = this.#directory.users
    this.#hostKeys = hostKeys
    this.#server = this.#serverWith(hostKeys)
    this.#gate = new Gate({
      limits: this.#limits,
      log,
      admit: (socket, place) => this.#admit(socket, place),
      isExempt: (address) => new Networks(this.#settings.penaltyExempt).has(address),
    })
    this.#unfollow = sluice.balancer.follow(({ path }) => {
      if (path !== 'settings/users') return
      this.#endForeign()
      // It tells the log what is wrong with a key, and never rejects.
      void this.readAllKeys()
    })
  }

  get address(): string {
    return this.#address
  }

  get fingerprint(): string {
    return this.#hostKeys[0]?.fingerprint ?? ''
  }

  get hostKeys(): readonly HostKeyView[] {
    return this.#hostKeys.map(({ algorithm, bits, fingerprint, file }) => {
      return { algorithm, bits, fingerprint, file }
    })
  }

  get loginCount(): number {
    return this.#logins.length
  }

  async listen(address: TcpAddress): Promise<void> {
    try {
      this.#address = await this.#gate.listen(address)
    } catch (error) {
      this.#unfollow()
      throw error
    }
  }

  async reload(): Promise<void> {
    try {
      this.#hostKeys = await loadHostKeys(this.#settings.hostKey)
      // ssh2 fixes the keys of a server when it is made; connections stay with the one that took them.
      this.#server = this.#serverWith(this.#hostKeys)
    } catch (error) {
      this.#options.log.error('ssh host keys not reloaded', factsOf(error))
    }
    await this.readAllKeys()
  }

  /** What is wrong with the keys of operators is told now, and not when somebody stands before the door. */
  async readAllKeys(): Promise<void> {
    for (const user of this.#directory.users) await this.#directory.keysOf(user)
  }

  async stop(): Promise<void> {
    this.#unfollow()
    this.#gate.close()
    await Promise.all(
      this.#logins.map((connection) => connection.farewell('Sluice stops now. Goodbye.', 0)),
    )
    await this.#gate.destroyAll()
    this.#notes.stop()
  }

  get #logins(): readonly SshConnection[] {
    return [...this.#connections].filter((connection) => connection.login !== undefined)
  }

  get #settings() {
    return this.#options.process.balancer.settings.ssh
  }

  get #algorithms(): AlgorithmChoice {
    return this.#settings.algorithms
  }

  #serverWith(hostKeys: readonly HostKey[]): ssh2.Server {
    if (this.#algorithms === 'old') {
      const cure = 'old clients get in; set ssh algorithms to modern and restart when they are gone'
      this.#options.log.warn('ssh offers old algorithms', { cure })
    }
    const server = new ssh2.Server({
      hostKeys: hostKeys.flatMap(({ privateKey }) => withoutSha1(privateKey)),
      ident: 'Sluice',
      keepaliveInterval: this.#limits.keepaliveMs,
      keepaliveCountMax: this.#limits.keepaliveMisses,
      algorithms: ALGORITHMS[this.#algorithms],
    })
    server.on('connection', (client) => {
      let connection: SshConnection | undefined
      // First of all: without it a client can end the process before it logged in.
      client.on('error', (error: Error & { readonly level?: string }) => connection?.fail(error))
      connection = this.#connect(client)
    })
    return server
  }

  #admit(socket: Socket, place: Place): void {
    this.#places.set(socket, place)
    this.#server.injectSocket(socket)
  }

  #connect(client: ssh2.Connection): SshConnection | undefined {
    const { log } = this.#options
    try {
      const socket = socketOf(client)
      const connection = new SshConnection(client, socket, {
        process: this.#options.process,
        limits: this.#limits,
        log,
        notes: this.#notes,
        place: this.#places.get(socket) ?? { release: () => {}, blame: () => {} },
        directory: this.#directory,
        renewPassword: (operator, password, oldHash) => {
          const { balancer } = this.#options.process
          // It never rejects, and the login does not wait for it.
          void renewPassword({ operator, password, oldHash }, balancer, log)
        },
        roomForLogin: () => this.loginCount < this.#limits.loginsMax,
        serve: (channel, request) => this.#serve(channel, request),
      })
      this.#connections.add(connection)
      socket.once('close', () => this.#connections.delete(connection))
      return connection
    } catch (error) {
      log.error('unexpected', { what: 'ssh connection', ...factsOf(error) })
      client.end()
      return undefined
    }
  }

  #serve(channel: OperatorChannel, request: Request): void {
    void this.#run(channel, request).catch((error) => {
      this.#options.log.error('unexpected', { what: 'ssh session', ...factsOf(error) })
      channel.farewell('Something unexpected happened; it is in the log.', 1)
    })
  }

  async #run(channel: OperatorChannel, request: Request): Promise<void> {
    if (request.kind === 'exec') {
      const evaluate = (code: string) => evaluateOnce(code, channel, this.#options)
      return runExec(request.line, channel, { ...this.#options, evaluate })
    }
    if (request.kind === 'sftp') return runSftp(channel, this.#options)
    if (request.kind === 'json-rpc') return runJsonRpc(channel, this.#options)
    if (channel.terminal !== undefined) return runPrompt(channel, this.#options)
    return channel.end(await runScript(channel, this.#options))
  }

  /** End the logins whose operator, or whose key, was removed, and those that may more or less than they could. */
  #endForeign(): void {
    const before = this.#users
    this.#users = this.#directory.users
    for (const connection of this.#logins) {
      const { login } = connection
      const why = login && whyForeign(login, before, this.#users)
      // It never rejects, and nobody waits for it.
      if (why !== undefined) void connection.farewell(`Your access ${why}.`, 1)
    }
  }
}

function directoryOf({ process: sluice, keysFolder, log }: SshServerOptions): Directory {
  const told = new Set<string>()
  // A faulty line is read at every login, also by strangers; it is news once.
  const onFault = (where: string, reason: string) => {
    const news = `${where}: ${reason}`
    if (told.has(news) || told.size >= LIMITS.sshKeyFaultsTold) return
    told.add(news)
    log.warn('ssh key refused', { where, reason })
  }
  return {
    get users() {
      return sluice.balancer.users
    },
    keysOf: (user) => keysOfUser(user, keysFolder(), onFault),
  }
}
