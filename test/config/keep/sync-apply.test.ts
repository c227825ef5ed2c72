// A whole document given by an operator: what it would change, what it changes, and what becomes of the file.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { ConfigSync } from '../../../src/config/keep/sync.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import type { Change } from '../../../src/model/change.ts'
import { Journal } from '../../../src/model/journal.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const WEB = `<config>
  <!-- the front door -->
  <service name="web">
    <listen ip="127.0.0.1:8080" />
    <group name="main" enable="true">
      <host name="a" ip="10.0.0.1:80" />
      <host name="b" ip="10.0.0.2:80" />
    </group>
  </service>
</config>
`

async function started() {
  const folder = await temporaryFolder()
  const file = join(folder, 'config.xml')
  await writeFile(file, WEB)
  const ports = new FakePorts()
  const balancer = new Balancer({ ports })
  const sync = new ConfigSync({ balancer, file, log: new RecordingLog() })
  await sync.start()
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  const stored = () => readFile(file, 'utf8')
  return { folder, file, ports, balancer, sync, changes, stored }
}

function heavier(weight: number): string {
  return WEB.replace('10.0.0.2:80"', `10.0.0.2:80" weight="${weight}"`)
}

test('a comparison tells the differences to what runs, and changes nothing', async () => {
  const { sync, changes, balancer, stored } = await started()
  balancer.service('web').group('main').host('b').weight = 3
  changes.length = 0
  expect(sync.compare(WEB)).toMatchObject([{ path: 'web/main/b', field: 'weight', from: 3, to: 1 }])
  expect(sync.compare(heavier(3))).toEqual([])
  expect(changes).toEqual([])
  expect(await stored()).toBe(WEB)
})

test('what is applied runs, has its author, and is the file with its comments', async () => {
  const { sync, changes, stored, file } = await started()
  const text = heavier(7).replace('the front door', 'the back door')
  const result = await withOrigin('ssh:alice', () => sync.apply(text))
  expect(result).toMatchObject({ written: true, file, differences: [{ field: 'weight', to: 7 }] })
  expect(changes).toMatchObject([{ origin: 'ssh:alice', path: 'web/main/b', to: 7 }])
  expect(await stored()).toBe(text)
  expect(await readFile(result.backup, 'utf8')).toBe(WEB)
  await sync.check()
  expect(await stored()).toBe(text)
})

test('only another text is no change, and still the file', async () => {
  const { sync, changes, stored } = await started()
  const text = WEB.replace('the front door', 'the back door')
  expect(await sync.apply(text)).toMatchObject({ written: true, differences: [] })
  expect(await sync.apply(text)).toMatchObject({ written: false, differences: [] })
  expect(changes).toEqual([])
  expect(await stored()).toBe(text)
})

test.each([
  [
    'with a fault',
    WEB.replace('10.0.0.2:80"', '10.0.0.2:80" weight="x"'),
    'CONFIG_BAD',
    /^document:7:/,
  ],
  ['with a port that is taken', WEB.replace('8080', '82'), 'PORT_TAKEN', /82/],
])('a document %s changes neither what runs nor the file', async (_, text, code, reason) => {
  const { sync, ports, stored, folder } = await started()
  ports.taken.add('127.0.0.1:82')
  await expect(sync.apply(text)).rejects.toMatchObject({
    code,
    detail: expect.stringMatching(reason),
  })
  expect([...ports.held]).toEqual(['127.0.0.1:8080'])
  expect(await stored()).toBe(WEB)
  expect(await readdir(folder)).toEqual(['config.xml'])
  expect(sync.changed).toBe(false)
})

test('a document that failed half-way is nothing to undo', async () => {
  const { sync, ports, balancer, changes } = await started()
  const journal = new Journal(balancer)
  journal.start()
  const wanted = heavier(7)
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
  const { sync, file, stored, balancer } = await started()
  await writeFile(file, heavier(3))
  await expect(sync.apply(heavier(4))).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  expect(await stored()).toBe(heavier(3))
  expect(balancer.service('web').group('main').host('b').weight).toBe(1)
})

test('a file that cannot be written does not take the change back, and the next check tries again', async () => {
  const { sync, folder, file, balancer, stored } = await started()
  // Nothing else stops root.
  const blocked = join(folder, '.config.xml.tmp')
  await mkdir(join(blocked, 'in-the-way'), { recursive: true })
  expect(await sync.apply(heavier(4))).toMatchObject({ written: false })
  expect(balancer.service('web').group('main').host('b').weight).toBe(4)
  expect(sync.unsaved).toContain(file)
  await rm(blocked, { recursive: true })
  await sync.check()
  expect(await stored()).toBe(heavier(4))
  expect(sync.unsaved).toBeUndefined()
})
