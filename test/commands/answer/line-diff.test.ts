// Two texts compared line by line: what is printed, that `patch` makes one of the other, and what many lines cost.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { unifiedDiff } from '../../../src/commands/answer/line-diff.ts'
import { testFolder } from '../../helpers/folder.ts'
import { randomly, seed } from '../../helpers/seed.ts'

function diffOf(from: string, to: string): string {
  return unifiedDiff(['a', from], ['b', to])
}

function numbered(count: number, name = 'line'): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`)
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

test('the same text has no difference', () => {
  expect(diffOf('a\nb\n', 'a\nb\n')).toBe('')
  expect(diffOf('', '')).toBe('')
})

test('a changed line stands between three lines that stay', () => {
  const lines = numbered(20)
  expect(diffOf(textOf(lines), textOf(lines.with(9, 'other')))).toBe(
    [
      '--- a',
      '+++ b',
      '@@ -7,7 +7,7 @@',
      ' line 6',
      ' line 7',
      ' line 8',
      '-line 9',
      '+other',
      ' line 10',
      ' line 11',
      ' line 12',
      '',
    ].join('\n'),
  )
})

test('changes far from each other stand in two pieces, near ones in one', () => {
  const lines = numbered(40)
  const pieces = (first: number, second: number) => {
    const to = lines.with(first, 'x').with(second, 'y')
    return diffOf(textOf(lines), textOf(to)).match(/^@@/gm)?.length
  }
  expect(pieces(5, 30)).toBe(2)
  expect(pieces(5, 11)).toBe(1)
})

test('a missing line end at the end is told', () => {
  expect(diffOf('a\n', 'a')).toBe(
    '--- a\n+++ b\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n',
  )
})

test('where too much is different all of the middle goes and comes', () => {
  const count = 2 * LIMITS.lineEditsMax
  const from = ['head', ...numbered(count, 'old'), 'tail']
  const to = ['head', ...numbered(count, 'new'), 'tail']
  const lines = diffOf(textOf(from), textOf(to)).split('\n')
  expect(lines[2]).toBe(`@@ -1,${count + 2} +1,${count + 2} @@`)
  expect(lines.filter((line) => line.startsWith('-old'))).toHaveLength(count)
  expect(lines.filter((line) => line.startsWith('+new'))).toHaveLength(count)
  expect(lines.slice(-2)).toEqual([' tail', ''])
})

// An alphabet of three lines has many ways from one text to the other.
const someLines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 })

test(`it is as short as diff -u has it, seed ${seed}`, ({ skip }) => {
  if (spawnSync('diff', ['--version']).status !== 0) skip()
  const folder = testFolder()
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  const property = fc.property(someLines, someLines, (before, after) => {
    writeFileSync(from, textOf(before))
    writeFileSync(to, textOf(after))
    const edits = (text: string) => text.split('\n').filter((line) => /^[-+](?![-+])/.test(line))
    const { stdout } = spawnSync('diff', ['-u', '--minimal', from, to], { encoding: 'utf8' })
    expect(edits(diffOf(textOf(before), textOf(after)))).toHaveLength(edits(stdout).length)
  })
  fc.assert(property, randomly(100))
})

test(`patch makes one text of the other, seed ${seed}`, ({ skip }) => {
  if (spawnSync('patch', ['--version']).status !== 0) skip()
  const file = join(testFolder(), 'a')
  const property = fc.property(someLines, someLines, fc.boolean(), (before, after, cut) => {
    const [from, to] = [textOf(before), cut ? textOf(after).slice(0, -1) : textOf(after)]
    if (from === to || to === '') return
    writeFileSync(file, from)
    const { status, stdout } = spawnSync('patch', ['-s', '-o', `${file}.new`, file], {
      input: diffOf(from, to),
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(readFileSync(`${file}.new`, 'utf8')).toBe(to)
  })
  fc.assert(property, randomly(100))
})
