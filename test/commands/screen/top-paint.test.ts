// The picture of `top` for any window, and what each key makes of what was chosen.
import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/commands/screen/screen.ts'
import { formatBytes, formatRate } from '../../../src/commands/screen/top-columns.ts'
import type { TopRow } from '../../../src/commands/screen/top-rows.ts'
import { paintTop } from '../../../src/commands/screen/top-paint.ts'
import {
  firstState,
  pressed,
  sorted,
  type TopState,
} from '../../../src/commands/screen/top-state.ts'
import { randomFrom, seed } from '../../helpers/seed.ts'

const ESCAPE = String.fromCharCode(27)
/** Colours turned round, and turned back at the end. */
const MARKED = new RegExp(`^${ESCAPE}\\[7m.*${ESCAPE}\\[0m$`)
const QUIET = { sessionsPerSecond: 0, bytesPerSecond: 0, history: [] }

function hostRow(name: string, given: Partial<TopRow> = {}): TopRow {
  const figures = { open: 0, failed: 0, idleMs: 0, bytes: 0, rates: QUIET }
  return { key: name, path: name, name, host: '', state: 'ready', ...figures, ...given }
}

const busy = (rate: number) => ({
  sessionsPerSecond: rate,
  bytesPerSecond: rate * 1_024,
  history: [rate],
})
const ROWS = [
  hostRow('web/main/a', { rates: busy(2), open: 7 }),
  hostRow('web/main/b', { rates: busy(30), failed: 3 }),
  hostRow('web/main/c', { state: 'draining' }),
]

function picture(
  state: TopState,
  window: { columns: number; rows: number; colors?: boolean },
  rows = ROWS,
) {
  const look = { rows, totals: { open: 7, sessions: 32, bytes: 2_048 }, note: '' }
  const all = {
    look,
    rows: sorted(rows, state),
    state,
    time: Date.UTC(2026, 10, 21, 12, 0, 3),
    who: 'alice (full)',
  }
  return paintTop(all, { colors: false, ...window })
}

const key = (name: string): Key => ({ text: '', name, ctrl: false })

function press(state: TopState, ...names: string[]) {
  let last = pressed(state, key('escape'), sorted(ROWS, state), 5)
  for (const name of names) last = pressed(last.state, key(name), sorted(ROWS, last.state), 5)
  return last
}

test('shows totals, the busiest host first, and what a minute was like', () => {
  const lines = picture(firstState('hosts'), { columns: 100, rows: 9 })
  expect(lines[0]).toMatch(
    /^sluice top +1 services +\[2 hosts\] +3 sessions +alice \(full\) +12:00:03 UTC$/,
  )
  expect(lines[1]).toContain('7 open, 32.0 sessions/s, 2.0K bytes/s, 3 rows')
  expect(lines[2]).toMatch(/HOST +STATE +OPEN +SESS\/S▼ +BYTES\/S +FAILED +LAST MINUTE/)
  expect(lines[3]).toMatch(/^> web\/main\/b +ready +0 +30.0 +30K +3 +█$/)
  expect(lines[4]).toMatch(/^ *web\/main\/a +ready +7 +2.0 +2.0K +0 +█$/)
  expect(lines[8]).toContain('q leave')
})

test.each([
  [1, 1],
  [2, 2],
  [10, 3],
  [20, 4],
  [39, 7],
  [80, 24],
  [500, 200],
])('fills a window of %i x %i and nothing beyond', (columns, rows) => {
  for (const view of ['services', 'hosts', 'sessions'] as const) {
    for (const help of [true, false]) {
      const lines = picture({ ...firstState(view), help }, { columns, rows })
      expect(lines).toHaveLength(rows)
      for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(columns)
    }
  }
})

test('ten thousand hosts are a window full, and the selected one is in it', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    hostRow(`h${String(index).padStart(5, '0')}`),
  )
  const state = { ...firstState('hosts'), selected: 'h07000' }
  const lines = picture(state, { columns: 80, rows: 24, colors: true }, many)
  expect(lines).toHaveLength(24)
  expect(lines.find((line) => line.includes('h07000'))).toMatch(MARKED)
  expect(picture({ ...state, selected: '' }, { columns: 80, rows: 24 }, many)[3]).toContain(
    'h00000',
  )
})

test('names cannot steer the terminal', () => {
  const evil = [hostRow('web/main/\x1b[2J\u202e', { state: 'ready' })]
  const text = picture(firstState('hosts'), { columns: 80, rows: 8 }, evil).join('')
  expect(text).not.toMatch(/\p{C}/u)
})

