// What becomes of two sides that changed one configuration, case by case: what is taken over, and what is a conflict.
import { expect, test } from 'vitest'
import { mergeSnapshots } from '../../../src/config/compare/merge.ts'
import { settledMerge } from '../../../src/config/compare/settle.ts'
import { requireDocument } from '../../../src/config/read/read.ts'
import { formatDocument } from '../../../src/config/write/write.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'

const A = '<host name="a" ip="10.0.0.1:80"/>'
const B = '<host name="b" ip="10.0.0.2:80"/>'
const C = '<host name="c" ip="10.0.0.3:80"/>'
const SPARE = '<group name="spare"><host name="x" ip="10.0.1.1:80"/></group>'
const MAIN = `<group name="main" enable="true">${A}${B}</group>`

const service = (inside: string, name = 'web', listen = '127.0.0.1:80') =>
  `<service name="${name}"><listen ip="${listen}"/>${inside}</service>`

const WEB = service(MAIN + SPARE)

const snapshotOf = (text: string) => requireDocument(`<config>${text}</config>`, 'c').snapshot

function merge(base: string, theirs: string, ours: string) {
  const versions = { base: snapshotOf(base), theirs: snapshotOf(theirs), ours: snapshotOf(ours) }
  const merged = mergeSnapshots(versions)
  const settled = (winner: 'theirs' | 'ours') => settledMerge(versions, merged.conflicts, winner)
  return {
    paths: merged.conflicts.map(({ path }) => path),
    conflicts: merged.conflicts,
    theirs: textOf(merged.theirs),
    ours: textOf(merged.ours),
    settled: (winner: 'theirs' | 'ours') => {
      const { theirs: file, ours: running, conflicts } = settled(winner)
      return [textOf(file), textOf(running), conflicts.length]
    },
  }
}

/** `web(main: a b, spare: x)`: services, the enabled group first, and hosts, none of their values. */
function textOf({ services }: BalancerSnapshot): string {
  const texts = services.map(({ name, groups, enabledGroup }) => {
    const sorted = groups.toSorted((one, other) => {
      return Number(other.name === enabledGroup) - Number(one.name === enabledGroup)
    })
    const inside = sorted.map(({ name: group, hosts }) => {
      return `${group}: ${hosts.map((host) => host.name).join(' ')}`
    })
    return `${name}(${inside.join(', ')})`
  })
  return texts.toSorted().join(' ')
}

test('values that one side changed go to the other, each on its own', () => {
  const heavy = A.replace('/>', ' weight="5"/>')
  const { theirs, ours, paths } = merge(WEB, WEB.replace(A, heavy), WEB.replace(B, B + C))
  expect(paths).toEqual([])
  expect([theirs, ours]).toEqual(['web(main: a b c, spare: x)', 'web(main: a b c, spare: x)'])
})

test('a value that both changed to something else is a conflict with all three values', () => {
  const { conflicts } = merge(
    WEB,
    WEB.replace(A, A.replace('/>', ' weight="2"/>')),
    WEB.replace(A, A.replace('/>', ' weight="3"/>')),
  )
  expect(conflicts).toEqual([
    {
      path: 'web/main/a/weight',
      kind: 'host',
      field: 'weight',
      base: 1,
      theirs: 2,
      ours: 3,
      beside: [],
    },
  ])
})

test('what one side removed and the other changed is one conflict, and each side keeps its own', () => {
  const { paths, theirs, ours, settled } = merge(
    WEB,
    WEB.replace(A, ''),
    WEB.replace(A, A.replace('/>', ' weight="3" state="draining"/>')),
  )
  expect(paths).toEqual(['web/main/a'])
  expect(theirs).toBe('web(main: b, spare: x)')
  expect(ours).toBe('web(main: a b, spare: x)')
  expect(settled('ours')).toEqual([ours, ours, 0])
  expect(settled('theirs')).toEqual([theirs, theirs, 0])
})

