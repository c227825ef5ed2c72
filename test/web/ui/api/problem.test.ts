// What the server refuses, as the page keeps it.
import { expect, test } from 'vitest'
import { Problem, problemOf } from '../../../../src/web/ui/api/problem.ts'

const FIELDS = {
  title: 'not accepted',
  status: 422,
  detail: 'weight: is too great',
  code: 'VALUE_BAD',
}

test('a fault of one field is found by its name, in a body and in a query', () => {
  const errors = [
    { path: '/weight', detail: 'is too great' },
    { path: '?limit', detail: 'is no number' },
  ]
  const problem = new Problem({ ...FIELDS, errors })
  expect(problem.faultOf('weight')).toBe('is too great')
  expect(problem.faultOf('limit')).toBe('is no number')
  expect(problem.faultOf('name')).toBeUndefined()
})

test('that somebody else was faster is told from other refusals, with what is there now', () => {
  const of = (more: object) => new Problem({ ...FIELDS, status: 412, ...more })
  expect([new Problem(FIELDS).isChanged, of({ status: 409 }).isChanged]).toEqual([false, false])
  expect([of({}).isChanged, of({}).current]).toEqual([true, undefined])
  expect(of({ current: { weight: 3 } }).current).toBe('{\n  "weight": 3\n}')
  expect(of({ current: null }).current).toBe('nothing')
  expect(of({ current: '<config/>' }).current).toBe('<config/>')
})

test('a flag that is typed elsewhere is a box here', () => {
  const detail = 'a is the last host: add another one first, or say --force'
  const problem = new Problem({ ...FIELDS, detail })
  expect(problem.detailHere).toBe('a is the last host: add another one first, or tick the box')
  expect(problem.detail).toBe(detail)
})

test('whatever is thrown can be shown', () => {
  const problem = new Problem(FIELDS)
  expect(problemOf(problem)).toBe(problem)
  expect(problemOf(new TypeError('no such thing')).detail).toBe('no such thing')
  expect(problemOf('just text').detail).toBe('just text')
})
