// Somebody at the page: a running balancer, a browser that is logged in to it, and words for what people do there. What the
// page asks of the server is noted, so that a walk can tell in the end what it pressed, and that all of it was audited.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Browser, type BrowserOptions, openBrowser } from './browser.ts'
import { type SluiceOptions, type SluiceProcess, startSluice } from './sluice-process.ts'
import { makeClientKey, ssh } from './ssh-client.ts'
import { until } from './until.ts'
import { whenOver } from './when-over.ts'

export interface WalkOptions extends SluiceOptions {
  readonly browser?: BrowserOptions
}

/** What the page asked of the API and was answered. */
export interface Asked {
  readonly method: string
  /** Below /api/v1, without its query: `/commands/drain-host`. */
  readonly path: string
  readonly query: string
  readonly body: unknown
  readonly status: number
}

/** How long the page may take to show something, on a machine that has other work. */
const SHOWN_MS = 20_000

/** Characters of the page that a failure tells. */
const SEEN_MAX = 3_000

/** Answers that are not in the audit log: looks, and what was only tried. */
const LOOKS = /^(?:show|explain|diff|history|user-list|key-list|token-list|audit-verify|tail|batch)/

export async function startWalk({ browser, ...options }: WalkOptions): Promise<Walk> {
  const sluice = await startSluice({ web: '', ...options })
  const opened = await openBrowser(browser)
  whenOver(() => opened.close())
  return new Walk(sluice, opened)
}

export class Walk {
  readonly sluice: SluiceProcess
  readonly browser: Browser
  readonly page: Page
  readonly asked: Asked[] = []
  /** Where the page is opened, without a slash at the end. */
  url: string

  constructor(sluice: SluiceProcess, browser: Browser) {
    this.sluice = sluice
    this.browser = browser
    this.page = browser.page
    this.url = sluice.webUrl
    this.page.setDefaultTimeout(SHOWN_MS)
    this.page.on('response', (response) => {
      const request = response.request()
      const { pathname, search } = new URL(response.url())
      if (!pathname.startsWith('/api/v1')) return
      this.asked.push({
        method: request.method(),
        path: pathname.slice('/api/v1'.length),
        query: search,
        body: jsonIn(request.postData()),
        status: response.status(),
      })
    })
  }

  /** Run a command over ssh as another operator of the configuration, who gets a key for it. @returns its output */
  async command(user: string, line: string): Promise<string> {
    const { target } = this.sluice
    const key = join(target.folder, 'keys', user)
    if (!existsSync(key)) makeClientKey(join(target.folder, 'keys'), user)
    const { status, out, err } = await ssh({ ...target, user, key }, [line])
    assert.deepEqual({ line, status, err }, { line, status: 0, err: '' })
    return out
  }

  /** Log in by a link, as those do who have a key. */
  async logIn(user = 'op'): Promise<void> {
    const [, code = ''] = /#(link=\S+)/.exec(await this.command(user, 'web link')) ?? []
    await this.page.goto(`${this.url}/#${code}`)
    await this.heading('Overview').waitFor()
  }

  /** Log in with a name and a password at the form. */
  async logInWith(user: string, password: string): Promise<void> {
    await this.page.goto(this.url)
    await this.field('Operator').fill(user)
    await this.field('Password').fill(password)
    await this.press('Log in')
    await this.heading('Overview').waitFor()
  }

  /** Go to a place in the page: `/services/web`. */
  async go(place: string, title: string | RegExp): Promise<void> {
    await this.page.goto(`${this.url}/#${place}`)
    await this.heading(title).waitFor()
  }

