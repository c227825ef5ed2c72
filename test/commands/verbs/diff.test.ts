// `diff` as it is typed: which documents it names, to whom, and as what it shows them.
import { beforeEach, expect, test } from 'vitest'
import type { DocumentName } from '../../../src/commands/documents.ts'
import { runLine } from '../../../src/commands/run.ts'
import { answersIn } from '../../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const HASH = '  <user password="$hash"/>\n'
const TEXTS: Readonly<Record<string, string>> = {
  running: `<config>\n${HASH}  <host weight="5"/>\n</config>\n`,
  stored: `<config>\n${HASH}  <host/>\n</config>\n`,
}

let process: StubProcess
let compared: (readonly DocumentName[])[]

const { textOf, jsonOf, refused } = answersIn(() => contextOf(process))

beforeEach(async () => {
  compared = []
  process = await createStubProcess()
  const { history } = process
  Object.assign(process, {
    history: {
      ...history,
      compare: async (...names: readonly DocumentName[]) => {
        compared.push(names)
        return history.compare('running', 'stored')
      },
      text: async (name: DocumentName) =>
        (typeof name === 'string' ? TEXTS[name] : undefined) ?? '<config/>',
    },
  })
})

test.each([
  ['diff', 'stored', 'running'],
  ['diff 7', 7, 'running'],
  ['diff 7 8', 7, 8],
  ['diff running stored', 'running', 'stored'],
  ['diff new.xml', { file: 'new.xml' }, 'running'],
  ['diff 3 etc/12', 3, { file: 'etc/12' }],
])('%s compares %j with %j', async (line, from, to) => {
  await textOf(line)
  expect(compared).toEqual([[from, to]])
})

test('it says what turns one into the other, in the words of apply --dry-run', async () => {
  expect(await textOf('diff')).toBe(
    '~ web/main/a: weight 1 -> 5\nstored to running: 1 difference\n',
  )
  expect(await jsonOf('diff 1')).toMatchObject({
    from: 'revision 1',
    to: 'running',
    differences: [{ path: 'web/main/a', field: 'weight', before: 1, after: 5 }],
    text: null,
  })
})

test('--commands prints what to type, for role full alone', async () => {
  expect(await textOf('diff 1 2 --commands')).toBe('set host web/main/a weight 5\n')
  expect(await jsonOf('diff 1 --commands')).toMatchObject({
    commands: ['set host web/main/a weight 5'],
  })
  expect((await jsonOf('diff 1')) as object).toMatchObject({ commands: null })
  const operate = contextOf(process, { role: 'operate' })
  expect(await runLine('diff --commands', operate)).toMatchObject({ exit: 3 })
  expect(await runLine('diff --commands --text', contextOf(process))).toMatchObject({ exit: 2 })
})

test('--text shows lines', async () => {
  expect(await textOf('diff --text')).toBe(
    [
      '--- stored',
      '+++ running',
      '@@ -1,4 +1,4 @@',
      ' <config>',
      '   <user password="$hash"/>',
      '-  <host/>',
      '+  <host weight="5"/>',
      ' </config>',
      '',
    ].join('\n'),
  )
  expect(await textOf('diff 1 2 --text')).toBe('revision 1 to revision 2: the same text\n')
})

test('hashes of passwords are shown to role full alone', async () => {
  for (const role of ['operate', 'readonly'] as const) {
    for (const line of ['diff --text', 'diff --text --json']) {
      const text = await textOf(line, contextOf(process, { role }))
      expect(text).toContain('***')
      expect(text).not.toContain('$hash')
    }
  }
})

test.each(['/etc/sluice/new.xml', 'new.xml', './x', 'a/b'])(
  'a file of the server, %s, is for role full',
  async (file) => {
    for (const line of [`diff ${file}`, `diff running ${file}`, `diff ${file} --text`]) {
      const { exit, err } = await runLine(line, contextOf(process, { role: 'operate' }))
      expect({ exit, err }).toMatchObject({ exit: 3, err: expect.stringContaining('role full') })
    }
    await textOf(`diff running ${file}`)
  },
)

test('it takes two documents at most', async () => {
  await refused('diff 1 2 3', 2, '"3" is one word too many; usage: diff [A] [B]')
})

test.each(['0', '-1x', 'runing', '1.5', '99999999999999999999'])(
  'no document is called %s',
  async (name) => {
    await refused(`diff ${name}`, 2, 'accepted: running, stored, the number of a revision')
    expect(compared).toEqual([])
  },
)
