// A whole document given by an operator, or a change that somebody else worked out: what it would change, what it
// changes, and what becomes of the file.
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import { Journal } from '../../../src/model/journal.ts'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

test('a comparison tells the differences to what runs, and changes nothing', async () => {
  const { sync, changes, host, stored } = await keptFile()
  host('b').weight = 3
  changes.length = 0
  expect(sync.compare(WEB)).toMatchObject([{ path: 'web/main/b', field: 'weight', from: 3, to: 1 }])
  expect(sync.compare(webWith({ b: 3 }))).toEqual([])
  expect(changes).toEqual([])
  expect(await stored()).toBe(WEB)
})

test('what is applied runs, has its author, and is the file with its comments', async () => {
  const { sync, changes, stored, file } = await keptFile()
  const text = webWith({ b: 7 }).replace('the front door', 'the back door')
  const result = await withOrigin('ssh:alice', () => sync.apply(text))
  expect(result).toMatchObject({ written: true, file, differences: [{ field: 'weight', to: 7 }] })
  expect(changes).toMatchObject([{ origin: 'ssh:alice', path: 'web/main/b', to: 7 }])
  expect(await stored()).toBe(text)
  expect(await sync.revisions.get(result.revision)).toMatchObject({ origins: ['ssh:alice'] })
  await sync.check()
  expect(await stored()).toBe(text)
})

test('only another text is no change, and still the file', async () => {
  const { sync, changes, stored } = await keptFile()
  const text = WEB.replace('the front door', 'the back door')
  expect(await sync.apply(text)).toMatchObject({ written: true, differences: [] })
  expect(await sync.apply(text)).toMatchObject({ written: false, differences: [] })
  expect(changes).toEqual([])
  expect(await stored()).toBe(text)
})

test.each([
  ['with a fault', webWith({ b: 7 }).replace('"7"', '"x"'), 'CONFIG_BAD', /^document:7:/],
  ['with a port that is taken', WEB.replace('8080', '82'), 'PORT_TAKEN', /82/],
])('a document %s changes neither what runs nor the file', async (_, text, code, reason) => {
  const { sync, ports, stored, beside } = await keptFile()
  ports.taken.add('127.0.0.1:82')
  await expect(sync.apply(text)).rejects.toMatchObject({
    code,
    detail: expect.stringMatching(reason),
  })
  expect([...ports.held]).toEqual(['127.0.0.1:8080'])
  expect(await stored()).toBe(WEB)
  expect(await beside()).toEqual(['config.xml'])
  expect(sync.running.text).toBe(WEB)
})

test('a document that failed half-way is nothing to undo', async () => {
  const { sync, ports, balancer, changes } = await keptFile()
  const journal = new Journal(balancer)
  journal.start()
  const wanted = webWith({ b: 7 })
    .replace('</service>', '<listen ip="127.0.0.1:81" /><listen ip="127.0.0.1:82" /></service>')
    .replace(
      '</service>',
      '</service>\n<service name="mail"><listen ip="127.0.0.1:83" /></service>',
    )
  ports.taken.add('127.0.0.1:82')
  const applied = withOrigin('ssh:alice', () => sync.apply(wanted))
  await expect(applied).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(changes).not.toEqual([])
  expect(journal.lastOf('ssh:alice')).toBeUndefined()
  expect(journal.acts()).toEqual([])
})

test('a file that was edited meanwhile is not overwritten', async () => {
  const { sync, edit, stored, host } = await keptFile()
  await edit(webWith({ b: 3 }))
  await expect(sync.apply(webWith({ b: 4 }))).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  expect(await stored()).toBe(webWith({ b: 3 }))
  expect(host('b').weight).toBe(1)
})

test('a document that is applied ends the conflicts that are open', async () => {
  const { sync, edit, host, stored } = await keptFile()
  await edit(webWith({ a: 3 }))
  host('a').weight = 4
  await sync.check()
  expect(await sync.apply(webWith({ a: 5 }))).toMatchObject({ written: true })
  expect([sync.conflicts, sync.unsaved]).toEqual([[], undefined])
  await sync.check()
  expect([host('a').weight, await stored()]).toEqual([5, webWith({ a: 5 })])
})

test('a file that cannot be written does not take the change back, and the next check tries again', async () => {
  const { sync, file, host, stored, block } = await keptFile()
  const free = await block()
  expect(await sync.apply(webWith({ b: 4 }))).toMatchObject({ written: false })
  expect(host('b').weight).toBe(4)
  expect(sync.unsaved).toContain(file)
  await free()
  await sync.check()
  expect(await stored()).toBe(webWith({ b: 4 }))
  expect(sync.unsaved).toBeUndefined()
})

test('a change is made, saved, and a revision with its comment', async () => {
  const { sync, host, stored } = await keptFile()
  const before = sync.running.snapshot
  host('a').weight = 5
  const change = () => sync.change(() => before, { comment: 'as it was' })
  const done = await withOrigin('ssh:alice', change)
  expect(done).toMatchObject({ differences: [{ path: 'web/main/a', from: 5, to: 1 }] })
  expect(await stored()).toBe(WEB)
  await withOrigin('ssh:bob', () => sync.change(heavier, { comment: 'more' }))
  expect(await stored()).toBe(webWith({ a: 9 }))
  const [newest] = await sync.revisions.list()
  expect(newest).toMatchObject({ comment: 'more', origins: ['ssh:bob'] })
})

test('a change beside a file that does not load is made, and not lost', async () => {
  const { sync, host, edit, stored } = await keptFile()
  await edit('<config')
  expect(await sync.change(heavier)).toMatchObject({ written: false })
  expect(host('a').weight).toBe(9)
  await edit(webWith({ b: 2 }))
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 9, b: 2 }))
})

/** The host a with weight 9. */
function heavier(running: BalancerSnapshot): BalancerSnapshot {
  const { services, ...rest } = running
  return {
    ...rest,
    services: services.map((service) => ({
      ...service,
      groups: service.groups.map((group) => ({
        ...group,
        hosts: group.hosts.map((host) => (host.name === 'a' ? { ...host, weight: 9 } : host)),
      })),
    })),
  }
}

test('what a save would write is made once, and anew after a change of either side', async () => {
  const { sync, host, edit } = await keptFile(WEB, { readOnly: true })
  expect(sync.running).toBe(sync.document)
  host('a').weight = 2
  const first = sync.running
  expect(first.text).toBe(webWith({ a: 2 }))
  expect(sync.running).toBe(first)
  host('a').weight = 3
  expect(sync.running.text).toBe(webWith({ a: 3 }))
  await edit(webWith({ b: 7 }).replace('front', 'back'))
  await sync.check()
  expect(sync.running.text).toBe(webWith({ a: 3, b: 7 }).replace('front', 'back'))
  host('a').weight = 1
  expect(sync.running).toBe(sync.document)
})

test('what is asked for one thing is not the answer for another one', async () => {
  const { sync, balancer, host } = await keptFile()
  host('a').weight = 2
  const before = balancer.snapshot()
  expect(sync.running.text).toBe(webWith({ a: 2 }))
  host('b').weight = 3
  expect(sync.documentOf(before).text).toBe(webWith({ a: 2 }))
  expect(sync.running.text).toBe(webWith({ a: 2, b: 3 }))
  await sync.save()
  expect(sync.running).toBe(sync.document)
  expect(sync.documentOf(before).text).toBe(webWith({ a: 2, b: 1 }))
})
