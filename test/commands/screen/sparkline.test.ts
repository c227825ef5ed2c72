import { expect, test } from 'vitest'
import { sparkline } from '../../../src/commands/screen/sparkline.ts'

test.each<[string, readonly number[], number, number]>([
  ['    ', [], 4, 1],
  ['   ▁', [0], 4, 1],
  ['▁▁▁▁', [0, 0, 0, 0], 4, 1],
  ['▁▂▅█', [0, 1, 4, 8], 4, 1],
  ['▅█', [9, 9, 9, 4, 8], 2, 1],
  ['▂█', [0, 1, 8, 0], 2, 2],
  ['▂█', [1, 8, 0], 2, 2],
  ['', [1, 2], 0, 1],
  ['▂█', [0.0001, 5], 2, 1],
])('%j of %j in %i columns of %i', (bars, figures, columns, per) => {
  expect(sparkline(figures, columns, per)).toBe(bars)
})
