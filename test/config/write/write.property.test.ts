// Whatever is edited, the text afterwards says exactly what was meant, and what people wrote beside it
// is still there. Run with SEED=… to repeat a failure; fast-check prints the seed.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Document, readDocument } from '../../../src/config/read/read.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { formatDocument, writeDocument } from '../../../src/config/write/write.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import {
  anySnapshot,
  editedFrom,
  smallAndEdited,
  snapshotAndEdited,
} from '../../helpers/snapshots.ts'
import { decorate, decorateTree } from '../../helpers/decorate.ts'
import { commentsIn, survivors } from '../../helpers/documents.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { touchedForNothing } from '../../helpers/untouched.ts'

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

/** Small documents, and many of them; each is edited there and back, which makes 10,000 edits. */
const thousands = randomly(5_000)

test(`an edited document says what was meant, and nothing else is touched (seed ${seed})`, {
  timeout: 300_000,
}, () => {
  const holds = ([from, to]: readonly [BalancerSnapshot, BalancerSnapshot], style: number) => {
    const document = read(decorateTree(formatDocument(from, 'config.xml').root, style))
    const there = edit(document, to)
    edit(there, from)
  }
  fc.assert(fc.property(smallAndEdited, fc.nat(), holds), thousands)
})

/** The document that says `to`, which was read out of the text anew. */
function edit(document: Document, to: BalancerSnapshot): Document {
  const edited = writeDocument(document, to)
  expect(sameSnapshot(edited.snapshot, to)).toBe(true)
  const touched = touchedForNothing(document, edited)
  expect(touched, `${document.text}\nbecame\n${edited.text}`).toEqual([])
  expect(new Set(commentsIn(edited.text))).toEqual(
    new Set([...commentsIn(edited.text), ...survivors(document, to)]),
  )
  return edited
}

test('what is touched for nothing is noticed', () => {
  const text = `<config>
  <!-- one -->
  <service name="web">
    <listen ip="*:80"/> <!-- two -->
    <group name='main' scheduler="leastc" enable="yes">
      <host name="a" ip="10.0.0.1:80"/>
      <host name="b" ip="10.0.0.2:80"/>

    </group>
  </service>
</config>
`
  const touched = (from: string | RegExp, to: string) =>
    touchedForNothing(read(text), read(text.replace(from, to))).length
  expect(touched('', '')).toBe(0)
  expect(touched('<!-- one -->', '')).toBe(1)
  expect(touched(' <!-- two -->', '')).toBe(1)
  expect(touched("'main'", '"main"')).toBe(1)
  expect(touched('leastc"', 'leastconnsrr"')).toBe(1)
  expect(touched('10.0.0.2:80"/', '10.0.0.2:80" /')).toBe(1)
  expect(touched('\n\n', '\n')).toBe(1)
  // With a reason: only what changed, and its line.
  expect(touched('name="b"', 'name="c"')).toBe(0)
  expect(touched(/ +<host name="b".*\n/, '')).toBe(0)
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
