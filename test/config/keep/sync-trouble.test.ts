// What keeps the file and the running system apart although neither is at odds with the other: ports, disks, and others
// who write at the same time. What can be done is done, nothing is forgotten, and it is tried again.
import { chmod, readFile, stat } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { ConfigFile } from '../../../src/config/keep/file.ts'
import { deferred } from '../../helpers/deferred.ts'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

const ELSEWHERE = WEB.replace('127.0.0.1:8080', '127.0.0.1:9')

test('a port of the file that is taken leaves the running system as it is', async () => {
  const { sync, edit, ports, balancer } = await keptFile()
  ports.taken.add('127.0.0.1:9')
  await edit(ELSEWHERE)
  await expect(sync.reload()).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(balancer.service('web').listenerList).toMatchObject([{ address: '127.0.0.1:8080' }])
  expect(sync.unsaved).toContain('the address is already in use')
})

test('a file that is empty because somebody is writing it is no trouble', async () => {
  const { sync, edit, host, log } = await keptFile()
  await edit(webWith({ a: 3 }))
  const read = vi.spyOn(ConfigFile.prototype, 'read').mockResolvedValueOnce(Buffer.alloc(0))
  await sync.check()
  read.mockRestore()
  expect(host('a').weight).toBe(3)
  expect(log.of('config out of step')).toEqual([])
})

test('what the file asks for and cannot be had does not keep live changes out of it', async () => {
  const { sync, edit, ports, host, stored } = await keptFile()
  ports.taken.add('127.0.0.1:9')
  await edit(ELSEWHERE)
  host('a').weight = 5
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 5 }, ELSEWHERE))
  expect(sync.unsaved).toContain('the address is already in use')
})

test('the timer tries what was refused again only where file or running system changed; a reload does at once', async () => {
  const { sync, edit, ports, host } = await keptFile()
  ports.taken.add('127.0.0.1:9')
  await edit(ELSEWHERE)
  await sync.check()
  const calls = ports.calls.length
  host('b').setHealth('down', 'test')
  await sync.check()
  await sync.check()
  await edit(ELSEWHERE.replace('the front', 'another'))
  await sync.check()
  expect(ports.calls).toHaveLength(calls)
  expect(sync.unsaved).toMatch(/already in use/)
  ports.taken.clear()
  await sync.check()
  expect(sync.unsaved).toMatch(/already in use/)
  await sync.reload()
  expect(ports.held).toEqual(new Set(['127.0.0.1:9']))
  expect(sync.unsaved).toBeUndefined()
  ports.taken.add('127.0.0.1:10')
  await edit(ELSEWHERE.replace(':9"', ':10"'))
  await sync.check()
  ports.taken.clear()
  host('a').weight = 2
  await sync.check()
  expect(ports.held).toEqual(new Set(['127.0.0.1:10']))
  expect(sync.unsaved).toBeUndefined()
})

test('a disk that is full keeps nothing: what was taken over stays so, what was not written is written later', async () => {
  const { sync, edit, host, block, stored, log } = await keptFile()
  const free = await block()
  await edit(webWith({ a: 3 }))
  host('b').weight = 4
  await sync.check()
  await sync.check()
  expect([host('a').weight, host('b').weight]).toEqual([3, 4])
  expect(log.of('config out of step')).toHaveLength(1)
  expect(sync.unsaved).toMatch(/config\.xml.*it is tried again/)
  await expect(sync.save()).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  // Had the file's change been forgotten, this would be a conflict; had the live one, it would be taken back.
  host('a').weight = 5
  await edit(webWith({ a: 3 }).replace('front', 'back'))
  await sync.check()
  await free()
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 5, b: 4 }).replace('front', 'back'))
  expect([host('a').weight, sync.conflicts, sync.unsaved]).toEqual([5, [], undefined])
})

