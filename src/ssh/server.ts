// The ssh plane: opens the gate, turns its sockets into connections, and connections into commands and
// prompts. Owns who is logged in, and ends a login whose user was removed or got another role.
import ssh2, { type ServerConfig } from 'ssh2'
import type { Socket } from 'node:net'
import { parseAddress } from '../base/address.ts'
import { BalancerError, factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Process } from '../commands/context.ts'
import { keysOfUser } from './authorized-keys.ts'
import type { OperatorChannel } from './channel.ts'
import { SshConnection } from './connection.ts'
import { runExec } from './exec.ts'
import { Gate, type Place } from './gate.ts'
import { type HostKey, loadHostKey } from './keys.ts'
import type { Directory } from './login.ts'
import { runPrompt } from './prompt.ts'
import { evaluateOnce, runScript } from './script.ts'
import type { Request } from './session.ts'
import { SSH_LIMITS, type SshLimits } from './ssh-limits.ts'
import { socketOf } from './ssh2-private.ts'

export { showToPrompt } from './prompt-owners.ts'

export interface SshServerOptions {
  readonly process: Process
  readonly log: Log
  /** Where operators log in: `localhost:2222`. */
  readonly listen: string
  /** Made at the first start. */
  readonly hostKeyFile: string
  /** Folder with NAME.pub for each operator, besides the keys in the configuration. */
  readonly keysFolder: string
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
  /** Operators that are logged in now. */
  readonly loginCount: number
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
  const plane = new SshPlane(options, await loadHostKey(options.hostKeyFile))
  await plane.listen(address)
  return plane
}

class SshPlane implements SshServer {
  readonly fingerprint: string
  readonly #options: SshServerOptions
  readonly #limits: SshLimits
  readonly #server: ssh2.Server
  readonly #gate: Gate
  readonly #places = new WeakMap<Socket, Place>()
  readonly #connections = new Set<SshConnection>()
  readonly #directory: Directory
  readonly #unfollow: () => void
  #address = ''

  constructor(options: SshServerOptions, hostKey: HostKey) {
    const { log, process: sluice } = options
    this.fingerprint = hostKey.fingerprint
    this.#options = options
    this.#limits = { ...SSH_LIMITS, ...options.limits }
    this.#directory = directoryOf(options)
    this.#server = new ssh2.Server(configOf(hostKey, this.#limits))
    this.#server.on('connection', (client) => {
      let connection: SshConnection | undefined
      // First of all: without it a client can end the process before it logged in.
      client.on('error', (error: Error & { readonly level?: string }) => connection?.fail(error))
      connection = this.#connect(client)
    })
    this.#gate = new Gate({
      limits: this.#limits,
      log,
      admit: (socket, place) => this.#admit(socket, place),
    })
    this.#unfollow = sluice.balancer.follow(({ path }) => {
      if (path === 'settings/users') this.#endForeign()
    })
  }

  get address(): string {
    return this.#address
  }

  get loginCount(): number {
    return this.#logins.length
  }

  async listen(address: {
    readonly kind: 'tcp'
    readonly host: string
    readonly port: number
  }): Promise<void> {
    try {
      this.#address = await this.#gate.listen(address)
    } catch (error) {
      this.#unfollow()
      throw error
    }
  }

  async stop(): Promise<void> {
    this.#unfollow()
    this.#gate.close()
    await Promise.all(
      this.#logins.map((connection) => connection.farewell('Sluice stops now. Goodbye.', 0)),
    )
    await this.#gate.destroyAll()
  }

  get #logins(): readonly SshConnection[] {
    return [...this.#connections].filter((connection) => connection.login !== undefined)
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
        limits: this.#limits,
        log,
        place: this.#places.get(socket) ?? { release: () => {} },
        directory: this.#directory,
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
    if (channel.terminal !== undefined) return runPrompt(channel, this.#options)
    return channel.end(await runScript(channel, this.#options))
  }

  /** End the logins of users who are no more, or who may more or less than they could. */
  #endForeign(): void {
    const { users } = this.#directory
    for (const connection of this.#logins) {
      const { operator, role } = connection.login ?? {}
      const user = users.find((each) => each.name === operator)
      if (user?.access === role) continue
      const why = user === undefined ? 'was removed' : `is ${user.access} now; log in again`
      // It never rejects, and nobody waits for it.
      void connection.farewell(`Your access ${why}.`, 1)
    }
  }
}

function directoryOf({ process: sluice, keysFolder, log }: SshServerOptions): Directory {
  const told = new Set<string>()
  // A faulty line is read at every login, also by strangers; it is news once.
  const onFault = (where: string, reason: string) => {
    const news = `${where}: ${reason}`
    if (told.has(news) || told.size > 1_000) return
    told.add(news)
    log.warn('ssh key refused', { where, reason })
  }
  return {
    get users() {
      return sluice.balancer.users
    },
    keysOf: (user) => keysOfUser(user, keysFolder, onFault),
  }
}

function configOf(hostKey: HostKey, { keepaliveMs, keepaliveMisses }: SshLimits): ServerConfig {
  return {
    hostKeys: [hostKey.privateKey],
    ident: 'Sluice',
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: keepaliveMisses,
    algorithms: {
      // The name with @libssh.org must come first: ssh2 misreads a correctly guessed first packet of a
      // key exchange and hangs, and Dropbear's client guesses the other one.
      kex: ['curve25519-sha256@libssh.org', 'curve25519-sha256', 'diffie-hellman-group16-sha512'],
      cipher: [
        'chacha20-poly1305@openssh.com',
        'aes256-gcm@openssh.com',
        'aes128-gcm@openssh.com',
        'aes256-ctr',
        'aes192-ctr',
        'aes128-ctr',
      ],
      hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
      compress: ['none'],
    },
  }
}
