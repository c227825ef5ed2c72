// What the file and the running system both changed to something else: it stays as it is on both sides, everything else
// goes both ways, and it is over once somebody settles it or both say the same again.
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { keptFile, type KeptFile, WEB, webWith } from '../../helpers/kept-file.ts'

const A_WEIGHT = 'web/main/a/weight'

test('a field that both changed is a conflict: neither is overwritten, whatever is looked at or saved', async () => {
  const kept = await keptFile()
  const { sync, host, stored, log } = kept
  await disagree(kept)
  for (const act of [() => sync.check(), () => sync.reload(), () => sync.check()]) {
    await act()
    expect(host('a').weight).toBe(4)
    expect(await stored()).toBe(webWith({ a: 3 }))
  }
  expect(sync.conflicts).toMatchObject([
    { path: A_WEIGHT, kind: 'host', field: 'weight', base: 1, theirs: 3, ours: 4 },
  ])
  expect(sync.conflicts).toMatchObject([{ origin: 'ssh:alice', time: expect.any(Number) }])
  expect(sync.unsaved).toBe('1 conflict with the file (web/main/a/weight): show conflicts')
  await expect(sync.save()).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  expect(log.of('config out of step')).toEqual([])
})

test('a conflict is told once, and again where it comes back', async () => {
  const kept = await keptFile()
  const { sync, host, edit, told } = kept
  await disagree(kept)
  await sync.check()
  await sync.check()
  host('b').weight = 9
  await sync.check()
  expect(told.map((each) => each.map(({ path }) => path))).toEqual([[A_WEIGHT]])
  host('a').weight = 3
  await sync.check()
  expect(sync.unsaved).toBeUndefined()
  host('a').weight = 5
  await edit(webWith({ a: 6, b: 9 }))
  await sync.check()
  expect(told).toHaveLength(2)
})

test('everything else goes both ways while a conflict is open', async () => {
  const kept = await keptFile()
  const { sync, host, edit, stored } = kept
  await disagree(kept)
  host('b').drain()
  await sync.check()
  const text = await stored()
  expect(text).toBe(webWith({ a: 3 }).replace('10.0.0.2:80"', '10.0.0.2:80" state="draining"'))
  await edit(text.replace('roundr"', 'random"'))
  await sync.check()
  expect(kept.balancer.service('web').group('main').scheduler).toBe('random')
  expect(sync.conflicts).toHaveLength(1)
})

test('a side that gives in ends a conflict: the file that is put back, or the running value', async () => {
  const kept = await keptFile()
  const { sync, host, edit, stored } = kept
  await disagree(kept)
  await sync.check()
  await edit(WEB)
  await sync.check()
  expect(sync.conflicts).toEqual([])
  expect(await stored()).toBe(webWith({ a: 4 }))
  await edit(webWith({ a: 3 }))
  host('a').weight = 5
  await sync.check()
  host('a').weight = 4
  await sync.check()
  expect([host('a').weight, sync.unsaved]).toEqual([3, undefined])
})

test('what one side removed and the other changed is a conflict about the whole thing', async () => {
  const { sync, host, edit, balancer, stored } = await keptFile()
  const without = WEB.replace(/.*name="a".*\n/, '')
  await edit(without)
  withOrigin('ssh:alice', () => host('a').drain())
  await sync.check()
  expect(sync.conflicts).toMatchObject([
    { path: 'web/main/a', kind: 'host', field: null, theirs: undefined, origin: 'ssh:alice' },
  ])
  expect(host('a').intent).toBe('draining')
  await sync.save({ force: true })
  expect(await stored()).toContain('state="draining"')
  await edit(without)
  await sync.check()
  expect(balancer.service('web').group('main').hostList).toHaveLength(1)
})

test('a save by force settles all for what runs, and takes over what only the file changed', async () => {
  const kept = await keptFile()
  const { sync, host, edit, stored } = kept
  await disagree(kept)
  await sync.check()
  await edit(webWith({ a: 3, b: 8 }))
  expect(await sync.save({ force: true })).toMatchObject({ written: true })
  expect([host('a').weight, host('b').weight]).toEqual([4, 8])
  expect(await stored()).toBe(webWith({ a: 4, b: 8 }))
  expect([sync.conflicts, sync.unsaved]).toEqual([[], undefined])
  const [, before] = await sync.revisions.list()
  expect(await sync.revisions.text(before?.number ?? 0)).toBe(webWith({ a: 3, b: 8 }))
})

test('settled for what runs, it is in the file', async () => {
  const kept = await keptFile()
  const { sync, stored } = kept
  await disagree(kept)
  await sync.check()
  expect(await sync.resolve([A_WEIGHT], 'running')).toMatchObject([
    { path: A_WEIGHT, theirs: 3, ours: 4 },
  ])
  expect(await stored()).toBe(webWith({ a: 4 }))
  expect([sync.conflicts, sync.unsaved]).toEqual([[], undefined])
})

