// A real browser, headless, with a fresh profile: what a page wrote to its console, what it was refused by its policy and
// what it asked of other machines are faults, and `expectNoFaults` fails with them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { pathOf } from './programs.ts'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface BrowserOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

export interface Browser {
  readonly context: BrowserContext
  readonly page: Page
  /** So far, a line each. */
  readonly faults: string[]
  /** @throws where the page had a fault since the last call, but those that match */
  expectNoFaults(...except: readonly RegExp[]): void
  close(): Promise<void>
}

export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const { width = 1_280, height = 800, colorScheme = 'light' } = options
  const profile = mkdtempSync(join(tmpdir(), 'sluice-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: pathOf('chromium'),
    args: ARGS,
    headless: true,
    viewport: { width, height },
    colorScheme,
    ignoreHTTPSErrors: true,
  })
  const faults: string[] = []
  const [page = await context.newPage()] = context.pages()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`thrown: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const { hostname } = new URL(request.url())
    if (!['127.0.0.1', 'localhost', ''].includes(hostname)) faults.push(`asked ${request.url()}`)
  })
  return {
    context,
    page,
    faults,
    expectNoFaults(...except) {
      const left = faults.splice(0).filter((fault) => !except.some((each) => each.test(fault)))
      expect(left).toEqual([])
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
