// etc/sluice.xsd, the schema for editors, held against a validator that has nothing to do with us (xmllint): what the
// reader accepts is valid, and what breaks the grammar is not. That it is up to date is tested with the pages.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDocument } from '../../../src/config/read/read.ts'
import { formatDocument } from '../../../src/config/write/write.ts'
import { decorate } from '../../helpers/decorate.ts'
import { pathOf } from '../../helpers/programs.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { anySnapshot } from '../../helpers/snapshots.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

/** What xmllint tells of some files; nothing but faults, unless it holds them against a schema. */
function xmllint(...words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1_024 * 1_024, env: { ...process.env, LC_ALL: 'C' } }
    execFile(pathOf('xmllint'), ['--nonet', '--noout', ...words], options, (error, _, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve(stderr)
    })
  })
}

/** What it says of each file: `validates`, or its faults. */
async function verdicts(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const lines = (await xmllint('--schema', 'etc/sluice.xsd', ...files)).split('\n')
  const verdict = (file: string) => {
    const about = lines.filter(
      (line) => line.startsWith(`${file}:`) || line === `${file} validates`,
    )
    return about.includes(`${file} validates`) ? 'validates' : about.join('\n')
  }
  return new Map(files.map((file) => [file, verdict(file)]))
}

async function invalidOf(files: readonly string[]): Promise<string[]> {
  return [...(await verdicts(files))]
    .filter(([, said]) => said !== 'validates')
    .map(([, said]) => said)
}

test('every document that comes with Sluice is valid', async () => {
  const files = [
    'etc/config.xml',
    ...readdirSync('etc/examples').map((name) => `etc/examples/${name}`),
  ]
  expect(await invalidOf(files)).toEqual([])
})

test(`any document is valid, however it is written (seed ${seed})`, async () => {
  const { numRuns } = randomly(150)
  const folder = await temporaryFolder()
  const cases = fc.sample(fc.tuple(anySnapshot, fc.nat(), fc.boolean()), { seed, numRuns })
  const files = await Promise.all(
    cases.map(async ([snapshot, style, old], index) => {
      const { text } = formatDocument(snapshot, 'c')
      const root = old ? text.replaceAll(/(<\/?)config>/g, '$1pdconfig>') : text
      const file = join(folder, `${index}.xml`)
      await writeFile(file, index % 3 === 0 ? root : decorate(root, style))
      return file
    }),
  )
  expect(await invalidOf(files)).toEqual([])
})

const INSERTED = [
  ...`< > / " ' = & ; &#x41; &#0; &lt; &x; <!-- x --> <!-- -- --> <!--> <![CDATA[x]]> ]]> <? <?x?> <note/> <note a='1' a="2"/>`.split(
    ' ',
  ),
  '\u00a0',
  '\u2028',
  '\uFEFF',
  '\ufffe',
  '\0',
  '\t',
  '\r',
  '\n',
  ' ',
  'é',
  '²',
  '\u{1F600}',
  '<a b="1">',
  '</a>',
  'x',
]

test(`whatever loads is XML to others, too (seed ${seed})`, async () => {
  const { numRuns } = randomly(3_000)
  const folder = await temporaryFolder()
  // Without its encoding: one that nobody knows does no harm to us where every character is ASCII.
  const text = (await readFile('etc/examples/full.xml', 'utf8'))
    .replace(/<!--.*?-->/gs, '')
    .replace(' encoding="UTF-8"', '')
  const edits = fc.array(fc.tuple(fc.nat(text.length), fc.constantFrom(...INSERTED)), {
    minLength: 1,
    maxLength: 3,
  })
  const accepted = fc
    .sample(edits, { seed, numRuns })
    .map((places) =>
      places.reduce((whole, [at, piece]) => whole.slice(0, at) + piece + whole.slice(at), text),
    )
    .filter((damaged) => 'document' in readDocument(Buffer.from(damaged), 'c'))
  const files = await Promise.all(
    accepted.map(async (damaged, index) => {
      const file = join(folder, `${index}.xml`)
      await writeFile(file, damaged)
      return file
    }),
  )
  expect(files.length).toBeGreaterThan(numRuns / 50)
  expect(await xmllint(...files)).toBe('')
})

/**
 * Broken in ways that a schema cannot tell: how often something stands, what holds between two values, and what is XML
 * but not safe or not in UTF-8.
 */
const BEYOND_A_SCHEMA: ReadonlySet<string> = new Set(
  `admin-twice enabled-group-unknown names-twice no-enabled-group page-said-twice port-0-twice too-deep
   two-enabled-groups name-too-long billion-laughs other-encoding processing-instruction stylesheet utf-16`
    .split(/\s+/)
    .map((name) => `${name}.xml`),
)

test('every document that breaks the grammar is not', async () => {
  const folder = 'test/config/read/broken/'
  const found = await verdicts(readdirSync(folder).map((name) => folder + name))
  const valid = [...found]
    .filter(([, said]) => said === 'validates')
    .map(([file]) => file.slice(folder.length))
  expect(valid.toSorted()).toEqual([...BEYOND_A_SCHEMA].toSorted())
})
