// The file beside the configuration with what runs, as long as the configuration does not say it: a conflict is open, or
// the disk is full. So neither a stop nor a crash loses what was changed live. One that an earlier run left is an
// operator's to remove.
import { rename, stat, unlink } from 'node:fs/promises'
import { factsOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { ignoreMissing } from './disk.ts'
import { ConfigFile } from './file.ts'
import type { StoredDocument } from './stored-document.ts'

export interface AsideOptions {
  readonly balancer: Balancer
  readonly stored: StoredDocument
  readonly log: Log
}

export class Aside {
  readonly #options: AsideOptions
  readonly #disk: ConfigFile
  /** What this run has put there; undefined where that is nothing. */
  #kept: BalancerSnapshot | undefined
  #hasFailed = false

  constructor(options: AsideOptions) {
    this.#options = options
    this.#disk = new ConfigFile(`${options.stored.file}-unsaved`)
  }

  /** Say so where an earlier run left one. */
  async tellOfOld(): Promise<void> {
    const { log, stored } = this.#options
    for (const kept of [this.#disk.file, oldOf(this.#disk.file)]) {
      const found = await stat(kept).catch(() => undefined)
      const next = `sluice diff ${stored.file} ${kept} tells what it has; then remove it`
      if (found !== undefined) log.warn('changes not saved by an earlier run', { kept, next })
    }
  }

  /** After each look at the file: keep what runs, or take it away again. Trouble is logged once, and tried again. */
  async follow(isUnsaved: boolean): Promise<void> {
    try {
      if (isUnsaved) await this.keep()
      else await this.#drop()
      this.#hasFailed = false
    } catch (error) {
      const { log } = this.#options
      if (!this.#hasFailed) log.error('changes not kept aside', factsOf(error))
      this.#hasFailed = true
    }
  }

  /** @returns where it is. @throws BalancerError FILE_UNWRITABLE */
  async keep(): Promise<string> {
    const { file } = this.#disk
    const running = this.#options.balancer.snapshot()
    if (running === this.#kept) return file
    if (this.#kept === undefined) await rename(file, oldOf(file)).catch(ignoreMissing)
    await this.#disk.write(await this.#textOf(running), await this.#disk.read())
    this.#kept = running
    return file
  }

  async #drop(): Promise<void> {
    if (this.#kept === undefined) return
    await unlink(this.#disk.file).catch(ignoreMissing)
    this.#kept = undefined
  }

  // A text without comments is better than none.
  async #textOf(running: BalancerSnapshot): Promise<string> {
    const { stored } = this.#options
    const edited = stored.editInTurns(stored.document, running)
    const { text } = await edited.catch(() => stored.editInTurns(undefined, running))
    return text
  }
}

/** Where the one of an earlier run goes before it is written over. */
function oldOf(file: string): string {
  return `${file}-old`
}