describe('keys', () => {
  const first = firstState('hosts')

  test('select rows, and stop at the ends', () => {
    expect(press(first, 'down').state.selected).toBe('web/main/a')
    expect(press(first, 'down', 'down', 'down', 'down').state.selected).toBe('web/main/c')
    expect(press(first, 'end', 'up').state.selected).toBe('web/main/a')
    expect(press(first, 'pagedown', 'home', 'up').state.selected).toBe('web/main/b')
  })

  test('sort, and sort the other way round', () => {
    const order = (state: TopState) =>
      sorted(ROWS, state)
        .map(({ name }) => name.at(-1))
        .join('')
    expect(order(press(first, 'n').state)).toBe('abc')
    expect(order(press(first, 'n', 'r').state)).toBe('cba')
    expect(order(press(first, 'o').state)).toBe('abc')
    expect(order(press(first, 'f').state)).toBe('bac')
    expect(order(press(first, '<').state)).toBe(order(press(first, 'o').state))
    expect(press(first, '>', '>', '>', '>').state.sorts.hosts.column).toBe(1)
    expect(press(first, '<', '<', '<', '<').state.sorts.hosts.column).toBe(5)
  })

  test('drain, enable and disable the selected host', () => {
    expect(press(first, 'd').line).toBe("drain host 'web/main/b'")
    expect(press(first, 'down', 'e').line).toBe("enable host 'web/main/a'")
    expect(press(first, 'x').line).toBe("disable host 'web/main/b'")
    expect(press(first, '1', 'd')).toMatchObject({
      state: { message: expect.stringContaining('press 2') },
    })
  })

  test('kill only after a yes', () => {
    const asked = press(first, 'down', 'k')
    expect(asked.line).toBeUndefined()
    expect(asked.state.asked?.question).toBe('end 7 sessions of web/main/a? y/n')
    expect(press(first, 'down', 'k', 'y').line).toBe("kill host 'web/main/a'")
    for (const no of ['n', 'q', 'return', 'd']) {
      const { line, leaves, state } = press(first, 'down', 'k', no)
      expect({ line, leaves, message: state.message }).toEqual({ message: 'nothing was done' })
    }
    expect(press(first, 'k').state.message).toBe('web/main/b has no open sessions')
  })

  test('pause the selected service, and resume it', () => {
    expect(press(first, '1', 'p').line).toBe("pause service 'web/main/b'")
    const paused = [hostRow('web', { state: 'PAUSED' })]
    const state = firstState('services')
    expect(pressed(state, key('p'), paused, 5).line).toBe("resume service 'web'")
    expect(press(first, 'p').state.message).toContain('press 1')
  })

  test('quote what has blanks and quotes in it', () => {
    const rows = [hostRow("a b/m'n/c")]
    expect(pressed(first, key('d'), rows, 5).line).toBe(String.raw`drain host 'a b/m'\''n/c'`)
  })

  test('leave, help and say what they are not', () => {
    expect(press(first, 'q').leaves).toBe(true)
    expect(pressed(first, { text: '', name: 'c', ctrl: true }, ROWS, 5).leaves).toBe(true)
    expect(press(first, '?').state.help).toBe(true)
    expect(press(first, '?', 'q')).toMatchObject({ state: { help: false } })
    expect(press(first, 'z').state.message).toContain('no key z')
    expect(pressed(first, key('d'), [], 5).line).toBeUndefined()
  })
})

test(`any keys in any order leave a picture that fits (SEED=${seed})`, () => {
  const random = randomFrom(seed)
  const one = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]
  const names = [
    'up',
    'down',
    'pageup',
    'pagedown',
    'home',
    'end',
    'tab',
    'escape',
    'return',
    'delete',
  ]
  const keys = [...names, ...Array.from('nosbftrdexkpyihla123<>?qzé€')]
  let state = firstState('hosts')
  for (let turn = 0; turn < 5_000; turn++) {
    const rows = sorted(ROWS.slice(Math.floor(random() * 4)), state)
    const columns = 1 + Math.floor(random() * 120)
    const window = { columns, rows: 1 + Math.floor(random() * 12), colors: false }
    state = pressed(state, key(one(keys) ?? 'q'), rows, window.rows).state
    const lines = picture(state, window, [...rows])
    expect(lines).toHaveLength(window.rows)
    for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(columns)
  }
})

test('a row that is gone leaves the selection where it was', () => {
  const state = press(firstState('hosts'), 'down').state
  const [a, b, c] = ROWS
  if (a === undefined || b === undefined || c === undefined) throw new Error('no rows')
  expect(pressed(state, key('d'), sorted([b, c], state), 5).line).toBe("drain host 'web/main/c'")
})

test.each([
  [0, '0'],
  [0.04, '0.0'],
  [12, '12.0'],
  [1_234.5, '1235'],
])('a rate of %d is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1.0K'],
  [20_480, '20K'],
  [1_048_576, '1.0M'],
  [2 ** 60, '1024P'],
])('%d bytes are %s', (count, text) => {
  expect(formatBytes(count)).toBe(text)
})
