// Which word was probably meant, and when it is better to say nothing.
import { expect, test } from 'vitest'
import { didYouMean } from '../../src/base/nearest.ts'

const WORDS = ['main', 'spare', 'roundrobin', 'leastconns', 'leastconnsrr', 'a', 'b']

test.each([
  ['mian', 'main'],
  ['MAIN', 'main'],
  ['mai', 'main'],
  ['maain', 'main'],
  ['spear', undefined],
  ['spar', 'spare'],
  ['rondrobbin', 'roundrobin'],
  ['leastcons', 'leastconns'],
  ['c', 'a'],
  ['nothing like it', undefined],
])('"%s" is nearest to %s', (word, meant) => {
  expect(didYouMean(word, WORDS)).toBe(meant === undefined ? '' : `, did you mean ${meant}?`)
})

test('of equally near words it is the first', () => {
  expect(didYouMean('hostX', ['hostB', 'hostA'])).toBe(', did you mean hostB?')
})

test('without words there is none', () => {
  expect(didYouMean('mian', [])).toBe('')
})
