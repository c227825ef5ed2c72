// Random edits of the file and of what runs, with saves, looks, broken texts, full disks and conflicts settled in between:
// what only one side touched is never lost, and what both touched is the same in the end or a conflict.
import { expect, test } from 'vitest'
import { Choices } from '../../helpers/choices.ts'
import { attributeIn, withAttribute } from '../../helpers/file-editor.ts'
import { keptFile, type KeptFile } from '../../helpers/kept-file.ts'
import { seed } from '../../helpers/seed.ts'

const RUNS = Number(process.env['RUNS'] ?? 20)
const ACTS = 60
const [IN_FILE, LIVE, COMMON] = [
  ['f', 'g'],
  ['l', 'm'],
  ['c', 'd'],
] as const
const HOSTS = [...IN_FILE, ...LIVE, ...COMMON]

const DOCUMENT = `<config>
  <service name="web">
    <group name="main" enable="true">
${HOSTS.map((name, at) => `      <host name="${name}" ip="10.0.0.${at}:80" /> <!-- ${name} -->`).join('\n')}
    </group>
  </service>
</config>
`

test(`whatever happens in whatever order, nothing is lost (seed ${seed})`, async () => {
  for (let run = 0; run < RUNS; run++) {
    const kept = await keptFile(DOCUMENT)
    const sides = new Sides(kept, new Choices(seed + run))
    for (let act = 0; act < ACTS; act++) await sides.act()
    await sides.mend()
    await kept.sync.reload()
    const text = await kept.stored()
    for (const host of HOSTS) {
      expect(sides.found(host, text)).toSatisfy(isAccountedFor)
      expect(text).toContain(`<!-- ${host} -->`)
    }
  }
})

class Sides {
  readonly #kept: KeptFile
  readonly #choices: Choices
  /** The last weight of each host that each side set, by the name of the host. */
  readonly #inFile = new Map<string, string>()
  readonly #live = new Map<string, string>()
  readonly #done: string[] = []
  #free: (() => Promise<void>) | undefined

  constructor(kept: KeptFile, choices: Choices) {
    this.#kept = kept
    this.#choices = choices
  }

  async act(): Promise<void> {
    const acts = ['edit', 'edit', 'set', 'set', 'look', 'look', 'break', 'disk', 'resolve'] as const
    const act = this.#choices.oneOf(acts)
    this.#done.push(act)
    switch (act) {
      case 'edit':
        return this.#edit()
      case 'set':
        return this.#set()
      case 'look':
        return this.#look()
      case 'break':
        return this.#kept.edit(`${await this.#text()}<`)
      case 'disk':
        return this.#disk()
      case 'resolve':
        return this.#resolve()
      default:
        return act satisfies never
    }
  }

  /** The file loads, and the disk has room. */
  async mend(): Promise<void> {
    await this.#kept.edit(await this.#text())
    if (this.#free !== undefined) await this.#disk()
  }

  /** What became of the weight of a host. */
  found(name: string, text: string): Found {
    const { sync, host } = this.#kept
    return {
      done: `${name} after ${this.#done.join()}`,
      file: attributeIn(text, name, 'weight') ?? '1',
      running: String(host(name).weight),
      open: sync.conflicts.some(({ path }) => path === `web/main/${name}/weight`),
      said: [this.#inFile.get(name) ?? '1', this.#live.get(name) ?? '1'],
      isCommon: COMMON.some((each) => each === name),
    }
  }

  async #edit(): Promise<void> {
    const weight = this.#weight()
    const name = this.#choices.oneOf([...IN_FILE, ...COMMON])
    await this.#kept.edit(withAttribute(await this.#text(), name, 'weight', weight))
    this.#inFile.set(name, weight)
  }

  async #set(): Promise<void> {
    const weight = this.#weight()
    const name = this.#choices.oneOf([...LIVE, ...COMMON])
    this.#kept.host(name).weight = Number(weight)
    this.#live.set(name, weight)
  }

  async #look(): Promise<void> {
    const { sync } = this.#kept
    const way = this.#choices.oneOf(['check', 'save', 'reload'] as const)
    // What is refused is tried again later.
    await sync[way]().catch(() => {})
  }

  async #disk(): Promise<void> {
    const free = this.#free
    this.#free = free === undefined ? await this.#kept.block() : undefined
    await free?.()
  }

  async #resolve(): Promise<void> {
    const { sync } = this.#kept
    const side = this.#choices.oneOf(['file', 'running'] as const)
    const settled = await sync.resolve([], side).catch(() => sync.conflicts)
    for (const { path, theirs, ours } of settled) {
      const name = path.split('/')[2] ?? ''
      const isOpen = sync.conflicts.some((each) => each.path === path)
      if (isOpen) continue
      const weight = String(side === 'file' ? theirs : ours)
      this.#inFile.set(name, weight)
      this.#live.set(name, weight)
    }
  }

  /** Without what makes it break. */
  async #text(): Promise<string> {
    return (await this.#kept.stored()).replace(/<+$/, '')
  }

  #weight(): string {
    return String(1 + this.#choices.below(9))
  }
}

interface Found {
  readonly done: string
  readonly file: string
  readonly running: string
  readonly open: boolean
  readonly said: readonly string[]
  readonly isCommon: boolean
}

function isAccountedFor({ file, running, open, said, isCommon }: Found): boolean {
  if (open) return isCommon && file === said[0] && running === said[1]
  if (isCommon) return file === running && said.includes(file)
  // The one who does not touch it says what it was in the beginning.
  return file === running && (said.find((value) => value !== '1') ?? '1') === file
}
