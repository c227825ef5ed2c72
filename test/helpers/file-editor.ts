// Edits a file that somebody else writes as well, as an editor does that looks again before it writes: what it shows is
// read anew where the file became another one meanwhile.
//
// Neither it nor Sluice can look and write in one go: what the other one puts there between the two is lost, and no file
// system helps. Editors are slow and this window is short, so nobody meets it; a test that edits all the time would. The
// other process therefore stands still for the two moments, and not in the middle of a save.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A stopped process is in state T. */
const STOPPED = /^State:\s+T/m

export type Way = 'rename' | 'in place'

export class FileEditor {
  readonly #file: string
  readonly #pid: number
  /** Edits that were begun again because the file had changed. */
  again = 0

  /** @param pid of the process that writes the file, too */
  constructor(file: string, pid: number) {
    this.#file = file
    this.#pid = pid
  }

  get text(): string {
    return readFileSync(this.#file, 'utf8')
  }

  async edit(change: (text: string) => string, way: Way): Promise<void> {
    for (;;) {
      const seen = this.text
      const edited = change(seen)
      // Somebody types.
      await pause(1)
      if (await this.#write(seen, edited, way)) return
      this.again++
    }
  }

  async #write(seen: string, edited: string, way: Way): Promise<boolean> {
    process.kill(this.#pid, 'SIGSTOP')
    try {
      while (!STOPPED.test(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))) await pause(1)
      if (this.#isBeingSaved || this.text !== seen) return false
      if (way === 'rename') {
        writeFileSync(`${this.#file}.swp`, edited)
        renameSync(`${this.#file}.swp`, this.#file)
      } else writeFileSync(this.#file, edited)
      return true
    } finally {
      process.kill(this.#pid, 'SIGCONT')
    }
  }

  get #isBeingSaved(): boolean {
    return existsSync(join(dirname(this.#file), `.${basename(this.#file)}.tmp`))
  }
}

/** The start tag of a host. */
function tagOf(host: string, text: string): string | undefined {
  return new RegExp(`<host name="${host}"[^>]*?/>`).exec(text)?.[0]
}

/** An attribute of a host; undefined where it has none, or is not there. */
export function attributeIn(text: string, host: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(tagOf(host, text) ?? '')?.[1]
}

export function isIn(text: string, host: string): boolean {
  return tagOf(host, text) !== undefined
}

export function withAttribute(text: string, host: string, name: string, value: string): string {
  const tag = tagOf(host, text)
  if (tag === undefined) throw new Error(`no host ${host} in:\n${text}`)
  const known = new RegExp(`( ${name}=)"[^"]*"`)
  const edited = known.test(tag)
    ? tag.replace(known, `$1"${value}"`)
    : tag.replace(/\s*\/>$/, ` ${name}="${value}" />`)
  return text.replace(tag, () => edited)
}

export function withHost(text: string, host: string, address: string): string {
  return text.replace(
    /\n *<\/group>/,
    (end) => `\n      <host name="${host}" ip="${address}" />${end}`,
  )
}

export function withoutHost(text: string, host: string): string {
  return text.replace(new RegExp(`\\n *<host name="${host}"[^>]*?/>`), '')
}
