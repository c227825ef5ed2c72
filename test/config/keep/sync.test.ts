// The file and the running balancer: what changed on one side is taken over to the other, and nothing is
// overwritten in silence.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { ConfigSync } from '../../../src/config/keep/sync.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

test('a live change is in the file after one check, and the comment with it', async () => {
  const { sync, host, stored, log } = await keptFile()
  host('a').weight = 5
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 5 }))
  expect(log.of('config saved')).toHaveLength(1)
  expect(sync.unsaved).toBeUndefined()
})

test.each([
  ['a check', (sync: ConfigSync) => sync.check()],
  ['a save', (sync: ConfigSync) => sync.save()],
  ['a save by force', (sync: ConfigSync) => sync.save({ force: true })],
  ['a reload', (sync: ConfigSync) => sync.reload()],
])('%s with nothing changed touches nothing', async (_, act) => {
  const { sync, file, beside, log } = await keptFile()
  const before = await stat(file)
  await act(sync)
  expect(await stat(file)).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino })
  expect(await beside()).toEqual(['config.xml'])
  expect(log.lines).toEqual([])
})

test('health is not configuration', async () => {
  const { sync, host, stored } = await keptFile()
  host('a').setHealth('down', 'test')
  await sync.check()
  expect(await stored()).toBe(WEB)
})

test('an edit of the file is taken over in place, by the file', async () => {
  const { sync, edit, host, log, changes } = await keptFile()
  const before = host('a')
  await edit(webWith({ a: 7 }))
  await sync.check()
  expect(host('a')).toBe(before)
  expect(host('a').weight).toBe(7)
  expect(changes).toMatchObject([{ path: 'web/main/a', field: 'weight', origin: 'file', to: 7 }])
  expect(log.of('config read')).toMatchObject([{ facts: { differences: 1 } }])
})

test('whoever is told of edits before they are taken over is told once, and can put them off', async () => {
  let told = 0
  let allowed = false
  const onTakeOver = () => {
    told++
    if (!allowed) throw new Error('not now')
  }
  const { sync, edit, file, host } = await keptFile(WEB, { onTakeOver })
  await edit(webWith({ a: 7, b: 8 }))
  await sync.check()
  const unsaved = `${file} is not taken over: not now`
  expect([host('a').weight, sync.unsaved]).toEqual([1, unsaved])
  allowed = true
  await sync.reload()
  await sync.check()
  expect([host('a').weight, host('b').weight, told]).toEqual([7, 8, 2])
})

test('both sides change different things: each takes over those of the other', async () => {
  const { sync, edit, host, stored, balancer } = await keptFile()
  await edit(webWith({ a: 3 }).replace('the front door', 'two doors, soon'))
  host('b').weight = 2
  balancer.service('web').addGroup('spare')
  await sync.check()
  expect([host('a').weight, host('b').weight]).toEqual([3, 2])
  const text = await stored()
  expect(text).toContain('two doors, soon')
  expect(text).toMatch(/name="a".*weight="3"[^]*name="b".*weight="2"[^]*name="spare"/)
  expect(sync.unsaved).toBeUndefined()
  await sync.check()
  expect(await stored()).toBe(text)
})

test('a host that comes live where the file takes one away at the same address is another one', async () => {
  const { sync, edit, balancer, stored } = await keptFile()
  await edit(WEB.replace(/.*name="b".*\n/, ''))
  balancer.service('web').group('main').addHost('c', '10.0.0.2:80')
  await sync.check()
  await sync.check()
  const names = balancer
    .service('web')
    .group('main')
    .hostList.map(({ name }) => name)
  expect([names, sync.conflicts]).toEqual([['a', 'c'], []])
  expect(await stored()).toMatch(/name="a"[^]*name="c" ip="10.0.0.2:80"/)
  await edit((await stored()).replace(/.*name="c".*\n/, ''))
  balancer.service('web').group('main').addHost('b', '10.0.0.2:80')
  await sync.check()
  await sync.check()
  expect([sync.conflicts, sync.unsaved]).toEqual([[], undefined])
})

test('the same change on both sides is no conflict', async () => {
  const { sync, edit, host, log, stored } = await keptFile()
  const edited = WEB.replace('10.0.0.2:80"', '10.0.0.2:80"   weight="2"')
  await edit(edited)
  host('b').weight = 2
  await sync.check()
  expect(await stored()).toBe(edited)
  expect(log.lines).toEqual([])
  host('b').weight = 3
  await sync.check()
  expect(await stored()).toBe(edited.replace('weight="2"', 'weight="3"'))
})

test('a file with a mistake changes nothing, is told once, and both sides are put together when it is mended', async () => {
  const { sync, file, edit, host, log, stored } = await keptFile()
  const broken = webWith({ a: 3 }).replace('"3"', '"x"')
  await edit(broken)
  await sync.check()
  host('b').weight = 4
  await sync.check()
  expect([host('a').weight, host('b').weight]).toEqual([1, 4])
  expect(await stored()).toBe(broken)
  expect(log.of('config out of step')).toHaveLength(1)
  expect(sync.unsaved).toContain(`${file}:6:39: weight is a whole number from 0 to 256, got "x"`)
  await edit(webWith({ a: 8 }))
  await sync.check()
  expect([host('a').weight, host('b').weight]).toEqual([8, 4])
  expect(await stored()).toBe(webWith({ a: 8, b: 4 }))
  expect(sync.unsaved).toBeUndefined()
  expect(log.of('config in step')).toHaveLength(1)
})

