// The documents that were, on a real file: comparing any two of them, and going back to one.
import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DocumentHistory } from '../../../src/app/documents/history.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { BalancerError } from '../../../src/base/errors.ts'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

/** Revisions 1 (weights 1 and 1), 2 (a has 5) and 3 (b is gone). */
async function threeRevisions() {
  const kept = await keptFile()
  const { sync, host, balancer } = kept
  withOrigin('ssh:alice', () => (host('a').weight = 5))
  await sync.save({ comment: 'more' })
  withOrigin('ssh:bob', () => balancer.service('web').group('main').removeHost('b'))
  await sync.save()
  return { ...kept, history: new DocumentHistory(sync) }
}

test('revisions are listed with what they changed', async () => {
  const { history } = await threeRevisions()
  expect(await history.list()).toMatchObject([
    { number: 3, origins: ['ssh:bob'], changes: [{ action: 'remove', path: 'web/main/b' }] },
    { number: 2, origins: ['ssh:alice'], comment: 'more', changes: [{ before: 1, after: 5 }] },
    { number: 1, origins: ['file'], changes: [] },
  ])
  expect(await history.text(1)).toBe(WEB)
  await expect(history.get(4)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('any two documents can be compared', async () => {
  const { history, host, folder } = await threeRevisions()
  expect(await history.compare('stored', 'running')).toEqual([])
  host('a').weight = 9
  const weight = (before: number, after: number) => ({
    action: 'set',
    kind: 'host',
    path: 'web/main/a',
    field: 'weight',
    before,
    after,
  })
  expect(await history.compare('stored', 'running')).toEqual([weight(5, 9)])
  expect(await history.compare(2, 1)).toEqual([weight(5, 1)])
  const file = join(folder, 'other.xml')
  writeFileSync(file, webWith({ a: 7 }))
  expect(await history.compare(1, { file })).toEqual([weight(1, 7)])
  expect(await history.text({ file })).toBe(webWith({ a: 7 }))
  expect(await history.text('running')).toContain('weight="9"')
  expect(await history.text('stored')).toContain('weight="5"')
})

test('of a file that is no configuration nothing is told but that', async () => {
  const { history, folder } = await threeRevisions()
  const secret = 'top-secret-word:x:0'
  const place = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return { file: join(folder, name) }
  }
  symlinkSync(folder, join(folder, 'link'))
  spawnSync('mkfifo', [join(folder, 'pipe')])
  const others = [
    place('passwd', secret),
    place('key', `-----BEGIN KEY-----\n${secret}\n`),
    place('huge', secret + 'x'.repeat(LIMITS.configBytesMax)),
    { file: join(folder, 'link') },
    { file: join(folder, 'pipe') },
    { file: join(folder, 'none.xml') },
    { file: '/dev/zero' },
    { file: 'no\0file/' },
  ]
  for (const other of others) {
    for (const ask of [() => history.compare('running', other), () => history.text(other)]) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(BalancerError)
      expect(String(error)).not.toContain('secret')
      expect(['FILE_UNREADABLE', 'CONFIG_BAD']).toContain((error as BalancerError).code)
    }
  }
})

test('a rollback is the smallest set of changes, in place, and a new revision', async () => {
  const { history, host, sync, changes, stored } = await threeRevisions()
  const a = host('a')
  const before = changes.length
  const rolled = await withOrigin('ssh:carol', () => history.rollback(1, 'rollback to 1'))
  expect(rolled).toMatchObject({ written: true, revision: 4 })
  expect(rolled.differences).toHaveLength(2)
  expect(rolled.differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ action: 'add', path: 'web/main/b' }),
      expect.objectContaining({ path: 'web/main/a', before: 5, after: 1 }),
    ]),
  )
  expect(host('a')).toBe(a)
  expect(a.weight).toBe(1)
  expect(changes.slice(before).every(({ origin }) => origin === 'ssh:carol')).toBe(true)
  expect(await stored()).toContain('<!-- the front door -->')
  expect(await history.get(4)).toMatchObject({ origins: ['ssh:carol'], comment: 'rollback to 1' })
  expect(await history.compare(1, 'running')).toEqual([])
  expect(sync.unsaved).toBeUndefined()
})

test('a rollback to what runs changes nothing and is no revision', async () => {
  const { history, changes } = await threeRevisions()
  const before = changes.length
  expect(await history.rollback(3, '')).toMatchObject({
    differences: [],
    written: false,
    revision: 3,
  })
  expect(changes).toHaveLength(before)
})

test('a rollback that is not permitted, or to no revision, changes nothing', async () => {
  const { history, balancer } = await threeRevisions()
  const before = balancer.snapshot()
  const permit = () => {
    throw new BalancerError('REFUSED', 'not so')
  }
  await expect(history.rollback(1, '', permit)).rejects.toThrow('not so')
  await expect(history.rollback(9, '')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(balancer.snapshot()).toEqual(before)
})

test('a rollback whose port is taken by now changes nothing', async () => {
  const { history, balancer, ports } = await threeRevisions()
  await balancer.service('web').closeListener('127.0.0.1:8080')
  ports.taken.add('127.0.0.1:8080')
  const before = balancer.snapshot()
  await expect(history.rollback(1, '')).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(balancer.snapshot()).toEqual(before)
})

test('a rollback that cannot be written runs all the same, and says that it is not saved', async () => {
  const { history, host, block, sync } = await threeRevisions()
  const unblock = await block()
  expect(await history.rollback(1, '')).toMatchObject({ written: false, revision: 3 })
  expect(host('a').weight).toBe(1)
  expect(sync.unsaved).toContain('the file cannot be written')
  await unblock()
  await sync.check()
  expect(sync.unsaved).toBeUndefined()
})

test('a rollback is what runs in the end also where the file was edited; the edit is a revision', async () => {
  const { history, sync, edit, stored, host } = await threeRevisions()
  await edit((await stored()).replace('name="a"', 'name="edited"'))
  const rolled = await withOrigin('ssh:carol', () => history.rollback(1, 'back'))
  expect(rolled).toMatchObject({ written: true, revision: 5 })
  expect(await history.compare(1, 'running')).toEqual([])
  expect(await history.compare(1, 'stored')).toEqual([])
  expect(await history.get(4)).toMatchObject({ origins: ['file'] })
  expect(await history.text(4)).toContain('name="edited"')
  expect(await history.get(5)).toMatchObject({ origins: ['ssh:carol'], comment: 'back' })
  expect(host('a').weight).toBe(1)
  expect(sync.unsaved).toBeUndefined()
})

test('a rollback settles conflicts for itself; what the file said is a revision', async () => {
  const { history, sync, edit, stored, host } = await threeRevisions()
  await edit(webWith({ a: 7 }, await stored()))
  host('a').weight = 8
  await sync.check()
  expect(sync.conflicts).toHaveLength(1)
  expect(await history.rollback(3, '')).toMatchObject({ written: true })
  expect(sync.conflicts).toEqual([])
  expect(await history.compare(3, 'running')).toEqual([])
  expect(await history.compare(3, 'stored')).toEqual([])
  expect(await history.text(4)).toContain('weight="7"')
})

test('a rollback that is refused settles nothing', async () => {
  const { history, sync, edit, stored, host } = await threeRevisions()
  await edit(webWith({ a: 7 }, await stored()))
  host('a').weight = 8
  await sync.check()
  const refuse = () => {
    throw new Error('not so')
  }
  await expect(history.rollback(1, '', refuse)).rejects.toThrow('not so')
  expect(sync.conflicts).toHaveLength(1)
})