test('what one side removed and the other left alone is removed', () => {
  const { paths, ours } = merge(WEB, WEB.replace(A, ''), WEB.replace(SPARE, ''))
  expect(paths).toEqual([])
  expect(ours).toBe('web(main: b)')
})

test('a renamed host takes over what the other side changed in it', () => {
  const { paths, theirs, conflicts } = merge(
    WEB,
    WEB.replace('"a"', '"n"'),
    WEB.replace(A, A.replace('/>', ' weight="3"/>')),
  )
  expect(conflicts).toEqual([])
  expect(paths).toEqual([])
  expect(theirs).toBe('web(main: n b, spare: x)')
})

test('what each side calls otherwise is a conflict of its name', () => {
  const { conflicts, settled } = merge(WEB, WEB.replace('"a"', '"n"'), WEB.replace('"a"', '"m"'))
  expect(conflicts).toMatchObject([
    { path: 'web/main/m/name', field: 'name', base: 'a', theirs: 'n', ours: 'm' },
  ])
  const renamed = 'web(main: n b, spare: x)'
  expect(settled('theirs')).toEqual([renamed, renamed, 0])
})

test('one side adds a host under the name that the other gave to another one', () => {
  const { conflicts, theirs, ours, settled } = merge(
    WEB,
    WEB.replace('"a"', '"c"'),
    WEB.replace(B, B + C),
  )
  expect(conflicts).toMatchObject([
    {
      path: 'web/main/c',
      base: undefined,
      theirs: { address: '10.0.0.1:80' },
      ours: { address: '10.0.0.3:80' },
      beside: ['web/main/a'],
    },
  ])
  expect(theirs).toBe('web(main: c b, spare: x)')
  expect(ours).toBe('web(main: a b c, spare: x)')
  expect(settled('theirs')).toEqual([theirs, theirs, 0])
  expect(settled('ours')).toEqual([ours, ours, 0])
})

test('one side removes the group that the other enabled', () => {
  const enabled = WEB.replace(' enable="true"', '').replace('"spare"', '"spare" enable="true"')
  const { conflicts, theirs, ours, settled } = merge(WEB, service(MAIN), enabled)
  expect(conflicts).toMatchObject([
    { path: 'web/enabledGroup', theirs: 'main', ours: 'spare', beside: ['web/spare'] },
  ])
  expect(theirs).toBe('web(main: a b)')
  expect(ours).toBe('web(spare: x, main: a b)')
  expect(settled('theirs')).toEqual([theirs, theirs, 0])
  expect(settled('ours')).toEqual([ours, ours, 0])
})

test('one side removes all groups, the other adds one', () => {
  const { paths, theirs, ours } = merge(WEB, service(''), WEB.replace('"spare"', '"other"'))
  expect(paths).toEqual(['web/enabledGroup'])
  expect(theirs).toBe('web()')
  expect(ours).toBe('web(main: a b, other: x)')
})

test('a group that was renamed by one side may be enabled by the other', () => {
  const { paths, ours } = merge(
    WEB,
    WEB.replace('"spare"', '"blue"'),
    WEB.replace(' enable="true"', '').replace('"spare"', '"spare" enable="true"'),
  )
  expect(paths).toEqual([])
  expect(ours).toBe('web(blue: x, main: a b)')
})

test('both sides let another service listen at the same address', () => {
  const dns = (listen: string) =>
    service(SPARE.replace('"spare"', '"s" enable="true"'), 'dns', listen)
  const at = (text: string) => text.replace('<listen', '<listen ip="127.0.0.1:9"/><listen')
  const base = WEB + dns(':53')
  const { conflicts, settled, ours } = merge(base, at(WEB) + dns(':53'), WEB + at(dns(':53')))
  expect(conflicts).toMatchObject([
    { path: 'dns/listen/127.0.0.1:9', kind: 'listener', beside: ['web/listen/127.0.0.1:9'] },
  ])
  expect(settled('ours')).toEqual([ours, ours, 0])
})

