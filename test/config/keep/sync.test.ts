// The file and the running balancer: what changed on one side is taken over to the other, and nothing is
// overwritten in silence.
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { ConfigSync } from '../../../src/config/keep/sync.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const WEB = `<config>
  <!-- the front door -->
  <service name="web">
    <listen ip="127.0.0.1:8080" />
    <group name="main" scheduler="roundr" enable="true">
      <host name="a" ip="10.0.0.1:80" />
      <host name="b" ip="10.0.0.2:80" />
    </group>
  </service>
</config>
`

async function started(text = WEB) {
  const folder = await temporaryFolder()
  const file = join(folder, 'config.xml')
  await writeFile(file, text)
  const [ports, log] = [new FakePorts(), new RecordingLog()]
  const balancer = new Balancer({ ports })
  const sync = new ConfigSync({ balancer, file, log })
  await sync.start()
  const main = balancer.service('web').group('main')
  const stored = () => readFile(file, 'utf8')
  return { folder, file, ports, log, balancer, sync, main, stored }
}

test('a live change is in the file after one check, and the comment with it', async () => {
  const { sync, main, stored, log } = await started()
  main.host('a').weight = 5
  await sync.check()
  expect(await stored()).toBe(WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="5"'))
  expect(log.of('config saved')).toHaveLength(1)
  expect(sync.unsaved).toBeUndefined()
})

test('a check with nothing changed touches nothing', async () => {
  const { sync, file, folder, log } = await started()
  const before = await stat(file)
  await sync.check()
  expect((await stat(file)).mtimeMs).toBe(before.mtimeMs)
  expect(await readdir(folder)).toEqual(['config.xml'])
  expect(log.lines).toEqual([])
})

test('health is not configuration', async () => {
  const { sync, main, stored } = await started()
  main.host('a').setHealth('down', 'test')
  await sync.check()
  expect(await stored()).toBe(WEB)
})

test('an edit of the file is taken over in place', async () => {
  const { sync, file, main, log } = await started()
  const host = main.host('a')
  await writeFile(file, WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="7"'))
  await sync.check()
  expect(main.host('a')).toBe(host)
  expect(host.weight).toBe(7)
  expect(log.of('config read')).toMatchObject([{ facts: { differences: 1 } }])
})

test('a file with a mistake changes nothing, is told once, and is taken over when it is mended', async () => {
  const { sync, file, main, log } = await started()
  await writeFile(file, WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="x"'))
  await sync.check()
  await sync.check()
  expect(main.host('a').weight).toBe(1)
  expect(log.of('config out of step')).toHaveLength(1)
  expect(sync.unsaved).toContain(`${file}:6:39: weight is a whole number from 0 to 256, got "x"`)
  await writeFile(file, WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="8"'))
  await sync.check()
  expect(main.host('a').weight).toBe(8)
  expect(sync.unsaved).toBeUndefined()
})

test('a live change beside an edit of comments alone is written into the edited text', async () => {
  const { sync, file, main, stored } = await started()
  const edited = WEB.replace('the front door', 'two doors, soon')
  await writeFile(file, edited)
  main.host('b').weight = 2
  await sync.check()
  expect(await stored()).toBe(edited.replace('10.0.0.2:80"', '10.0.0.2:80" weight="2"'))
})

test('the same change on both sides is no conflict', async () => {
  const { sync, file, main, log } = await started()
  const edited = WEB.replace('10.0.0.2:80"', '10.0.0.2:80"   weight="2"')
  await writeFile(file, edited)
  main.host('b').weight = 2
  await sync.check()
  expect(await readFile(file, 'utf8')).toBe(edited)
  expect(log.lines).toEqual([])
})

test('where both sides changed nothing is overwritten, it is told once, and force decides', async () => {
  const { sync, file, main, log, stored, folder } = await started()
  const edited = WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="3"')
  await writeFile(file, edited)
  main.host('b').weight = 4
  await sync.check()
  await sync.check()
  expect(await stored()).toBe(edited)
  expect(main.host('a').weight).toBe(1)
  expect(sync.unsaved).toContain('was edited and the running system was changed too')
  expect(log.of('config out of step')).toHaveLength(1)
  await expect(sync.save()).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  const { written, backup } = await sync.save({ force: true })
  expect(written).toBe(true)
  expect(await readFile(backup, 'utf8')).toBe(edited)
  expect(await stored()).toBe(WEB.replace('10.0.0.2:80"', '10.0.0.2:80" weight="4"'))
  expect(sync.unsaved).toBeUndefined()
  expect(await readdir(folder)).toHaveLength(2)
})

test('a save says whether it wrote, and where', async () => {
  const { sync, file, main } = await started()
  expect(await sync.save()).toEqual({ written: false, file, backup: '' })
  main.host('a').drain()
  expect(await sync.save()).toMatchObject({ written: true, file })
})

test('the running text is what a save would write', async () => {
  const { sync, main } = await started()
  expect(sync.running.text).toBe(WEB)
  main.host('a').drain()
  expect(sync.running.text).toContain('name="a" ip="10.0.0.1:80" state="draining"')
  expect(sync.document?.text).toBe(WEB)
  expect(sync.changed).toBe(true)
})

test('a lost file is told, and written anew with the next live change', async () => {
  const { sync, file, main, stored, log } = await started()
  await rm(file)
  await sync.check()
  expect(sync.unsaved).toContain(`there is no ${file}`)
  main.host('a').weight = 5
  await sync.check()
  expect(await stored()).toContain('weight="5"')
  expect(log.of('config out of step')).toHaveLength(1)
})

test('a save that fails is told, kept in mind and tried again', async () => {
  const { sync, folder, main, stored } = await started()
  main.host('a').weight = 5
  await rm(folder, { recursive: true })
  await expect(sync.save()).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  expect(sync.unsaved).toContain('make its directory')
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder)
  await sync.check()
  expect(await stored()).toContain('weight="5"')
  expect(sync.unsaved).toBeUndefined()
})

test('a port of the file that is taken leaves the running system as it is', async () => {
  const { sync, file, ports, balancer } = await started()
  ports.taken.add('127.0.0.1:8181')
  await writeFile(file, WEB.replace('8080', '8181'))
  await expect(sync.reload()).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(balancer.service('web').listenerList.map(({ address }) => address)).toEqual([
    '127.0.0.1:8080',
  ])
  expect(sync.unsaved).toContain('the address is already in use')
})

test('steps never overlap', async () => {
  const { sync, main, file } = await started()
  for (let weight = 2; weight < 12; weight++) {
    main.host('a').weight = weight
    void sync.save()
    void sync.check()
  }
  await sync.check()
  expect(await readFile(file, 'utf8')).toContain('weight="11"')
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
  const { sync, file, balancer } = await started()
  await balancer.service('web').listen('127.0.0.1:8181')
  balancer.service('web').group('main').addHost('d', '127.0.0.1:9004')
  balancer.configure('hostCheck', { intervalMs: 3_000 })
  await sync.check()
  const again = new Balancer({ ports: new FakePorts() })
  await new ConfigSync({ balancer: again, file, log: new RecordingLog() }).start()
  expect(sameSnapshot(again.snapshot(), balancer.snapshot())).toBe(true)
})

test('a file whose port cannot be opened is not tried again and again', async () => {
  const { sync, file, ports, main } = await started()
  ports.taken.add('127.0.0.1:9')
  await writeFile(file, WEB.replace('127.0.0.1:8080', '127.0.0.1:9'))
  await sync.check()
  expect(sync.unsaved).toMatch(/already in use/)
  const calls = ports.calls.length
  await sync.check()
  await sync.check()
  expect(ports.calls).toHaveLength(calls)
  expect(sync.unsaved).toMatch(/already in use/)
  ports.taken.clear()
  await sync.reload()
  expect(ports.held).toEqual(new Set(['127.0.0.1:9']))
  main.host('a').weight = 2
  await sync.check()
  expect(sync.unsaved).toBeUndefined()
})

test('a save beside a file that does not load says so', async () => {
  const { sync, file } = await started()
  await writeFile(file, '<config><nonsense/></config>')
  await expect(sync.save()).rejects.toMatchObject({ code: 'CONFIG_BAD' })
})

test('what could not be saved is kept beside the file at the end, and nothing where all is saved', async () => {
  const { sync, file, main } = await started()
  expect(await sync.saveAside()).toBeUndefined()
  main.host('a').weight = 7
  await writeFile(file, WEB.replace('10.0.0.2', '10.0.0.3'))
  await sync.check()
  expect(sync.unsaved).toMatch(/both changed/)
  const kept = await sync.saveAside()
  expect(kept).toBe(`${file}-unsaved`)
  expect(await readFile(kept ?? '', 'utf8')).toContain('weight="7"')
})
