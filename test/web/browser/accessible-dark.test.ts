// All of the page in dark colours, for those who see it otherwise; and who chooses the colours.
import { beforeAll, expect, test } from 'vitest'
import type { Walk } from '../../helpers/page-walk.ts'
import { lookAround, ROUNDS, startLooks } from './looks.ts'

let walk: Walk

beforeAll(async () => {
  walk = await startLooks({ colorScheme: 'dark' })
})

test.each(ROUNDS)(
  'axe finds nothing serious, and nothing is wider than the screen: $round',
  async (round) => {
    await lookAround(walk, round)
  },
  60_000,
)

test('the colours are those of the system until somebody chooses, and that choice stays', async () => {
  const theme = () => walk.page.evaluate<string>('document.documentElement.dataset.theme')
  await walk.go('/', 'Overview')
  await walk.soon(theme).toBe('dark')
  await walk.press('Light colours')
  await walk.soon(theme).toBe('light')
  await walk.page.reload()
  await walk.button('Dark colours').waitFor()
  expect(await theme()).toBe('light')
  walk.browser.expectNoFaults()
})
