// The table of metrics, the page about them and what is given out say the same, in every direction.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Metrics } from '../../../src/web/metrics/metrics.ts'
import { METRICS } from '../../../src/web/metrics/table.ts'
import { samplesIn } from '../../helpers/exposition.ts'
import { createStubProcess } from '../../helpers/stub-process.ts'

const TABLE = Object.values(METRICS).flat()
const NAMES = TABLE.map(({ name }) => name)

/** Names that every exporter gives out. */
const STANDARD = /^(process|nodejs)_/

test('names are their own, begin with sluice_ and say their unit', () => {
  expect(new Set(NAMES).size).toBe(NAMES.length)
  for (const { name, type } of TABLE) {
    expect(name).toMatch(/^(sluice|process|nodejs)_[a-z0-9_]+$/)
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
    expect(name).not.toMatch(/_(ms|millis|kb|minutes)(_|$)/)
    expect(STANDARD.test(name) || name.startsWith('sluice_')).toBe(true)
  }
})

test('the page has every metric with its labels, and no other', () => {
  const page = readFileSync('docs/metrics.md', 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([\w` ]*) \| (.+) \|$/gm)]
  const said = rows.map(([, name, type, labels = '']) => [name, type, labels.replaceAll('`', '')])
  expect(said).toEqual(TABLE.map(({ name, type, labels }) => [name, type, labels.join(' ')]))
})

test('every metric of the table is given out, and no other', async () => {
  const { body } = await new Metrics(await createStubProcess()).text()
  const types = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type])
  expect(types).toEqual(TABLE.map(({ name, type }) => [name, type]))
})

test('every sample has the labels of its row, each once', async () => {
  const { body } = await new Metrics(await createStubProcess()).text()
  const rows = new Map(TABLE.map((row) => [row.name, row]))
  for (const { name, labels } of samplesIn(body)) {
    const row = rows.get(name) ?? rows.get(name.replace(/_(bucket|sum|count)$/, ''))
    const bucket = name.endsWith('_bucket') ? ['le'] : []
    const wanted = [...(row?.labels ?? ['not in the table']), ...bucket]
    expect([name, ...Object.keys(labels).toSorted()]).toEqual([name, ...wanted.toSorted()])
  }
  const series = samplesIn(body).map(({ name, labels }) => {
    const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
    return [name, ...words.toSorted()].join(' ')
  })
  expect(new Set(series).size).toBe(series.length)
})
