// The composition root of the process: reads the document, puts everything together in the order in which data
// flows, and takes it apart in the opposite one.
import { dirname } from 'node:path'
import { FileAudit } from '../audit/file.ts'
import { noteAfterwards } from '../audit/line.ts'
import type { ReloadResult } from '../commands/context.ts'
import { factsOf, messageOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import { LIMITS } from '../base/limits.ts'
import { FileLog } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import { printable } from '../commands/answer/columns.ts'
import { ConfigSync } from '../config/keep/sync.ts'
import type { BalancerSnapshot } from '../model/snapshot.ts'
import { type SshServer, readThrown, showToPrompt } from '../ssh/server.ts'
import type { WebServer } from '../web/server.ts'
import { auditChanges, auditFileOf, permitChange } from './audited.ts'
import { startControlSocket } from './control-socket.ts'
import { Core, type CoreOptions } from './core.ts'
import { startDemoHosts } from './demo.ts'
import { tellOfConflicts } from './documents/conflicts.ts'
import { Documents } from './documents/documents.ts'
import { leaveOut, type LeftOut } from './documents/left-out.ts'
import { loadDocument } from './load-document.ts'
import { sentenceOf } from './reload-sentence.ts'
import { RunningProcess } from './running-process.ts'
import { Surfaces } from './surfaces.ts'
import { Usage } from './usage.ts'
import { VERSION } from './version.ts'

/** Where no number of threads is given, the document says it. */
export interface RunOptions extends Pick<CoreOptions, 'engine' | 'engineThreads'> {
  /** The configuration file. */
  readonly config: string
  /** Start three hosts inside the process, on the ports of the first configuration. */
  readonly demo: boolean
  /** Never write the configuration file, nor revisions: what is changed live is lost at the stop. Default false. */
  readonly readOnlyConfig?: boolean
}

/** Ports of the hosts a, b and c in etc/config.xml. */
const DEMO_PORTS = [9001, 9002, 9003]

/** Something that was started, by the name under which its stop is logged. */
interface Started {
  readonly name: string
  stop(): Promise<unknown>
}

export class Sluice {
  readonly core: Core
  readonly log: FileLog
  readonly process: RunningProcess
  readonly #surfaces = new Surfaces()
  readonly #audit: FileAudit
  readonly #sync: ConfigSync
  readonly #documents: Documents
  readonly #usage: Usage
  readonly #started: Started[] = []
  #stopping: Promise<void> | undefined
  /** How many sessions a second call closed. */
  #cutShort: Promise<number> | undefined
  /** Nothing to save until the sync timer runs: a start that failed must not touch the file. */
  #saveLast: () => Promise<void> = async () => {}
  #onStopped: () => void = () => {}
  /** Resolves when everything has stopped, whoever asked for it. */
  readonly stopped = new Promise<void>((resolve) => {
    this.#onStopped = resolve
  })

  private constructor({ settings }: BalancerSnapshot, options: RunOptions) {
    const { logging, control, engine } = settings
    this.log = new FileLog(logging)
    this.#audit = new FileAudit({ file: auditFileOf(options.config), log: this.log })
    this.core = new Core({
      log: this.log,
      engine: options.engine ?? 'auto',
      engineThreads: options.engineThreads ?? engine.threads,
      trackPeers: control.socket !== '',
      permit: () => permitChange(this.#audit),
    })
    const { core, log } = this
    const onTakeOver = () =>
      this.#audit.note({ event: 'file', action: 'read', path: options.config })
    const readOnly = options.readOnlyConfig ?? false
    const say = (sentence: string) => this.#sayAtPrompts(sentence)
    this.#sync = new ConfigSync({
      balancer: core.balancer,
      file: options.config,
      log,
      readOnly,
      onTakeOver,
      onConflicts: (conflicts) => tellOfConflicts(conflicts, { log, say }),
      onTrouble: (reason) => say(`unsaved: ${reason}`),
    })
    this.#documents = new Documents({
      balancer: core.balancer,
      sync: this.#sync,
      log,
      audit: this.#audit,
      say: (...said) => this.#sayAtPrompts(...said),
    })
    this.process = new RunningProcess({
      startedAt: Date.now(),
      core,
      log,
      sync: this.#sync,
      audit: this.#audit,
      documents: this.#documents,
      frontDoor: () => this.ssh,
      operators: this.#surfaces,
      webLink: (operator) => this.web?.link(operator),
      reload: () => this.#reload(),
      usage: () => this.#usage.view(),
      // A second operator who says stop does not cut the sessions that the first one lets finish.
      stop: () => {
        if (this.#stopping === undefined) void this.stop()
      },
    })
    core.balancer.follow(({ path }) => {
      if (path === 'settings/logging') log.level = core.balancer.settings.logging.level
    })
    // The last thing, because it runs from here on and nobody would stop it.
    this.#usage = new Usage()
  }

  /**
   * Start everything that the document asks for.
   *
   * @throws BalancerError of the first thing that did not start; then nothing is left running
   */
  static async start(options: RunOptions): Promise<Sluice> {
    const document = await loadDocument(options.config)
    try {
      return await Sluice.#startWith(document.snapshot, options)
    } catch (error) {
      const leftOut = await leaveOut(document, error)
      const snapshot = leftOut.from(document.snapshot)
      // Where it starts neither way, the commit is not to blame.
      return Sluice.#startWith(snapshot, options, leftOut).catch(() => Promise.reject(error))
    }
  }

  static async #startWith(
    snapshot: BalancerSnapshot,
    options: RunOptions,
    leftOut?: LeftOut,
  ): Promise<Sluice> {
    const sluice = new Sluice(snapshot, options)
    try {
      await withOrigin('start', () => sluice.#startAll(options, leftOut))
    } catch (error) {
      // Without a word in the log, which may be the terminal: the error says it all.
      await sluice.#takeDown(0)
      sluice.#audit.close()
      await sluice.log.close()
      throw error
    }
    return sluice
  }

  /** Undefined where the document does not enable it, as the next. */
  get ssh(): SshServer | undefined {
    return this.#surfaces.ssh
  }

  get web(): WebServer | undefined {
    return this.#surfaces.web
  }

  /** Take edits of the file over, and open the log file anew: what SIGHUP does. Never rejects. */
  async reload(): Promise<void> {
    try {
      this.#sayAtPrompts(sentenceOf(await this.#reload()))
    } catch (error) {
      this.log.error('reload failed', factsOf(error))
      this.#sayAtPrompts(`configuration not reloaded: ${messageOf(error)}`)
    }
  }

  /**
   * Save what is not saved, let open sessions finish until the deadline, then close the rest. A second call
   * waits no longer.
   */
  stop(deadlineMs: number = LIMITS.stopMs): Promise<void> {
    if (this.#stopping === undefined) this.#stopping = this.#stopAll(deadlineMs)
    else this.#cutShort ??= this.core.engine.stop(0)
    return this.#stopping
  }

  /** What nobody caught. A prompt is shown what it caused itself; all of it is logged, nothing ends. */
  caught(error: unknown, event: string): void {
    // With a stack also where it is an operating error: whoever should have expected it did not.
    const thrown = readThrown(error)
    this.log.error(event, { ...thrown, shown: showToPrompt(error, thrown) })
  }

  #sayAtPrompts(sentence: string, operator?: string): void {
    const line = `*** ${printable(sentence)}`
    if (operator === undefined) this.#surfaces.say(line)
    else this.#surfaces.tell(operator, line)
  }

  async #reload(): Promise<ReloadResult> {
    this.log.reopen()
    this.#audit.close()
    const { file } = this.#sync
    const reloaded = await this.#sync.reload()
    await this.#surfaces.reload()
    return { file, ...reloaded }
  }

  async #startAll({ demo, config }: RunOptions, leftOut: LeftOut | undefined): Promise<void> {
    const { core, log, process } = this
    if (demo) this.#keep('demo hosts', await startDemoHosts(DEMO_PORTS))
    await this.#sync.start(leftOut)
    core.start()
    auditChanges(core.balancer, this.#audit)
    this.#keep('documents', this.#documents)
    await this.#documents.start(leftOut)
    const { control, ssh, web } = core.balancer.settings
    if (control.socket !== '') {
      const behind = core.engine.behind.bind(core.engine)
      this.#keep('control socket', await startControlSocket({ path: control.socket, behind, log }))
    }
    if (ssh.enable) this.#keep('ssh', await this.#surfaces.openSsh(process, log, dirname(config)))
    if (web.enable) this.#keep('web', await this.#surfaces.openWeb(process, log))
    this.#keep('sync', this.#startSync())
    // Not before it runs: a second one by mistake must not write into the log of the first.
    noteAfterwards(this.#audit, { event: 'start', path: config, reason: `sluice ${VERSION}` })
    const { length: services } = core.balancer.serviceList
    log.info('started', { config, engine: core.engine.name, services })
    if (leftOut !== undefined) await this.#documents.confirmations.startedWithout(leftOut)
  }

  #startSync(): { stop(): Promise<void> } {
    const { balancer } = this.core
    const stopped = new AbortController()
    const isOn = () => balancer.settings.configCheck.enable
    const check = async () => (isOn() ? this.#sync.check() : undefined)
    const loop = every(check, {
      intervalMs: () => balancer.settings.configCheck.intervalMs,
      signal: stopped.signal,
      onError: (error) => this.caught(error, 'sync failed'),
    })
    this.#saveLast = check
    return {
      stop: async () => {
        stopped.abort()
        await loop
      },
    }
  }

  // Changes are saved before the wait for sessions, which may be cut short from outside. Operators may look on
  // until the last session is gone.
  async #stopAll(deadlineMs: number): Promise<void> {
    const { core, log } = this
    log.info('stopping', { sessions: core.engine.sessionCount, deadlineMs })
    await this.#saveLast()
    await this.#takeDown(deadlineMs)
    await this.#saveLast()
    await this.#keepUnsaved()
    noteAfterwards(this.#audit, { event: 'stop' })
    this.#audit.close()
    log.info('stopped')
    await log.close()
    this.#onStopped()
  }

  // Nothing that was changed live is lost without a word, also where the file could not be written.
  async #keepUnsaved(): Promise<void> {
    try {
      const file = await this.#sync.saveAside()
      if (file !== undefined)
        this.log.warn('changes not saved', { kept: file, reason: this.#sync.unsaved })
    } catch (error) {
      this.log.error('changes lost', factsOf(error))
    }
  }

  async #takeDown(deadlineMs: number): Promise<void> {
    const { core, log } = this
    // Nothing is undone while sessions finish; the next start does what is due.
    await this.#documents.confirmations.stop()
    const cut = (await core.stop(deadlineMs)) + ((await this.#cutShort) ?? 0)
    if (cut > 0) log.warn('sessions closed at the stop', { sessions: cut })
    await this.#usage.stop()
    for (const part of this.#started.reverse()) {
      await part.stop().catch((error: unknown) => this.caught(error, `stop of ${part.name} failed`))
    }
  }

  #keep<Part extends { stop(): Promise<unknown> }>(name: string, part: Part): Part {
    this.#started.push({ name, stop: () => part.stop() })
    return part
  }
}
