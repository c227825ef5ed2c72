// How much a browser loads before it shows the page, as it comes over the wire.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { builtSluice } from '../../helpers/built-sluice.ts'

/** Promised for the whole of it. */
const PAGE_BYTES_MAX = 150_000
/** Scripts and styles stay well below, so that one more part of the page does not break the promise. */
const CODE_BYTES_MAX = 90_000

let files: readonly (readonly [name: string, bytes: number])[]

beforeAll(() => {
  const [, main] = builtSluice()
  const folder = join(dirname(main), 'web', 'ui')
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  files = names.map((name) => [name, gzipSync(readFileSync(name)).length])
}, 120_000)

test('the page is small', () => {
  expect(sum(/\.html$/)).toBeGreaterThan(0)
  expect(sum(/./)).toBeLessThan(PAGE_BYTES_MAX)
})

test('its scripts and styles are smaller', () => {
  expect(sum(/\.js$/)).toBeGreaterThan(0)
  expect(sum(/\.css$/)).toBeGreaterThan(0)
  expect(sum(/\.(?:js|css)$/)).toBeLessThan(CODE_BYTES_MAX)
})

test('no script tells where it was built', () => {
  const scripts = files.filter(([name]) => name.endsWith('.js'))
  for (const [name] of scripts) expect(readFileSync(name, 'utf8')).not.toContain('src/web/ui')
})

function sum(wanted: RegExp): number {
  const all = files.filter(([name]) => wanted.test(name))
  return all.reduce((bytes, [, own]) => bytes + own, 0)
}
