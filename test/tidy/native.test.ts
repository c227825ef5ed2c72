// House rules about the C++ of the splice engine, held up against it.
import { expect, test } from 'vitest'
import {
  kernelCalls,
  longFunctions,
  prints,
  readNative,
  unguardedHeaders,
  usings,
  wrongIncludes,
} from './native-rules.ts'
import { leftoverMarks, longFiles, missingContracts } from './rules.ts'

const files = readNative('src/engine/splice/native')

test('there is something to check', () => {
  const paths = files.map((file) => file.path)
  expect(paths).toEqual(expect.arrayContaining(['core/system.h', 'test/check.h']))
})

test('no file and no function is longer than it has to be', () => {
  expect([...longFiles(files, {}), ...longFunctions(files)]).toEqual([])
})

test('every file opens with its contract', () => {
  expect(missingContracts(files)).toEqual([])
})

test('every header is guarded', () => {
  expect(unguardedHeaders(files)).toEqual([])
})

test('every folder includes only what it may, and Node-API stays in addon', () => {
  expect(wrongIncludes(files)).toEqual([])
})

test('only core/system.cc calls the kernel', () => {
  expect(kernelCalls(files, 'core/system.cc')).toEqual([])
})

test('the engine prints nothing', () => {
  expect(prints(files)).toEqual([])
})

test('no namespace is opened wholesale', () => {
  expect(usings(files)).toEqual([])
})

test('nothing is marked as unfinished', () => {
  expect(leftoverMarks(files)).toEqual([])
})
