// All of the page on a phone, for those who see it otherwise.
import { beforeAll, test } from 'vitest'
import type { Walk } from '../../helpers/page-walk.ts'
import { lookAround, ROUNDS, startLooks } from './looks.ts'

let walk: Walk

beforeAll(async () => {
  walk = await startLooks({ colorScheme: 'light', width: 375, height: 740 })
})

test.each(ROUNDS)(
  'axe finds nothing serious, and nothing is wider than the screen: $round',
  async (round) => {
    await lookAround(walk, round)
  },
  60_000,
)
