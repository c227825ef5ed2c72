// Lines and documents out of pieces that come as they like.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf, wholeInput } from '../../../src/commands/line/standard-input.ts'
import { randomly, seed } from '../../helpers/seed.ts'

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

async function all(input: AsyncIterable<Buffer>, most = 1_000): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { number, text } of linesOf(input, most)) {
    expect(number).toBe(lines.length + 1)
    lines.push(text)
  }
  return lines
}

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb', ['a', 'b']],
  ['\n\n', ['', '']],
  ['ä\nü', ['ä', 'ü']],
])('%j is %j', async (text, lines) => {
  expect(await all(inPieces(Buffer.from(text), []))).toEqual(lines)
})

test(`lines do not depend on how they are cut into pieces (seed ${seed})`, async () => {
  const sizes = fc.array(fc.nat(9), { maxLength: 40 })
  const holds = async (lines: readonly string[], cuts: readonly number[]) => {
    const text = lines.map((line) => `${line}\n`).join('')
    expect(await all(inPieces(Buffer.from(text), cuts))).toEqual(lines)
    expect((await wholeInput(inPieces(Buffer.from(text), cuts), 10_000)).toString()).toBe(text)
  }
  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((each) => {
    return each.replaceAll(/[\r\n]/g, ' ')
  })
  await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 12 }), sizes, holds), randomly())
})

test('a line is measured in bytes, and one beyond the limit is named', async () => {
  expect(await all(inPieces(Buffer.from('12345\n12345'), [3, 3]), 5)).toEqual(['12345', '12345'])
  for (const text of ['1\n123456\n', '1\n123456', '1\nääää'])
    await expect(all(inPieces(Buffer.from(text), [4]), 5)).rejects.toThrow(
      'line 2: a line has at most 5 bytes',
    )
})

test('a document beyond the limit is refused before the rest is read', async () => {
  const asked: number[] = []
  const endless = (async function* () {
    for (let count = 0; ; count++) {
      asked.push(count)
      yield Buffer.alloc(10)
    }
  })()
  await expect(wholeInput(endless, 25)).rejects.toMatchObject({ code: 'VALUE_BAD' })
  expect(asked).toEqual([0, 1, 2])
})