test('what both sides added under one name is compared field by field', () => {
  const { paths } = merge(
    WEB,
    WEB.replace(B, B + C.replace('/>', ' weight="2"/>')),
    WEB.replace(B, B + C.replace('/>', ' maxSessions="9" weight="4"/>').replace('.3:', '.4:')),
  )
  expect(paths).toEqual(['web/main/c/ip', 'web/main/c/maxSessions', 'web/main/c/weight'])
})

test('new hosts stand behind those that they follow on their own side', () => {
  const [d, e] = [C.replace('"c"', '"d"'), C.replace('"c"', '"e"')]
  const { theirs, ours } = merge(WEB, WEB.replace(A, A + d), WEB.replace(A, e + A))
  expect(ours).toBe('web(main: e a d b, spare: x)')
  expect(theirs).toBe(ours)
})

test('where both put hosts elsewhere, the order is ours on both sides', () => {
  const all = WEB.replace(A + B, A + B + C)
  const { theirs, ours, paths } = merge(
    all,
    all.replace(A + B + C, B + A + C),
    all.replace(A + B + C, C + A + B),
  )
  expect(paths).toEqual([])
  expect([theirs, ours]).toEqual(['web(main: c a b, spare: x)', 'web(main: c a b, spare: x)'])
})

test('whatever nothing is taken over to stays the very same object', () => {
  const [base, ours] = [snapshotOf(WEB), snapshotOf(WEB)]
  const theirs = formatDocument(ours, 'c').snapshot
  const merged = mergeSnapshots({ base, theirs, ours })
  expect(merged.ours).toBe(ours)
  expect(merged.theirs).toBe(theirs)
})

test('what was settled is not taken for something else that was removed, and nothing else is settled with it', () => {
  const alike = (name: string, queue = 1) =>
    `<group name="${name}" queue="${queue}"><host name="x" ip="10.0.1.1:80"/></group>`
  const versions = {
    base: snapshotOf(WEB.replace(SPARE, alike('blue') + alike('green'))),
    theirs: snapshotOf(WEB.replace(SPARE, alike('green', 5))),
    ours: snapshotOf(WEB.replace(SPARE, alike('blue', 7))),
  }
  const open = mergeSnapshots(versions).conflicts
  expect(open.map(({ path }) => path)).toEqual(['web/blue', 'web/green'])
  const settled = settledMerge(versions, open.slice(0, 1), 'ours')
  expect(textOf(settled.ours)).toBe(textOf(versions.ours))
  const { theirs, ours } = settled
  expect(theirs.services[0]?.groups.map(({ name, queue }) => [name, queue])).toEqual(
    expect.arrayContaining([
      ['blue', 7],
      ['green', 5],
    ]),
  )
  const next = mergeSnapshots({ base: settled.agreed({ theirs, ours }), theirs, ours })
  expect(next.conflicts.map(({ path }) => path)).toEqual(['web/green'])
})

test('the name of a group that was enabled once and is gone does not pass for another group', () => {
  const serving = (text: string, enabledGroup: string): BalancerSnapshot => {
    const snapshot = snapshotOf(text)
    return {
      ...snapshot,
      services: snapshot.services.map((one) => ({ ...one, enabledGroup })),
    }
  }
  const renamed = WEB.replace('name="main"', 'name="gone"')
  const merged = mergeSnapshots({
    base: serving(WEB, 'gone'),
    theirs: serving(WEB, 'main'),
    ours: serving(renamed, 'spare'),
  })
  expect(merged.conflicts.map(({ path }) => path)).toEqual(['web/enabledGroup'])
  const { theirs, ours } = merged
  const next = mergeSnapshots({ base: merged.agreed({ theirs, ours }), theirs, ours })
  expect(next.conflicts.map(({ path }) => path)).toEqual(['web/enabledGroup'])
})
