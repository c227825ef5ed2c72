// Every control of a page that was shown, and whether it was used: noted in the browser as it happens, so that what stood
// there for a moment counts as well.
import { join } from 'node:path'
import type { ElementHandle, Page } from 'playwright-core'

export interface Control {
  /** `Sessions`, or the part of the frame: `header`, `notices`. */
  readonly view: string
  /** Title of the question it stands in; '' where it stands in the page. */
  readonly dialog: string
  /** Title of the part of the view or the question. */
  readonly section: string
  readonly role: 'button' | 'link' | 'tab' | 'title' | 'text' | 'choice' | 'box' | 'slider'
  readonly name: string
  /** What is shown when it is pointed at, where that is not its name. */
  readonly title: string
  readonly isEnabled: boolean
}

/** One that can be reached now. */
export interface ShownControl extends Control {
  /** The tab that is shown, the link to where one is. */
  readonly isHere: boolean
  readonly isDanger: boolean
  readonly isSubmit: boolean
  /** Shown only when it has the focus. */
  readonly isHidden: boolean
  readonly value: string
  /** Of a choice: how many there are, and which is chosen. */
  readonly choices: number
  readonly chosen: number
}

export interface Front {
  /** Questions that are open, one in front of the other. */
  readonly depth: number
  /** Of the address. */
  readonly hash: string
  readonly controls: readonly ShownControl[]
}

/** What is known of all controls of one kind. */
export interface Noted {
  readonly control: Control
  wasEnabled: boolean
  uses: number
}

/** @param names of the objects there are, in whose place any other could stand */
export async function noteControls(page: Page, names: readonly string[]): Promise<PageControls> {
  const controls = new PageControls(page, names)
  await page.exposeFunction('tellControl', (event: 'shown' | 'used', text: string) =>
    controls.note(event, JSON.parse(text) as Control),
  )
  await page.exposeFunction('tellTwins', (ids: string) => controls.twins.add(ids))
  await page.addInitScript({ path: join(import.meta.dirname, 'page-controls.js') })
  return controls
}

export class PageControls {
  readonly page: Page
  readonly noted = new Map<string, Noted>()
  /** Ids that were given to more than one element at a time. */
  readonly twins = new Set<string>()
  readonly #names: RegExp

  constructor(page: Page, names: readonly string[]) {
    this.page = page
    this.#names = new RegExp(String.raw`\b(?:${names.join('|')})\b`, 'g')
  }

  note(event: 'shown' | 'used', control: Control): void {
    const key = this.keyOf(control)
    const noted = this.noted.get(key) ?? { control, wasEnabled: false, uses: 0 }
    this.noted.set(key, noted)
    if (control.isEnabled) noted.wasEnabled = true
    if (event === 'used') noted.uses += 1
  }

  /** The same for all that differ only in whose they are: `service > Hosts of * > button Drain`. */
  keyOf({ view, dialog, section, role, name, title }: Control): string {
    const where = [view, this.anybody(dialog), this.anybody(section)].filter(Boolean)
    const more = title === '' ? '' : ` (${this.anybody(title)})`
    return `${where.join(' > ')} > ${role} ${this.anybody(name)}${more}`
  }

  /** `web/main/a 10.0.0.1:80` and `5 of web` are anything and any number; what is marked or counted is the same as else. */
  anybody(text: string): string {
    return text
      .replace(/ (?:•|\(\d+\))$/, '')
      .replace(/^(All of|Checks of) .*/, '$1 *')
      .replaceAll(/\S*[\d/]\S*/g, '*')
      .replaceAll(this.#names, '*')
      .replaceAll(/\*(?: \*)+/g, '*')
  }

  isUsed(control: Control): boolean {
    return (this.noted.get(this.keyOf(control))?.uses ?? 0) > 0
  }

  /** Those that were not used, by their keys. */
  unused(): readonly (readonly [key: string, noted: Noted])[] {
    return [...this.noted].filter(([, { uses }]) => uses === 0)
  }

  front(): Promise<Front> {
    return this.page.evaluate<Front>('controls.front()')
  }

  /** @param place in the list of the last `front` */
  async at(place: number): Promise<ElementHandle | undefined> {
    const handle = await this.page.evaluateHandle(`controls.at(${place})`)
    return handle.asElement() ?? undefined
  }

  async forgetEffects(): Promise<void> {
    await this.page.evaluate('controls.forgetEffects()')
  }

  effects(): Promise<readonly string[]> {
    return this.page.evaluate<readonly string[]>('controls.effects()')
  }

  refusal(): Promise<string> {
    return this.page.evaluate<string>('controls.refusal()')
  }

  /** Resolves when nothing that was asked for is under way. */
  async settled(): Promise<void> {
    await this.page.evaluate('controls.settled()')
  }
}