test('a save beside a file that does not load says so and leaves it; force writes over it and keeps it', async () => {
  const { sync, edit, stored, host, beside, file } = await keptFile()
  const broken = '<config><nonsense/></config>'
  await edit(broken)
  host('a').weight = 2
  await expect(sync.save()).rejects.toMatchObject({ code: 'CONFIG_BAD' })
  expect(await stored()).toBe(broken)
  expect(await sync.save({ force: true })).toMatchObject({ written: true })
  expect(await stored()).toBe(webWith({ a: 2 }))
  expect(await beside()).toEqual(['config.xml', 'config.xml-replaced'])
  expect(await readFile(`${file}-replaced`, 'utf8')).toBe(broken)
  expect(sync.unsaved).toBeUndefined()
})

test('a save says whether it wrote, where, and as which revision', async () => {
  const { sync, file, host } = await keptFile()
  expect(await sync.save()).toMatchObject({ written: false, file })
  const { revision } = await sync.save()
  host('a').drain()
  expect(await sync.save()).toEqual({ written: true, file, revision: revision + 1 })
})

test('the running text is what a save would write', async () => {
  const { sync, host } = await keptFile()
  expect(sync.running.text).toBe(WEB)
  host('a').drain()
  expect(sync.running.text).toContain('name="a" ip="10.0.0.1:80" state="draining"')
  expect(sync.document?.text).toBe(WEB)
})

test('a lost file is told, and written anew with the next live change', async () => {
  const { sync, file, host, stored, log } = await keptFile()
  await rm(file)
  await sync.check()
  expect(sync.unsaved).toContain(`there is no ${file}`)
  host('a').weight = 5
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 5 }))
  expect(log.of('config out of step')).toHaveLength(1)
  expect(sync.unsaved).toBeUndefined()
})

test('a lost file is written by a save although nothing was changed', async () => {
  const { sync, file, stored } = await keptFile()
  await rm(file)
  expect(await sync.save()).toMatchObject({ written: true })
  expect(await stored()).toBe(WEB)
})

test('a save that fails is told, kept in mind and tried again', async () => {
  const { sync, folder, host, stored } = await keptFile()
  host('a').weight = 5
  await rm(folder, { recursive: true })
  await expect(sync.save()).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  expect(sync.unsaved).toContain('make its directory')
  await mkdir(folder)
  await sync.check()
  expect(await stored()).toContain('weight="5"')
  expect(sync.unsaved).toBeUndefined()
})

test('a start with a bad or missing file says everything that is wrong', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'config.xml')
  const log = new RecordingLog()
  const sync = new ConfigSync({ balancer: new Balancer({ ports: new FakePorts() }), file, log })
  await expect(sync.start()).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  await writeFile(file, '<config><nonsense/><logging level="loud"/></config>')
  await expect(sync.start()).rejects.toThrow(/nonsense.*\n.*level is one of/s)
})

test('a restart comes back with what was changed live', async () => {
  const { sync, file, balancer } = await keptFile()
  await balancer.service('web').listen('127.0.0.1:8181')
  balancer.service('web').group('main').addHost('d', '127.0.0.1:9004')
  balancer.configure('hostCheck', { intervalMs: 3_000 })
  await sync.check()
  const again = new Balancer({ ports: new FakePorts() })
  await new ConfigSync({ balancer: again, file, log: new RecordingLog() }).start()
  expect(sameSnapshot(again.snapshot(), balancer.snapshot())).toBe(true)
})

test('a revision has everybody whose edits it holds, and nobody else', async () => {
  const { sync, edit, host } = await keptFile()
  const [alice, bob] = ['ssh:alice', 'ssh:bob']
  withOrigin(alice, () => (host('a').weight = 5))
  withOrigin('health', () => host('b').setHealth('down', 'test'))
  const first = await sync.save()
  expect((await sync.revisions.get(first.revision)).origins).toEqual([alice])
  withOrigin(alice, () => (host('a').weight = 6))
  withOrigin(bob, () => host('b').drain())
  await edit(webWith({ a: 7 }).replace('the front door', 'the back door'))
  await expect(sync.save()).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  const [newest] = await sync.revisions.list()
  expect(newest?.origins).toEqual(['file', bob])
})

test('what could not be saved is kept beside the file at the end, and nothing where all is saved', async () => {
  const { sync, file, host, edit } = await keptFile()
  expect(await sync.saveAside()).toBeUndefined()
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  await sync.check()
  const kept = await sync.saveAside()
  expect(kept).toBe(`${file}-unsaved`)
  expect(await readFile(kept ?? '', 'utf8')).toBe(webWith({ a: 7 }))
})

test('what runs is kept at the end also where only the file is beyond reading', async () => {
  const { sync, edit } = await keptFile()
  await edit('<config')
  await sync.check()
  expect(await readFile((await sync.saveAside()) ?? '', 'utf8')).toBe(WEB)
})

test('a start tells of what an earlier stop could not save', async () => {
  const { sync, edit, host, file } = await keptFile()
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  await sync.check()
  await sync.saveAside()
  const log = new RecordingLog()
  const again = new Balancer({ ports: new FakePorts() })
  await new ConfigSync({ balancer: again, file, log }).start()
  expect(log.of('changes not saved by an earlier run')).toMatchObject([
    { level: 'warn', facts: { kept: `${file}-unsaved` } },
  ])
})
