// An operator who does to a service `web` with a group `main` and hosts a, b, c and d whatever may be done while clients come
// and go, one thing after the other, and leaves it as it was.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { Choices } from './choices.ts'
import type { SluiceProcess } from './sluice-process.ts'

export interface BusyOperatorOptions {
  readonly sluice: SluiceProcess
  readonly seed: number
  /** Addresses at which it listens for a while. */
  readonly passing: readonly [string, string]
  /** A host that it adds and removes. */
  readonly spare: string
}

/** Between two commands; over ssh not more than ten come in a second. */
const PAUSE_MS = { least: 110, more: 150 }
/** There may be nothing to end. */
const ENDED_OR_NOTHING = [0, 4]

type Act = readonly string[]

export class BusyOperator {
  readonly #sluice: SluiceProcess
  readonly #choices: Choices
  readonly #acts: readonly [Act, ...Act[]]
  #commands = 0

  constructor({ sluice, seed, passing, spare }: BusyOperatorOptions) {
    this.#sluice = sluice
    this.#choices = new Choices(seed)
    this.#acts = actsWith(passing, spare)
  }

  /** How many commands were carried out. */
  get commands(): number {
    return this.#commands
  }

  /** Go on until `over`; the act that was begun then is done to its end. */
  async work(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      for (const line of this.#choices.oneOf(this.#acts)) {
        await this.#type(line)
        await pause(PAUSE_MS.least + this.#choices.below(PAUSE_MS.more))
      }
    }
  }

  async #type(line: string): Promise<void> {
    const { status, err } = await this.#sluice.ssh(await this.#filledIn(line))
    this.#commands += 1
    const expected = line.startsWith('kill ') ? ENDED_OR_NOTHING : [0]
    assert.ok(expected.includes(status), `${line}: status ${status}: ${err}`)
  }

  /** OLDEST stands for the number of the oldest session. */
  async #filledIn(line: string): Promise<string> {
    if (!line.includes('OLDEST')) return line
    const [oldest] = await this.#sluice.show<{ id: number }>('sessions --limit 1')
    return line.replace('OLDEST', String(oldest?.id ?? 1))
  }
}

function actsWith([first, second]: readonly [string, string], spare: string): [Act, ...Act[]] {
  const main = 'web/main'
  return [
    [`set host ${main}/a weight 7`, `set host ${main}/a weight 1`],
    [`drain host ${main}/b`, `enable host ${main}/b`],
    [`disable host ${main}/d`, `enable host ${main}/d`],
    [`add host ${main}/e ${spare}`, `kill host ${main}/e`, `remove host ${main}/e`],
    [`rename host ${main}/a one`, `rename host ${main}/one a`],
    [`rename group ${main} other`, 'rename group web/other main'],
    ['rename service web www', 'rename service www web'],
    ['pause service web --max-hold 600ms', 'resume service web'],
    ['pause service web --max-hold 300ms', 'show sessions --limit 1000 --json'],
    [`kill host ${main}/a`, 'kill session OLDEST', 'kill client 127.0.0.0/8'],
    [`set host ${main}/a maxSessions 3`, `set host ${main}/a maxSessions 0`],
    [`set group ${main} maxSessions 20`, `set group ${main} maxSessions 0`],
    [`set group ${main} scheduler random`, `set group ${main} scheduler sticky`],
    [`set group ${main} scheduler leastconns`, `set group ${main} scheduler roundrobin`],
    [`rebalance group ${main} --share 50% --over 500ms`, 'show engine --json'],
    ['set service web accessLog true', 'set service web accessLog false'],
    [
      `listen add web ${first}`,
      `listen move web/listen/${first} ${second}`,
      `listen remove web/listen/${second}`,
    ],
    [`listen add web ${first} --max-sessions 4`, `listen remove web/listen/${first}`],
    [`listen add web ${second} --deny 127.0.0.0/8`, `listen remove web/listen/${second}`],
  ]
}
