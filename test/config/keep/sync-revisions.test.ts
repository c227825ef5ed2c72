// Which texts of the document become revisions, and what each says of the one before.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { ConfigSync } from '../../../src/config/keep/sync.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { keptFile, type KeptFile, WEB, webWith } from '../../helpers/kept-file.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'

/** Another process on the same file. */
async function startedAgain({ file }: KeptFile) {
  const log = new RecordingLog()
  const sync = new ConfigSync({ balancer: new Balancer({ ports: new FakePorts() }), file, log })
  await sync.start()
  return { sync, log }
}

test('the first start makes the first revision, and a restart with the same text none', async () => {
  const kept = await keptFile()
  expect(await kept.sync.revisions.list()).toMatchObject([
    { number: 1, origins: ['file'], changes: [], comment: '', size: Buffer.byteLength(WEB) },
  ])
  const { sync } = await startedAgain(kept)
  expect(await sync.revisions.list()).toHaveLength(1)
  expect((await sync.save()).revision).toBe(1)
})

test('a save is a revision with its text, its changes and its comment', async () => {
  const { sync, host } = await keptFile()
  withOrigin('ssh:alice', () => (host('a').weight = 5))
  expect(await sync.save({ comment: 'a is new' })).toMatchObject({ written: true, revision: 2 })
  expect(await sync.revisions.get(2)).toMatchObject({
    origins: ['ssh:alice'],
    comment: 'a is new',
    changes: [{ action: 'set', path: 'web/main/a', field: 'weight', from: 1, to: 5 }],
  })
  expect(await sync.revisions.text(2)).toBe(webWith({ a: 5 }))
  expect(await sync.revisions.text(1)).toBe(WEB)
})

test('where nothing is written there is no revision, and the newest is told', async () => {
  const { sync, host } = await keptFile()
  host('a').weight = 5
  await sync.check()
  expect(await sync.save()).toMatchObject({ written: false, revision: 2 })
  expect(await sync.revisions.list()).toHaveLength(2)
})

test('an edit of the file is a revision, also one of comments alone', async () => {
  const { sync, edit } = await keptFile()
  await edit(webWith({ b: 3 }))
  await sync.check()
  await edit(webWith({ b: 3 }).replace('front', 'back'))
  await sync.check()
  const [third, second] = await sync.revisions.list()
  expect(second).toMatchObject({ origins: ['file'], changes: [{ path: 'web/main/b', to: 3 }] })
  expect(third).toMatchObject({ number: 3, origins: ['file'], changes: [] })
})

test('a file that was edited while nothing ran is a revision at the start, with its changes', async () => {
  const kept = await keptFile()
  await kept.edit(webWith({ a: 9 }))
  const { sync } = await startedAgain(kept)
  const [newest] = await sync.revisions.list()
  expect(newest).toMatchObject({ number: 2, changes: [{ path: 'web/main/a', from: 1, to: 9 }] })
})

test('where the newest revision does not load any more nobody knows what changed', async () => {
  const kept = await keptFile()
  writeFileSync(join(kept.folder, 'revisions', '1.xml'), 'garbage')
  const { sync, log } = await startedAgain(kept)
  expect(await sync.revisions.list()).toMatchObject([
    { number: 2, changes: undefined },
    { number: 1 },
  ])
  expect(log.of('revision not kept')).toEqual([])
})

test('a revision that cannot be kept is logged and fails no save; the next one has all changes', async () => {
  const { sync, host, folder, log, stored } = await keptFile()
  const { rename, writeFile, rm } = await import('node:fs/promises')
  await rename(join(folder, 'revisions'), join(folder, 'away'))
  await writeFile(join(folder, 'revisions'), '')
  host('a').weight = 5
  expect(await sync.save()).toMatchObject({ written: true, revision: 1 })
  expect(await stored()).toBe(webWith({ a: 5 }))
  expect(sync.unsaved).toBeUndefined()
  expect(log.of('revision not kept')).toMatchObject([{ level: 'error' }])
  await rm(join(folder, 'revisions'))
  await rename(join(folder, 'away'), join(folder, 'revisions'))
  host('b').weight = 6
  await sync.save()
  const [newest] = await sync.revisions.list()
  expect(newest?.changes).toMatchObject([{ path: 'web/main/a' }, { path: 'web/main/b' }])
})

test('a file that is never written has no revisions either', async () => {
  const { sync, folder, edit, host } = await keptFile(WEB, { readOnly: true })
  await edit(webWith({ a: 3 }))
  await sync.check()
  host('b').weight = 2
  await sync.check()
  expect(await sync.revisions.list()).toEqual([])
  expect(readdirSync(folder)).toEqual(['config.xml'])
})

test.each([
  ['--read-only-config', { readOnly: true }, WEB],
  [
    'sync="off"',
    {},
    WEB.replace('</config>', '<manager><configCheck sync="off" /></manager></config>'),
  ],
])(
  'with %s nothing is written, its edits are taken over, and it is said once',
  async (_, how, text) => {
    const { sync, stored, edit, host, log, beside } = await keptFile(text, how)
    host('b').weight = 4
    for (let count = 1; count <= 3; count++) await sync.check()
    expect(sync.unsaved).toMatch(
      /config\.xml is never written, because of --read-only-config, or of configCheck sync="off"; what is changed live is lost at the stop$/,
    )
    expect(log.of('config out of step')).toMatchObject([{ level: 'info' }])
    for (const weight of [2, 3]) {
      await edit(webWith({ a: weight }, text))
      await sync.check()
      expect(host('a').weight).toBe(weight)
    }
    expect(host('b').weight).toBe(4)
    expect(sync.conflicts).toEqual([])
    await expect(sync.save()).rejects.toThrow(/config\.xml is never written/)
    await expect(sync.save({ force: true })).rejects.toThrow(/config\.xml is never written/)
    expect(await sync.saveAside()).toBeUndefined()
    expect(await stored()).toBe(webWith({ a: 3 }, text))
    expect(await beside()).toEqual(['config.xml'])
    host('b').weight = 1
    await sync.check()
    expect(sync.unsaved).toBeUndefined()
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
  },
)
