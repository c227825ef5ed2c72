// Presses whatever there is on a view, until all of it was pressed: fields are filled, questions left before they are
// answered, and what ends or removes something comes last. Always in the same order. A control that does nothing is a fault.
import type { ElementHandle } from 'playwright-core'
import type { Control, Front, PageControls, ShownControl } from './page-controls.ts'
import { isField, kindOf, LEAVES, rankOf } from './page-order.ts'
import type { Walk } from './page-walk.ts'

export interface CrawlOptions {
  /**
   * What to type, by the name of the field, or by that of the question or view with it: `Open a port for *: Address`. Else something
   * a little different from what stands there.
   */
  readonly samples: Readonly<Record<string, string>>
  /** Those that are not pressed, by their keys. */
  readonly except?: RegExp
  /** Of those that differ only in whose they are, the ones that are left alone, by their names. */
  readonly spared?: RegExp
}

/** How the server begins to say that what was pressed is about something that is not there. */
const OF_GONE = 'no such object'

/** Presses of one kind of control, whatever they lead to. */
const PRESSES_MAX = 12
/** Presses of one crawl. */
const STEPS_MAX = 400
/** How long something that has no effect at once may take to have one, in milliseconds. */
const EFFECT_MS = 5_000
/** How long to wait for what was there and is not to come again, in milliseconds. */
const AGAIN_MS = 1_500

export class Crawl {
  /** What did nothing or could not be pressed, a line each. */
  readonly faults: string[] = []
  readonly steps: string[] = []
  readonly #walk: Walk
  readonly #controls: PageControls
  readonly #options: CrawlOptions
  readonly #presses = new Map<string, number>()
  /** The questions that a control opens, by their titles. */
  readonly #opens = new Map<string, string>()
  /** Fields that were filled since the question in front came up. */
  #filled = new Set<string>()
  #layer = ''

  constructor(walk: Walk, controls: PageControls, options: CrawlOptions) {
    this.#walk = walk
    this.#controls = controls
    this.#options = options
  }

  /** Press all that is at a place of the page, and in the questions that come up there. */
  async at(place: string, title: string | RegExp): Promise<void> {
    await this.#walk.go(place, title)
    await this.#controls.settled()
    await this.goOn()
  }

  /** Press all that is shown now, and nothing that was pressed. */
  async goOn(): Promise<void> {
    let { hash } = await this.#controls.front()
    for (let step = 0; step < STEPS_MAX; step++) {
      const front = await this.#back(hash)
      hash = front.hash
      const next = this.#next(front) ?? this.#toEnable(front)
      if (next !== undefined) await this.#use(front, next)
      else if (front.depth > 0) await this.#leave(front)
      else if (!(await this.#comesAgain(front))) return
    }
    throw new Error(`there is no end to what can be pressed: ${this.steps.slice(-12).join('; ')}`)
  }

  /** What was wrong so far, and what could be used in these views or parts of the frame and was not. */
  report(views: readonly string[]): string[] {
    const left = this.#left().filter(
      ([, { control, wasEnabled }]) => wasEnabled && views.includes(control.view),
    )
    const twins = [...this.#controls.twins].map((ids) => `given twice: ${ids}`)
    return [...this.faults, ...twins, ...left.map(([key]) => `never used: ${key}`).toSorted()]
  }

  /** What never could be used, wherever it was shown. */
  get neverEnabled(): readonly string[] {
    return this.#left().flatMap(([key, { wasEnabled }]) => (wasEnabled ? [] : [key]))
  }

  #left() {
    const { except } = this.#options
    return this.#controls.unused().filter(([key]) => !except?.test(key))
  }

  /** Where a press led elsewhere: to the place that is looked at. A service that was renamed is looked at on. */
  async #back(hash: string): Promise<Front> {
    const front = await this.#controls.front()
    const isElsewhere = viewOf(front.hash) !== viewOf(hash)
    if (front.depth > 0 || !isElsewhere || !this.#isInside(front)) return front
    await this.#walk.page.goto(`${this.#walk.url}/${hash}`)
    await this.#controls.settled()
    return this.#controls.front()
  }

  #isInside({ controls }: Front): boolean {
    return controls.some(({ view }) => view === 'header')
  }