test('settled for the file, it runs, and the file is not touched', async () => {
  const kept = await keptFile()
  const { sync, host, stored, changes } = kept
  await disagree(kept)
  await sync.check()
  await sync.resolve([A_WEIGHT], 'file')
  expect(host('a').weight).toBe(3)
  expect(changes.at(-1)).toMatchObject({ path: 'web/main/a', from: 4, to: 3 })
  expect(await stored()).toBe(webWith({ a: 3 }))
  expect([sync.conflicts, sync.unsaved]).toEqual([[], undefined])
})

test('one of several is settled, and the others stay open', async () => {
  const { sync, host, edit, stored } = await keptFile()
  await edit(webWith({ a: 3, b: 3 }))
  host('a').weight = 4
  host('b').weight = 4
  await sync.check()
  await sync.resolve(['web/main/b/weight'], 'running')
  expect(await stored()).toBe(webWith({ a: 3, b: 4 }))
  expect(sync.conflicts.map(({ path }) => path)).toEqual([A_WEIGHT])
  expect(await sync.resolve([], 'file')).toHaveLength(1)
  expect([host('a').weight, host('b').weight, sync.unsaved]).toEqual([3, 4, undefined])
})

test('what is settled is what is in the file now, also where nobody has looked at it yet', async () => {
  const kept = await keptFile()
  const { sync, host, edit } = kept
  await disagree(kept)
  await sync.check()
  await edit(webWith({ a: 9 }))
  await sync.resolve([A_WEIGHT], 'file')
  expect(host('a').weight).toBe(9)
})

test('a path without a conflict is refused with those that there are', async () => {
  const kept = await keptFile()
  const { sync } = kept
  await expect(sync.resolve([], 'file')).rejects.toThrow(/the file and the running system agree/)
  await disagree(kept)
  await sync.check()
  await expect(sync.resolve([A_WEIGHT, 'web/main/a/wieght'], 'file')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    detail: `no conflict at web/main/a/wieght, did you mean ${A_WEIGHT}?; there is one at ${A_WEIGHT}`,
  })
  expect(sync.conflicts).toHaveLength(1)
})

test('where the running system cannot be what the file says the conflict is open again', async () => {
  const { sync, balancer, edit, ports, stored } = await keptFile()
  const elsewhere = WEB.replace('/>', 'maxSessions="5" />')
  await edit(elsewhere)
  await balancer.service('web').closeListener('127.0.0.1:8080')
  await sync.check()
  expect(sync.conflicts).toMatchObject([{ path: 'web/listen/127.0.0.1:8080' }])
  ports.taken.add('127.0.0.1:8080')
  await expect(sync.resolve([], 'file')).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(sync.conflicts).toHaveLength(1)
  expect(sync.unsaved).toMatch(/show conflicts/)
  expect(await stored()).toBe(elsewhere)
  await sync.check()
  expect(sync.conflicts).toHaveLength(1)
})

test('who may not be the operators are asked about before anything is settled for the file', async () => {
  const { sync, balancer, edit } = await keptFile(withUser('readonly'))
  await edit(withUser('full'))
  balancer.setUsers([{ name: 'bob', access: 'operate', password: '' }])
  await sync.check()
  const permit = (users: readonly { access: string }[]) => {
    if (users.some(({ access }) => access === 'full')) throw new Error('not him')
  }
  await expect(sync.resolve([], 'file', permit)).rejects.toThrow('not him')
  expect(balancer.users).toMatchObject([{ access: 'operate' }])
  expect(sync.conflicts).toMatchObject([{ path: 'settings/users/bob/access' }])
  await sync.resolve([], 'running', permit)
  expect(sync.conflicts).toEqual([])
})

test('beside a file that is gone or broken nothing is settled', async () => {
  const kept = await keptFile()
  const { sync, edit, file } = kept
  await disagree(kept)
  await sync.check()
  await edit('<config')
  await expect(sync.resolve([], 'file')).rejects.toMatchObject({ code: 'CONFIG_BAD' })
  await rm(file)
  await expect(sync.resolve([], 'file')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

/** Weight 3 in the file, 4 by alice. */
async function disagree({ edit, host }: KeptFile): Promise<void> {
  await edit(webWith({ a: 3 }))
  withOrigin('ssh:alice', () => {
    host('a').weight = 4
  })
}

function withUser(access: string): string {
  return WEB.replace(
    '</config>',
    `  <admin><user name="bob" access="${access}" /></admin>\n</config>`,
  )
}
