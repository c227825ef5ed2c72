// Which ports a process may open, out of what the system says of it.
import { expect, test } from 'vitest'
import { lowestPort } from '../../src/app/lowest-port.ts'

const status = (mask: string) => `Name:\tnode\nCapPrm:\t0000000000000000\nCapEff:\t${mask}\n`
const [NONE, BIND, ALL] = ['0000000000000000', '0000000000000400', '000001ffffffffff']

test('the capability decides, not the name of the user', () => {
  expect(lowestPort({ status: status(NONE), start: '1024\n', userId: 0 })).toBe(1_024)
  expect(lowestPort({ status: status(BIND), start: '1024\n', userId: 1_000 })).toBe(0)
  expect(lowestPort({ status: status(ALL), start: '1024\n', userId: 0 })).toBe(0)
})

test('the system may draw the line elsewhere', () => {
  expect(lowestPort({ status: status(NONE), start: '80\n', userId: 1_000 })).toBe(80)
  expect(lowestPort({ status: status(NONE), start: '0\n', userId: 1_000 })).toBe(0)
})

test('where the system tells nothing, root may open every port', () => {
  expect(lowestPort({ status: '', start: '', userId: 0 })).toBe(0)
  expect(lowestPort({ status: '', start: '', userId: 1_000 })).toBe(1_024)
  expect(lowestPort({ status: '', start: '', userId: undefined })).toBe(1_024)
})