  #next(front: Front): ShownControl | undefined {
    this.#enter(front)
    const wanted = front.controls.filter((control) => this.#isWanted(control))
    const [first] = wanted.toSorted((a, b) => rankOf(a) - rankOf(b))
    if (first === undefined) return undefined
    // What ends something is done to the last of those there are.
    const key = this.#controls.keyOf(first)
    const same = wanted.filter((control) => this.#controls.keyOf(control) === key)
    const chosen = kindOf(first) === 'ends' ? (same.at(-1) ?? first) : first
    const isAnswer = front.depth > 0 && chosen.isSubmit
    return (isAnswer ? this.#unfilled(front) : undefined) ?? chosen
  }

  #enter(front: Front): void {
    const layer = `${front.depth} ${front.controls[0]?.dialog ?? ''}`
    if (layer === this.#layer) return
    this.#layer = layer
    this.#filled = new Set()
  }

  #isWanted(control: ShownControl): boolean {
    const key = this.#controls.keyOf(control)
    const { except, spared } = this.#options
    if (!control.isEnabled || control.isHere) return false
    if (except?.test(key) || spared?.test(control.name)) return false
    if ((this.#presses.get(key) ?? 0) >= PRESSES_MAX) return false
    return !this.#controls.isUsed(control) || this.#leadsOn(control)
  }

  /** Is there something unused behind it: in the question it opens, or in what the tab shows? */
  #leadsOn(control: ShownControl, passed = new Set<string>()): boolean {
    const left = this.#left()
    if (control.role === 'tab') {
      const name = this.#controls.anybody(control.name)
      const isOfTab = ({ view, dialog, section }: Control) =>
        view === control.view &&
        dialog === control.dialog &&
        this.#controls.anybody(section) === name
      return left.some(([, noted]) => isOfTab(noted.control))
    }
    return this.#isLeftIn(this.#opens.get(this.#controls.keyOf(control)), left, passed)
  }

  #isLeftIn(
    dialog: string | undefined,
    left: readonly (readonly [string, unknown])[],
    passed: Set<string>,
  ): boolean {
    if (dialog === undefined || passed.has(dialog)) return false
    passed.add(dialog)
    if (left.some(([key]) => key.startsWith(dialog))) return true
    const inside = [...this.#opens].filter(([opener]) => opener.startsWith(dialog))
    return inside.some(([, opened]) => this.#isLeftIn(opened, left, passed))
  }

  /** A field of the question that still says what it said when that came up. */
  #unfilled({ controls }: Front): ShownControl | undefined {
    return controls.find(
      (control) =>
        control.isEnabled && isField(control) && !this.#filled.has(this.#controls.keyOf(control)),
    )
  }

  /** Something cannot be pressed yet: then another field, until it can. */
  #toEnable(front: Front): ShownControl | undefined {
    const { except } = this.#options
    const isWaiting = front.controls.some((control) => {
      const key = this.#controls.keyOf(control)
      return !control.isEnabled && !this.#controls.isUsed(control) && !except?.test(key)
    })
    return isWaiting ? this.#unfilled(front) : undefined
  }

  async #use(front: Front, control: ShownControl): Promise<void> {
    const key = this.#controls.keyOf(control)
    const isFirst = !this.#controls.isUsed(control)
    this.#presses.set(key, (this.#presses.get(key) ?? 0) + 1)
    if (isField(control)) this.#filled.add(key)
    else if (front.depth === 0) this.#filled.clear()
    this.steps.push(key)
    const element = await this.#controls.at(front.controls.indexOf(control))
    if (element === undefined) return
    await this.#controls.forgetEffects()
    try {
      await this.#act(element, control)
    } catch (error) {
      // What was drawn anew meanwhile is found again.
      const isGone = String(error).includes('not attached')
      if (!isGone) this.faults.push(`cannot be used: ${key}: ${String(error).slice(0, 400)}`)
      return
    }
    await this.#controls.settled()
    if (isFirst) await this.#expectEffect(element, control)
    const refusal = await this.#controls.refusal()
    if (refusal !== '') this.steps.push(`  ${refusal}`)
    await this.#noteOpened(key, front)
    // It was renamed or removed, and its row was about to be drawn anew.
    if (refusal.startsWith(OF_GONE)) await this.#leaveAll()
  }

