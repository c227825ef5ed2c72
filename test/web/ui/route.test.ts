// Where in the page an address leads, and back.
import { expect, test } from 'vitest'
import { hrefOf, type Route, routeOf } from '../../../src/web/ui/route.ts'

const PLACES: readonly (readonly [string, Route])[] = [
  ['#/', { view: 'overview' }],
  ['#/services/web', { view: 'service', name: 'web' }],
  ['#/services/a%2Fb%20c', { view: 'service', name: 'a/b c' }],
  ['#/sessions', { view: 'sessions' }],
  ['#/sessions/web%2Fmain%2Fa', { view: 'sessions', scope: 'web/main/a' }],
  ['#/config', { view: 'config' }],
  ['#/config/history/12', { view: 'revision', number: 12 }],
  ['#/audit', { view: 'audit' }],
  ['#/log', { view: 'log' }],
  ['#/jobs', { view: 'jobs' }],
  ['#/operators', { view: 'operators' }],
]

test.each(PLACES)('%s leads to one place, which has this address', (hash, route) => {
  expect(routeOf(hash)).toEqual(route)
  expect(hrefOf(route)).toBe(hash)
})

test('without anything behind the # it is the overview', () => {
  for (const hash of ['', '#', '#/']) expect(routeOf(hash)).toEqual({ view: 'overview' })
})

test.each([
  '#/nowhere',
  '#/services',
  '#/services/web/more',
  '#/config/history',
  '#/config/history/x',
  '#/config/history/1234567890',
  '#/config/history/1/2',
  '#/audit/1',
  '#/services/%E0%A4%A',
])('%s leads nowhere, and says so', (hash) => {
  expect(routeOf(hash)).toEqual({ view: 'missing', address: hash })
})
