// Bodies of calls as typed lines: every value reaches its command as it was sent.
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/commands/table.ts'
import { writeLine } from '../../../src/commands/line/write-line.ts'
import { type CommandBody, INPUT, nameOf, partsOf } from '../../../src/web/api/command-bodies.ts'

const NAMED = COMMANDS.map((command) => ({ name: nameOf(command), command }))

test.each(NAMED)('the names of $name mean one thing each', ({ command }) => {
  const names = [...Object.keys(command.arguments), ...Object.keys(command.flags), INPUT]
  expect(new Set(names).size).toBe(names.length)
})

test('no two commands are called the same', () => {
  expect(new Set(NAMED.map(({ name }) => name)).size).toBe(COMMANDS.length)
})

describe('a body is written as a line', () => {
  const cases: readonly (readonly [name: string, body: CommandBody, line: string])[] = [
    [
      'add-host',
      { place: 'web/main/d', address: '10.0.0.4:80', weight: 2 },
      'add host web/main/d 10.0.0.4:80 --weight 2',
    ],
    ['add-service', { name: 'x', accessLog: false }, 'add service x --access-log false'],
    ['remove-host', { host: 'web/main/a', force: true }, 'remove host web/main/a --force'],
    ['remove-host', { host: 'web/main/a', force: false }, 'remove host web/main/a'],
    ['kill-session', { id: 42 }, 'kill session 42'],
    [
      'set-host',
      { target: 'web/main/a', field: 'weight', value: -1 },
      'set host web/main/a weight -1',
    ],
    ['show-hosts', { columns: ['path', 'weight'] }, 'show hosts --columns path,weight'],
    ['show-hosts', { columns: 'path,weight' }, 'show hosts --columns path,weight'],
    ['add-service', { name: '--json' }, 'add service -- --json'],
  ]
  test.each(cases)('%s %j', (name, body, line) => {
    const written = COMMANDS.filter((each) => nameOf(each) === name).map((command) => {
      return writeLine(partsOf(command, body))
    })
    expect(written).toEqual([line])
  })
})