  heading(title: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name: title })
  }

  /** A field by its label, whatever is said behind it. */
  field(label: string, within: Locator | Page = this.page): Locator {
    return within.getByLabel(new RegExp(`^${label}(?: \\(required\\))?$`))
  }

  button(name: string | RegExp, within: Locator | Page = this.page): Locator {
    return within.getByRole('button', { name, exact: true })
  }

  /** The button must be alone with its name. */
  async press(name: string | RegExp, within: Locator | Page = this.page): Promise<void> {
    await this.button(name, within).click()
  }

  /** The question that is in front of all others. */
  get dialog(): Locator {
    return this.page.locator('dialog[open]').last()
  }

  /** Press what does it; resolves when the question is gone. */
  async confirm(act: string): Promise<void> {
    const title = (await this.dialog.getByRole('heading').first().textContent()) ?? ''
    await this.press(act, this.dialog)
    const asked = this.page.locator(`dialog[open] h2:text-is(${JSON.stringify(title)})`)
    await this.#telling(`${act} does not end`, () => asked.waitFor({ state: 'hidden' }))
  }

  /** A row of a table by something in it. */
  row(text: string | RegExp, within: Locator | Page = this.page): Locator {
    return within.locator('tbody tr', { hasText: text })
  }

  /** The row of a host: `web/main/a`. */
  host(path: string): Locator {
    const named = this.page.locator(`button.name-button[title="Details of ${path}"]`)
    return this.page.locator('tbody tr', { has: named })
  }

  /** Part of the page by its title: `Listeners`. */
  section(title: string | RegExp): Locator {
    return this.page.getByRole('region', { name: title })
  }

  /** A notice with these words. */
  notice(text: string | RegExp): Locator {
    return this.page.locator('.notice', { hasText: text })
  }

  /** Whatever `ask` answers becomes what is expected of it, sooner or later. */
  soon<Value>(ask: () => Value) {
    return expect.poll(ask, { timeout: SHOWN_MS, interval: 100 })
  }

  /** Resolves when what is shown there has these words. */
  async shows(place: Locator, text: string | RegExp): Promise<void> {
    const found = place.filter({ hasText: text }).first()
    await this.#telling(`the page says ${text} nowhere`, () => found.waitFor())
  }

  /** @throws what the page says instead */
  async #telling(what: string, wait: () => Promise<void>): Promise<void> {
    try {
      await wait()
    } catch (error) {
      const seen = await this.page.locator('body').innerText()
      throw new Error(`${what}: ${seen.slice(0, SEEN_MAX)}`, { cause: error })
    }
  }

  /** The row that `show WHAT` has with this path; resolves when it has these values. */
  async runs(what: string, path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const look = async () => (await this.sluice.show(what)).find((row) => row['path'] === path)
    await this.soon(look).toMatchObject(values)
  }

  /** Resolves when there is nothing with this path any more. */
  async runsNot(what: string, path: string): Promise<void> {
    const paths = async () => (await this.sluice.show(what)).map((row) => row['path'])
    await this.soon(paths).not.toContain(path)
  }

  /** Commands that were pressed, by their names, and other calls that change something. */
  get pressed(): ReadonlySet<string> {
    const changing = this.asked.filter(({ method }) => method !== 'GET')
    const names = changing.map(({ method, path }) =>
      path.startsWith('/commands/')
        ? path.slice('/commands/'.length)
        : `${method} ${path.replace(/\/\d+$/, '/N')}`,
    )
    return new Set(names)
  }

  /** That the page had no fault, pressed all of this, and that what changed something stands in the audit log. */
  async expectWalked(all: readonly string[], ...except: readonly RegExp[]): Promise<void> {
    this.browser.expectNoFaults(...except)
    const missing = all.filter((name) => !this.pressed.has(name))
    assert.deepEqual(missing, [], 'everything was pressed')
    await this.expectAudited()
    this.sluice.assertNoSurprises()
  }

  async expectAudited(): Promise<void> {
    const commands = this.asked.filter(({ path, query, status }) => {
      return path.startsWith('/commands/') && !query.includes('dryRun') && status < 300
    })
    const names = commands.map(({ path }) => path.slice('/commands/'.length))
    const acts = names.filter((name) => !LOOKS.test(name)).map((name) => name.replaceAll('-', ' '))
    const missing = async () => {
      const lines = await this.sluice.show<{ event: string; line: string | null }>(
        'audit --lines 1000',
      )
      const typed = lines.flatMap(({ event, line }) => (event === 'command' ? (line ?? '') : []))
      return acts.filter((act) => !typed.some((line) => line.startsWith(act)))
    }
    await until(async () => (await missing()).length === 0, `audited: ${acts.join(', ')}`)
  }
}

function jsonIn(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
