// Whatever is edited, the text afterwards says exactly what was meant, and what people wrote beside it
// is still there. Run with SEED=… to repeat a failure; fast-check prints the seed.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDocument } from '../../../src/config/read/read.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { formatDocument, writeDocument } from '../../../src/config/write/write.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import { anySnapshot, editedFrom, snapshotAndEdited } from '../../helpers/snapshots.ts'
import { commentsIn, decorate, survivors } from '../../helpers/documents.ts'
import { randomly, seed } from '../../helpers/seed.ts'

const parameters = randomly(300)

function read(text: string) {
  const result = readDocument(text, 'config.xml')
  if ('faults' in result) throw new Error(`${JSON.stringify(result.faults.slice(0, 3))}\n${text}`)
  return result.document
}

test(`a document made from a snapshot says that snapshot (seed ${seed})`, () => {
  const says = (snapshot: BalancerSnapshot) => {
    const { text } = formatDocument(snapshot, 'config.xml')
    expect(sameSnapshot(read(text).snapshot, snapshot)).toBe(true)
  }
  fc.assert(fc.property(anySnapshot, says), parameters)
})

test(`an edited document says what was meant, and comments survive (seed ${seed})`, () => {
  const holds = ([from, to]: readonly [BalancerSnapshot, BalancerSnapshot], style: number) => {
    const document = read(decorate(formatDocument(from, 'config.xml').text, style))
    const { text } = writeDocument(document, to)
    expect(sameSnapshot(read(text).snapshot, to)).toBe(true)
    expect(commentsIn(text)).toEqual(expect.arrayContaining(survivors(document, to)))
  }
  fc.assert(fc.property(snapshotAndEdited, fc.nat(), holds), parameters)
})

test(`a document that already says what is wanted keeps every byte (seed ${seed})`, () => {
  const holds = (snapshot: BalancerSnapshot, style: number) => {
    const document = read(decorate(formatDocument(snapshot, 'config.xml').text, style))
    expect(writeDocument(document, snapshot).text).toBe(document.text)
  }
  fc.assert(fc.property(anySnapshot, fc.nat(), holds), parameters)
})

const EXAMPLES = [
  'etc/config.xml',
  'etc/examples/full.xml',
  'etc/examples/txloadbalancer-style.xml',
  'etc/examples/pythondirector-style.xml',
]

test.each(EXAMPLES)(`%s can be edited in any way (seed ${seed})`, (file) => {
  const document = read(readFileSync(file, 'utf8'))
  const holds = (to: BalancerSnapshot) => {
    const edited = writeDocument(document, to)
    expect(sameSnapshot(edited.snapshot, to)).toBe(true)
    expect(commentsIn(edited.text)).toEqual(expect.arrayContaining(survivors(document, to)))
    // And back again, on the text that came out.
    expect(sameSnapshot(writeDocument(edited, document.snapshot).snapshot, document.snapshot)).toBe(
      true,
    )
  }
  fc.assert(fc.property(editedFrom(document.snapshot), holds), parameters)
})

test(`a pdconfig can be edited in any way (seed ${seed})`, () => {
  const holds = ([from, to]: readonly [BalancerSnapshot, BalancerSnapshot], style: number) => {
    const text = formatDocument(from, 'config.xml').text
    const document = read(
      decorate(text.replace('<config>', '<pdconfig>').replace('</config>', '</pdconfig>'), style),
    )
    const edited = writeDocument(document, to)
    expect(sameSnapshot(edited.snapshot, to)).toBe(true)
    expect(sameSnapshot(writeDocument(edited, from).snapshot, from)).toBe(true)
  }
  fc.assert(fc.property(snapshotAndEdited, fc.nat(), holds), parameters)
})