test('a reload tells of what it took over although nothing can be written', async () => {
  const { sync, edit, host, block } = await keptFile()
  await block()
  host('b').weight = 4
  await edit(webWith({ a: 3 }))
  expect(await sync.reload()).toMatchObject({
    edited: true,
    applied: 1,
    conflicts: 0,
    written: false,
  })
  expect(sync.unsaved).toContain('it is tried again')
})

test.each([
  [
    'by the document',
    WEB.replace('</config>', '<manager><configCheck sync="off"/></manager></config>'),
    false,
  ],
  ['by the command line', WEB, true],
])('a file that is never written, %s, is read all the same', async (_, text, readOnly) => {
  const { sync, edit, host, stored } = await keptFile(text, { readOnly })
  host('b').weight = 4
  await edit(webWith({ a: 3 }, text))
  await sync.check()
  expect([host('a').weight, host('b').weight]).toEqual([3, 4])
  expect(await stored()).toBe(webWith({ a: 3 }, text))
  expect(sync.unsaved).toMatch(/never written/)
  for (const force of [false, true])
    await expect(sync.save({ force })).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  expect(await stored()).toBe(webWith({ a: 3 }, text))
})

test('a file that is edited while it is saved is read again, and both edits are in it', async () => {
  const { sync, host, stored, edit } = await keptFile()
  host('a').weight = 5
  beforeNextSave(() => edit(webWith({ b: 7 })))
  await sync.save()
  expect(await stored()).toBe(webWith({ a: 5, b: 7 }))
  expect([host('b').weight, sync.unsaved]).toEqual([7, undefined])
})

test('a change that is made while a save is under way is in the next one, and no conflict', async () => {
  const { sync, host, stored } = await keptFile()
  host('a').weight = 5
  beforeNextSave(async () => {
    host('a').weight = 6
  })
  await sync.save()
  expect(await stored()).toBe(webWith({ a: 5 }))
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 6 }))
  expect(sync.conflicts).toEqual([])
})

test('a change of an operator while the file is taken over is not lost', async () => {
  const { sync, edit, host, ports, stored } = await keptFile()
  const [opening, go] = [deferred(), deferred()]
  const open = ports.open.bind(ports)
  ports.open = async (listener) => {
    opening.resolve()
    await go.promise
    return open(listener)
  }
  await edit(webWith({ a: 3, b: 3 }, ELSEWHERE))
  const checked = sync.check()
  await opening.promise
  host('a').drain()
  host('b').weight = 9
  go.resolve()
  await checked
  await sync.check()
  expect(host('a')).toMatchObject({ weight: 3, intent: 'draining' })
  expect(await stored()).toContain('state="draining"')
  // Which of the two came first nobody can tell: both are there to choose from.
  expect(host('b').weight).toBe(9)
  expect(sync.conflicts).toMatchObject([{ path: 'web/main/b/weight', theirs: 3, ours: 9 }])
})

test('steps never overlap', async () => {
  const { sync, host, stored } = await keptFile()
  const all: Promise<unknown>[] = []
  for (let weight = 2; weight < 12; weight++) {
    host('a').weight = weight
    all.push(sync.save(), sync.check(), sync.reload())
  }
  await Promise.all(all)
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 11 }))
})

test('a file whose mode lets nobody write it keeps what is changed live', async () => {
  const { sync, file, host } = await keptFile()
  await chmod(file, 0o444)
  host('a').weight = 2
  await sync.check()
  expect(sync.unsaved).toContain('its mode lets nobody write it')
  await chmod(file, 0o640)
  await sync.check()
  expect(await readFile(file, 'utf8')).toBe(webWith({ a: 2 }))
  expect((await stat(file)).mode & 0o777).toBe(0o640)
})

/** Once, at the last moment before the text is in its place. */
function beforeNextSave(act: () => Promise<void>): void {
  const write = vi.spyOn(ConfigFile.prototype, 'write')
  write.mockImplementationOnce(async function (this: ConfigFile, ...given) {
    write.mockRestore()
    await act()
    return this.write(...given)
  })
}
