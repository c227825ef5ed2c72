// House rules that no other tool checks, held up against src.
import { expect, test } from 'vitest'
import {
  consoles,
  defaultExports,
  intervals,
  leftoverMarks,
  longFiles,
  missingContracts,
  readSources,
  unreachedFiles,
} from './rules.ts'

/** Path and reason, for a file that would read worse in pieces. */
const LONG_WITH_REASON: Readonly<Record<string, string>> = {
  'src/base/limits.ts': 'one table: a limit is found by its name',
}

const files = readSources('src')

test('there is something to check', () => {
  expect(files.map((file) => file.path)).toContain('src/base/errors.ts')
})

test('no file is longer than it has to be', () => {
  expect(longFiles(files, LONG_WITH_REASON)).toEqual([])
})

test('every file opens with its contract', () => {
  expect(missingContracts(files)).toEqual([])
})

test('every file is imported by another one', () => {
  expect(unreachedFiles(files, ['src/main.ts', 'src/index.ts', 'src/web/ui/main.tsx'])).toEqual([])
})

test('nothing is marked as unfinished', () => {
  const everything = ['src', 'test', 'scripts'].flatMap(readSources)
  expect(leftoverMarks(everything)).toEqual([])
})

// The other place hands out what operators begin at the prompt, and ends it.
test('every loop over time is `every`', () => {
  expect(intervals(files, ['src/base/every.ts', 'src/ssh/prompt/belongings.ts'])).toEqual([])
})

test('only the command line writes to the console', () => {
  expect(consoles(files, ['src/main.ts', 'src/cli.ts'])).toEqual([])
})

test('nothing is exported by default', () => {
  expect(defaultExports(files)).toEqual([])
})
