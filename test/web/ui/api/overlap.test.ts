// One stream takes the place of another: nothing is told twice, and nothing that happens again is kept back.
import { expect, test } from 'vitest'
import { createOverlap } from '../../../../src/web/ui/api/overlap.ts'

function rig() {
  const clock = { ms: 0 }
  return { clock, overlap: createOverlap(() => clock.ms) }
}

test('what the stream that was left told is known, once', () => {
  const { overlap } = rig()
  overlap.note('log a')
  expect(overlap.wasTold('log b')).toBe(false)
  expect(overlap.wasTold('log a')).toBe(true)
  expect(overlap.wasTold('log a')).toBe(false)
})

test('what happens again later is news', () => {
  const { clock, overlap } = rig()
  overlap.note('say hello')
  clock.ms = 60_000
  expect(overlap.wasTold('say hello')).toBe(false)
})

test('of very many events the oldest are forgotten', () => {
  const { overlap } = rig()
  for (let number = 0; number < 5_000; number++) overlap.note(`change ${number}`)
  expect(overlap.wasTold('change 0')).toBe(false)
  expect(overlap.wasTold('change 4999')).toBe(true)
})
