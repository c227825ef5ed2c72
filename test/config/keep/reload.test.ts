// What taking the file over by hand comes to: nothing, only text, so many differences, or a refusal.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigSync } from '../../../src/config/keep/sync.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const WEB = `<config>
  <service name="web">
    <group name="main" enable="true">
      <host name="a" ip="10.0.0.1:80" />
      <host name="b" ip="10.0.0.2:80" />
    </group>
  </service>
</config>
`

test('a file that nobody edited is nothing new', async () => {
  const { sync } = await started()
  expect(await sync.reload()).toEqual({ edited: false, applied: 0 })
})

test('new words that mean the same are read, and nothing is applied', async () => {
  const { sync, edit } = await started()
  await edit(WEB.replace('<config>', '<config> <!-- ours -->'))
  expect(await sync.reload()).toEqual({ edited: true, applied: 0 })
})

test('differences are applied and counted', async () => {
  const { sync, edit } = await started()
  const weighed = WEB.replace('1:80"', '1:80" weight="3"').replace('2:80"', '2:80" weight="2"')
  await edit(weighed)
  expect(await sync.reload()).toEqual({ edited: true, applied: 2 })
})

test('an edit that says what was changed live has nothing left to apply', async () => {
  const { sync, edit, balancer } = await started()
  balancer.service('web').group('main').host('a').weight = 3
  await edit(WEB.replace('1:80"', '1:80" weight="3"'))
  expect(await sync.reload()).toEqual({ edited: true, applied: 0 })
})

test('a file that does not load is refused with its faults', async () => {
  const { sync, edit } = await started()
  await edit(WEB.replace('name="a"', 'nome="a"'))
  await expect(sync.reload()).rejects.toMatchObject({ code: 'CONFIG_BAD' })
})

async function started() {
  const file = join(await temporaryFolder(), 'config.xml')
  const edit = (text: string) => writeFile(file, text)
  await edit(WEB)
  const balancer = new Balancer({ ports: new FakePorts() })
  const sync = new ConfigSync({ balancer, file, log: new RecordingLog() })
  await sync.start()
  return { balancer, sync, edit }
}
