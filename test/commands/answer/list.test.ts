// Lists: which rows, in which order, which fields; alike for every command that answers with a table.
import { beforeEach, describe, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { COMMANDS } from '../../../src/commands/table.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
  for (const line of [
    'set web/main/b weight 5',
    'set web/main/c weight 10',
    'drain host web/main/c',
  ])
    await runLine(line, contextOf(process))
})

async function jsonOf(line: string): Promise<Record<string, unknown>[]> {
  const { exit, out, err } = await runLine(`${line} --json`, contextOf(process))
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  return JSON.parse(out)
}

const namesIn = async (line: string) => (await jsonOf(line)).map(({ name }) => name)

describe('--where', () => {
  test.each([
    ['name=b', ['b']],
    ['name=B', ['b']],
    ['name!=b', ['a', 'c', 's']],
    ['weight>1', ['b', 'c']],
    ['weight>=5', ['b', 'c']],
    ['weight<5', ['a', 's']],
    ['weight<=1', ['a', 's']],
    ['weight>1,ready=yes', ['b']],
    ['ready=no', ['c']],
    ['ready=false', ['c']],
    ['ready!=true', ['c']],
    ['path~SPARE', ['s']],
    ['host~spare', ['s']],
    ["reason=''", ['a', 'b', 's']],
    ['healthSince=', ['a', 'b', 'c', 's']],
    ['address~:80,address~10.0.0.2', ['b']],
    ['name=z', []],
  ])('%s', async (where, names) => {
    expect(await namesIn(`show hosts --where "${where.replaceAll("''", '')}"`)).toEqual(names)
  })

  test('takes a duration beside a time in milliseconds', async () => {
    process.sessionRows = [sessionRow(1, { idleMs: 500 }), sessionRow(2, { idleMs: 5_500 })]
    const rows = await jsonOf("show sessions --where 'idle>5s'")
    expect(rows.map(({ id }) => id)).toEqual([2])
  })

  test('compares a time as it is shown, and takes nothing from the rows', async () => {
    const [first, second] = [Date.UTC(2026, 10, 20, 9), Date.UTC(2026, 10, 20, 10)]
    process.sessionRows = [sessionRow(1, { since: first }), sessionRow(2, { since: second })]
    const rows = await jsonOf('show sessions --where since~T10:')
    expect(rows).toEqual([
      { ...sessionRow(2, { since: second }), since: '2026-11-20T10:00:00.000Z' },
    ])
    expect(await jsonOf('show sessions --where since=2026-11-20T09:00:00.000Z')).toHaveLength(1)
  })

  test('says that nothing fits, and not that nothing is there', async () => {
    const { out } = await runLine('show hosts --where name=z', contextOf(process))
    expect(out).toBe('nothing is as --where says\n')
  })
})

describe('--sort', () => {
  test.each([
    ['weight', ['a', 's', 'b', 'c']],
    ['weight,desc', ['c', 'b', 'a', 's']],
    ['name,desc', ['s', 'c', 'b', 'a']],
    ['host', ['a', 'b', 'c', 's']],
  ])('%s', async (sort, names) => {
    expect(await namesIn(`show hosts --sort ${sort}`)).toEqual(names)
  })

  test('orders numbers in names as people count', async () => {
    for (const name of ['h10', 'h9'])
      await runLine(`add host web/spare/${name} 10.0.0.9:80`, contextOf(process))
    expect(await namesIn('show hosts web/spare --sort name')).toEqual(['h9', 'h10', 's'])
  })

  test('a list that is cut is in order first', async () => {
    process.sessionRows = Array.from({ length: 2_500 }, (_, index) =>
      sessionRow(index + 1, { idleMs: index }),
    )
    const rows = await jsonOf('show sessions --sort idle,desc --limit 3')
    expect(rows.map(({ id }) => id)).toEqual([2_500, 2_499, 2_498])
    const [only] = await jsonOf("show sessions --where 'idle=2400' --limit 3")
    expect(only).toMatchObject({ id: 2_401 })
  })
})

describe('--columns', () => {
  test('chooses fields, by their names or their headings, in text and in JSON', async () => {
    const line = 'show hosts web/spare --columns host,maxsessions,weight'
    expect(await jsonOf(line)).toEqual([{ path: 'web/spare/s', maxSessions: 0, weight: 1 }])
    const { out } = await runLine(line, contextOf(process))
    expect(out).toBe('HOST         maxSessions  WEIGHT\nweb/spare/s  0                 1\n')
  })

  test('is what a pipe looks at', async () => {
    const { out } = await runLine('show hosts --columns name | match web', contextOf(process))
    expect(out).toBe('')
  })
})

test.each([
  ['show hosts --where', '--where needs a value: comparisons by ='],
  ["show hosts --where 'weight>ten'", 'weight is a number, got "weight>ten"'],
  ['show hosts --where weight=', 'weight is a number, got "weight="'],
  ['show hosts --where ready=1', 'ready is yes or no, got "ready=1"'],
  ['show hosts --where name=a --where name=b', '--where is typed twice'],
  ['show hosts --where name', '--where takes comparisons such as health=down'],
  ['show hosts --where nam=b', 'no field "nam", did you mean name?; accepted: path, service'],
  ['show hosts --sort weigth', 'no field "weigth", did you mean weight?'],
  ['show hosts --sort weight,down', '--sort is FIELD or FIELD,desc, got "weight,down"'],
  ['show hosts --columns name,,', 'no field ""'],
  ['show version --sort x', 'show version has no flag --sort'],
])('%s is refused', async (line, sentence) => {
  const { exit, out, err } = await runLine(line, contextOf(process))
  expect({ exit, out }).toEqual({ exit: 2, out: '' })
  expect(err).toContain(sentence)
})

const lists = COMMANDS.filter(({ list }) => list !== undefined).map((command) => {
  return [command.words.join(' '), command] as const
})

test.each(lists)('%s can be asked by every field', async (name, { json }) => {
  process.sessionRows = [sessionRow(1), sessionRow(2)]
  for (const field of json.fields) {
    const line = `${name} --sort ${field},desc --columns ${field} --where ${field}~`
    const { exit, err } = await runLine(line, contextOf(process))
    expect({ line, exit, err }).toEqual({ line, exit: 0, err: '' })
  }
})

test.each(lists)('%s has headings that name its fields', async (name) => {
  process.sessionRows = [sessionRow(1)]
  const { out } = await runLine(name, contextOf(process))
  const [heading = ''] = out.split('\n')
  for (const title of heading.split(/ {2,}/).filter((each) => /^[A-Z ]+$/.test(each))) {
    const { exit, err } = await runLine(`${name} --columns '${title.trim()}'`, contextOf(process))
    expect({ title, exit, err }).toEqual({ title, exit: 0, err: '' })
  }
})
