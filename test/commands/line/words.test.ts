// A typed line falls apart as a POSIX shell would take it apart, with places that completion can use.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { continueWord, splitLine, wordsOf } from '../../../src/commands/line/words.ts'

const textsOf = (line: string) => splitLine(line).words.map(({ text }) => text)

describe('words', () => {
  test.each([
    ['show hosts', ['show', 'hosts']],
    ['  show \t hosts  ', ['show', 'hosts']],
    ['', []],
    ["'two words'", ['two words']],
    ['"two words"', ['two words']],
    [String.raw`two\ words`, ['two words']],
    [`a'b'"c"d`, ['abcd']],
    ["''", ['']],
    ['a "" b', ['a', '', 'b']],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    [String.raw`"a\"b\\c\d"`, [String.raw`a"b\c\d`]],
    ['$HOME ; | * ~ # &', ['$HOME', ';', '|', '*', '~', '#', '&']],
    ["it''s", ['its']],
    ['--match=a=b', ['--match=a=b']],
  ])('%s', (line, expected) => {
    expect(textsOf(line)).toEqual(expected)
  })

  test('know where they stand in the line', () => {
    expect(splitLine(`ab 'c d'e`).words).toEqual([
      { text: 'ab', start: 0, end: 2 },
      { text: 'c de', start: 3, end: 9 },
    ])
  })
})

describe('a line that does not end', () => {
  test.each([
    [`show 'hosts`, "not understood: unterminated quote '"],
    ['show "hosts', 'not understood: unterminated quote "'],
    [String.raw`show "hosts\"`, 'not understood: unterminated quote "'],
    ['show "hosts\\', 'not understood: unterminated quote "'],
    ['show hosts\\', 'not understood: nothing follows the last backslash'],
  ])('%s', (line, message) => {
    expect(() => wordsOf(line)).toThrow(message)
  })

  test('still has its words, for completion', () => {
    expect(splitLine(`show "web/ma`)).toEqual({
      words: [
        { text: 'show', start: 0, end: 4 },
        { text: 'web/ma', start: 5, end: 12 },
      ],
      open: '"',
    })
  })
})

test('any text can be typed as one word, in each of three ways', () => {
  const ways = [
    ['', ''],
    ["'", "'"],
    ['"', '"'],
  ] as const
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...ways), (text, [open, close]) => {
      expect(textsOf(open + continueWord(text, open) + close)).toEqual([text])
    }),
  )
})

test('every character of every line is taken into account', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('a', ' ', "'", '"', '\\', '\n', '$', '\u{1f600}'),
  })
  fc.assert(
    fc.property(nasty, (line) => {
      const { words, open } = splitLine(line)
      const rest = words.reduce((text, { start, end }) => {
        return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
      }, line)
      expect(rest.trim()).toBe('')
      expect(open === '').toBe(closes(line))
    }),
  )
})

// The same question answered one character at a time.
function closes(line: string): boolean {
  let state = ''
  for (const character of line) {
    if (state.endsWith('\\')) state = state.slice(0, -1)
    else if (character === '\\' && state !== "'") state += '\\'
    else if (state === character) state = ''
    else if (state === '' && `'"`.includes(character)) state = character
  }
  return state === ''
}