  async #act(element: ElementHandle, control: ShownControl): Promise<void> {
    const { keyboard } = this.#walk.page
    switch (control.role) {
      case 'text':
        await element.click()
        await keyboard.press('ControlOrMeta+A')
        await keyboard.insertText(this.#valueFor(control))
        return
      case 'choice':
        await element.focus()
        await keyboard.press(control.chosen + 1 < control.choices ? 'ArrowDown' : 'ArrowUp')
        return
      case 'slider':
        await element.press('ArrowRight')
        await keyboard.press('Enter')
        return
      default:
        await (control.isHidden ? element.press('Enter') : element.click({ timeout: 5_000 }))
    }
  }

  #valueFor({ name, value, view, dialog }: ShownControl): string {
    const { samples } = this.#options
    const sample = samples[`${this.#controls.anybody(dialog) || view}: ${name}`] ?? samples[name]
    if (sample !== undefined) return sample
    if (/^\d+\D*$/.test(value)) return value.replace(/^\d+/, (number) => String(Number(number) + 1))
    return `${value}x`
  }

  async #expectEffect(element: ElementHandle, control: ShownControl): Promise<void> {
    const key = this.#controls.keyOf(control)
    const isKept = async () =>
      isField(control) && (await element.evaluate(VALUE_OF).catch(() => '')) !== control.value
    const deadline = performance.now() + EFFECT_MS
    while ((await this.#controls.effects()).length === 0) {
      if (await isKept()) return
      if (performance.now() > deadline) {
        // What moved away between down and up was not pressed: it is pressed again.
        if (this.#controls.isUsed(control)) this.faults.push(`does nothing: ${key}`)
        return
      }
      await this.#walk.page.evaluate('new Promise(requestAnimationFrame)')
    }
  }

  async #noteOpened(key: string, before: Front): Promise<void> {
    const now = await this.#controls.front()
    const [first] = now.controls
    if (now.depth <= before.depth || first === undefined) return
    const where = this.#controls.keyOf({ ...first, section: '' })
    this.#opens.set(key, where.slice(0, where.indexOf(` > ${first.role} `)))
  }

  async #leaveAll(): Promise<void> {
    for (let { depth } = await this.#controls.front(); depth > 0; depth -= 1) {
      await this.#walk.page.keyboard.press('Escape')
      await this.#controls.settled()
    }
  }

  async #leave(front: Front): Promise<void> {
    this.steps.push('Escape')
    await this.#walk.page.keyboard.press('Escape')
    await this.#controls.settled()
    const { depth } = await this.#controls.front()
    if (depth < front.depth) return
    const close = front.controls.find(({ isEnabled, name }) => isEnabled && LEAVES.test(name))
    const last = close ?? front.controls.findLast(({ isEnabled }) => isEnabled)
    if (last !== undefined) await this.#use(front, last)
  }

  /** Is there something that was shown here, is not used, and can be by and by? */
  async #comesAgain(front: Front): Promise<boolean> {
    const views = new Set(front.controls.map(({ view }) => view))
    const isLeft = () =>
      this.#left().some(([, { control }]) => control.dialog === '' && views.has(control.view))
    const deadline = performance.now() + AGAIN_MS
    while (isLeft() && performance.now() < deadline) {
      const now = await this.#controls.front()
      if (now.depth > 0 || this.#next(now) !== undefined) return true
      await this.#walk.page.evaluate('new Promise(requestAnimationFrame)')
    }
    return false
  }
}

const VALUE_OF =
  '(element) => element.type === "checkbox" ? String(element.checked) : element.value'

/** `#/services/web` and `#/services/mail` are one view. */
function viewOf(hash: string): string {
  const [first = 'overview', second] = hash.split('/').slice(1).filter(Boolean)
  return first === 'config' && second === 'history' ? 'revision' : first
}
