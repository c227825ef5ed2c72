// The reader never throws, whatever the text, and what it accepts it can also write.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDocument } from '../../../src/config/read/read.ts'
import { writeDocument } from '../../../src/config/write/write.ts'
import { randomly, seed } from '../../helpers/seed.ts'

const parameters = randomly(500)

const PIECES = '< > / " \' = & ; <!-- --> <![CDATA[ ]]> <? ?> \uFEFF'.split(' ')
const WORDS = 'config service host note name ip a:1 #text :@ #cdata \ud800 \0 é'.split(' ')

/** What is wrong with how a text was read; undefined where nothing is. */
function troubleWith(source: string | Uint8Array): string | undefined {
  const result = readDocument(source, 'c')
  if ('faults' in result) return result.faults.length > 0 ? undefined : 'refused without a reason'
  const { document } = result
  const unchanged = writeDocument(document, document.snapshot).text === document.text
  return unchanged ? undefined : 'changed by a save that changes nothing'
}

test(`no text makes the reader throw (seed ${seed})`, () => {
  const text = fc
    .array(fc.constantFrom(...PIECES, ...WORDS, ' ', '\n'), { maxLength: 60 })
    .map((parts) => parts.join(''))
  const holds = (inside: string) => {
    for (const whole of [inside, `<config>${inside}</config>`, `<config ${inside}/>`]) {
      expect(troubleWith(whole)).toBeUndefined()
    }
  }
  fc.assert(fc.property(text, holds), parameters)
})

test(`a good document with random damage is read or refused, never thrown at (seed ${seed})`, () => {
  const bytes = readFileSync('etc/examples/full.xml')
  const place = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
  const holds = (places: readonly (readonly [number, number])[]) => {
    const damaged = Buffer.from(bytes)
    for (const [at, byte] of places) damaged[at] = byte
    expect(troubleWith(damaged)).toBeUndefined()
  }
  fc.assert(fc.property(fc.array(place, { minLength: 1, maxLength: 8 }), holds), parameters)
})
