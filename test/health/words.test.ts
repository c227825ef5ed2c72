// Command lines taken apart.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from '../../src/health/words.ts'

test.each([
  ['check', ['check']],
  ['  check   --deep\t-v ', ['check', '--deep', '-v']],
  [`check 'a b' "c d"`, ['check', 'a b', 'c d']],
  [`check --name="a b"'c d'e`, ['check', '--name=a bc de']],
  [String.raw`check a\ b \"`, ['check', 'a b', '"']],
  [String.raw`check "a \"b\" \\ \n" '\'`, ['check', String.raw`a "b" \ \n`, '\\']],
  [`check '' ""`, ['check', '', '']],
  ['check $HOME * | ; &', ['check', '$HOME', '*', '|', ';', '&']],
  ['', []],
])('%s', (line, words) => {
  expect(wordsOf(line)).toEqual(words)
})

test.each([`check 'a`, 'check "a', 'check a\\', `check "a'`])('%s has no end', (line) => {
  expect(wordsOf(line)).toBeUndefined()
})

test('quoted words come back as they were', () => {
  const quoted = (word: string) => `'${word.replaceAll("'", String.raw`'\''`)}'`
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(wordsOf(words.map(quoted).join(' '))).toEqual(words)
    }),
  )
})

test('no line makes it throw or hang', () => {
  const line = fc.string({ unit: fc.constantFrom(' ', '"', "'", '\\', 'a', 'é'), maxLength: 1_000 })
  fc.assert(fc.property(line, (text) => void wordsOf(text)))
})
