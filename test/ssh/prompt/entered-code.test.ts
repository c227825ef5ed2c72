// What the audit log has of the JavaScript of one prompt: each line that was entered, once.
import { beforeEach, expect, test } from 'vitest'
import type { Login } from '../../../src/ssh/channel.ts'
import { EnteredCode } from '../../../src/ssh/prompt/entered-code.ts'
import type { Evaluated } from '../../../src/ssh/prompt/evaluation.ts'
import { MemoryAudit } from '../../helpers/memory-audit.ts'

let audit: MemoryAudit
let entered: EnteredCode

beforeEach(() => {
  audit = new MemoryAudit()
  entered = new EnteredCode({ operator: 'alice', id: 1 } as Login, audit)
})

function evaluate(code: string, kind: Evaluated['kind']): void {
  entered.note(code)
  entered.ended(code, { kind } as Evaluated)
}

const lines = () => audit.lines().map(({ line }) => line)

test('a statement of many lines is noted line by line', () => {
  evaluate('q = (\n', 'unfinished')
  evaluate('q = (\n5)\n', 'value')
  evaluate('q\n', 'value')
  expect(lines()).toEqual(['q = (', '5)', 'q'])
})

test('a statement that was given up and begun anew is noted anew', () => {
  evaluate('q = (\n', 'unfinished')
  evaluate('q = (\n', 'unfinished')
  evaluate('q = (\n6)\n', 'value')
  expect(lines()).toEqual(['q = (', 'q = (', '6)'])
})
