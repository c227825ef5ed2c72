// The files that sftp and scp see. Nothing of it is on a disk: each is made out of the running process when it is
// asked for, and writing to `/config.xml` is a change like any other.
import { posix } from 'node:path'
import { BalancerError, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { formatLogLine } from '../../base/log.ts'
import { withOrigin } from '../../base/origin.ts'
import type { Process } from '../../commands/context.ts'
import { withoutHashes } from '../../commands/show/config.ts'
import { requireWaysIn } from '../../commands/verbs/ways-in.ts'
import type { PermitUsers } from '../../model/snapshot.ts'
import { noteBefore, noteLook, noteRefused } from '../audited.ts'
import type { Login } from '../channel.ts'
import type { Attributes } from './sftp-packets.ts'

/** Something that a path names. */
export interface Entry {
  readonly name: string
  readonly attributes: Attributes
}

/** What may be written; all the rest is there to be read. */
export const CONFIG = '/config.xml'
const REVISIONS = '/revisions'
const REVISION = /^\/revisions\/([1-9]\d{0,14})\.xml$/

interface TreeFile {
  /** Who may read it: everybody, or role full alone. */
  readonly readers: 'all' | 'full'
  /** Is reading it noted in the audit log? */
  readonly noted: boolean
  text(tree: { readonly process: Process; readonly login: Login }): string
}

const FILES: Readonly<Record<string, TreeFile>> = {
  'config.xml': {
    readers: 'all',
    noted: true,
    text: ({ process, login }) => readableBy(login, process.document().stored),
  },
  'running.xml': {
    readers: 'all',
    noted: true,
    text: ({ process, login }) => readableBy(login, process.document().running),
  },
  log: {
    readers: 'all',
    noted: false,
    text: ({ process }) => linesOf(process.logLines().map(formatLogLine)),
  },
  audit: {
    // It tells who holds which key, and what others typed.
    readers: 'full',
    noted: true,
    text: ({ process }) => linesOf(process.audit.lines().map((line) => JSON.stringify(line))),
  },
  'last-error.txt': {
    readers: 'all',
    noted: false,
    text: ({ process, login }) => lastErrors(process).get(login.operator) ?? NO_ERROR,
  },
}

const NO_ERROR = 'no upload of yours was refused\n'

export class SftpTree {
  readonly #process: Process
  readonly #login: Login

  constructor(process: Process, login: Login) {
    this.#process = process
    this.#login = login
  }

  /** The one way to write a path: absolute, without `..`, never above the root. */
  normal(path: string): string {
    return posix.resolve('/', path)
  }

  /** Undefined where nothing is. @throws BalancerError FILE_UNREADABLE */
  async look(path: string): Promise<Entry | undefined> {
    if (path.length > LIMITS.sftpPathMax) return undefined
    const normal = this.normal(path)
    if (normal === '/' || normal === REVISIONS) return this.#folder(normal)
    return (await this.list(posix.dirname(normal)))?.find(({ name }) => {
      return name === posix.basename(normal)
    })
  }

  /** What is in a folder; undefined where there is none. @throws BalancerError FILE_UNREADABLE */
  async list(path: string): Promise<readonly Entry[] | undefined> {
    const normal = this.normal(path)
    if (normal === REVISIONS) {
      const revisions = await this.#process.history.list()
      return revisions.map(({ number, size, time }) => entry(`${number}.xml`, { size, time }))
    }
    if (normal !== '/') return undefined
    const files = Object.entries(FILES).map(([name, file]) => {
      const size = Buffer.byteLength(file.text({ process: this.#process, login: this.#login }))
      return entry(name, { size, writable: `/${name}` === CONFIG && this.mayWrite })
    })
    return [...files, this.#folder(REVISIONS)]
  }

  /** May this operator put another configuration in place? It may name operators and their roles. */
  get mayWrite(): boolean {
    return this.#login.role === 'full'
  }

  /** May this operator read what is there? */
  mayRead(path: string): boolean {
    return this.#file(path)?.readers !== 'full' || this.#login.role === 'full'
  }

  /** The content as it is now. The path names a file. @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  async read(path: string): Promise<Buffer> {
    const [process, login] = [this.#process, this.#login]
    const file = this.#file(path)
    const facts = { event: 'file', action: 'read', path: this.normal(path) } as const
    if (file?.noted !== false) noteLook(process.audit, login, facts)
    if (file !== undefined) return Buffer.from(file.text({ process, login }))
    return Buffer.from(readableBy(login, await process.history.text(revisionAt(facts.path))))
  }

  /**
   * Make the running system what was written to `/config.xml`, all or nothing.
   *
   * @returns why it was refused; undefined where it is done
   */
  async replaceConfig(document: Buffer): Promise<string | undefined> {
    const { operator } = this.#login
    try {
      noteBefore(this.#process.audit, this.#login, { event: 'file', action: 'write', path: CONFIG })
      const { balancer } = this.#process
      const permit: PermitUsers = (users) => requireWaysIn(balancer.users, users, operator)
      await withOrigin(`ssh:${operator}`, () => this.#process.apply(document, permit))
      lastErrors(this.#process).delete(operator)
      return undefined
    } catch (error) {
      const reason = messageOf(error)
      this.#remember(
        `${new Date().toISOString()} ${CONFIG} was refused, and nothing changed:\n${reason}\n`,
      )
      this.noteRefusal('write', CONFIG, reason)
      return reason
    }
  }

  noteRefusal(action: string, path: string, reason: string): void {
    noteRefused(this.#process.audit, this.#login, action, { path, reason })
  }

  #file(path: string): TreeFile | undefined {
    const name = this.normal(path).slice(1)
    return Object.hasOwn(FILES, name) ? FILES[name] : undefined
  }

  #folder(path: string): Entry {
    return entry(path === '/' ? '/' : path.slice(1), { folder: true })
  }

  #remember(text: string): void {
    const errors = lastErrors(this.#process)
    // Bounded by the operators there are, and those who were removed meanwhile.
    if (errors.size > LIMITS.namesMax) errors.clear()
    errors.set(this.#login.operator, text)
  }
}

/** Why the last upload of an operator was refused, for those who have no better way to be told. */
const refusals = new WeakMap<Process, Map<string, string>>()

function lastErrors(process: Process): Map<string, string> {
  const found = refusals.get(process) ?? new Map<string, string>()
  refusals.set(process, found)
  return found
}

/** @throws BalancerError NOT_FOUND */
function revisionAt(path: string): number {
  const [, number] = REVISION.exec(path) ?? []
  if (number === undefined) throw new BalancerError('NOT_FOUND', `no file ${path}`)
  return Number(number)
}

function readableBy({ role }: Login, xml: string): string {
  return role === 'full' ? xml : withoutHashes(xml)
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

// What is made when it is asked for is as old as the question.
function entry(name: string, given: Partial<Attributes>): Entry {
  const attributes = { folder: false, writable: false, size: 0, time: Date.now(), ...given }
  return { name, attributes }
}
