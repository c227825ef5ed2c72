// running.xml is what PythonDirector would have written: it loads again, and says the same then.
import { expect, test } from 'vitest'
import { applySnapshot } from '../../../src/config/compare/apply.ts'
import { requireDocument } from '../../../src/config/read/read.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { runningXml } from '../../../src/web/legacy/markup.ts'
import { createStubProcess } from '../../helpers/stub-process.ts'

test('has hosts by address, the enabled group, users, and the first line of a document', async () => {
  const { balancer } = await createStubProcess()
  balancer.setUsers([{ name: 'alice', access: 'full', password: '..xpoEyRReGzk' }])
  balancer.service('web').group('main').addHost('first', '10.0.0.0:80')
  const xml = runningXml(balancer, true)
  expect(xml).toMatch(
    /^<\?xml version="1\.0" encoding="utf-8"\?>\n<pdconfig>\n {4}<service name="web">\n {8}<listen ip="127\.0\.0\.1:8080"\/>/,
  )
  expect(xml.match(/<host name="\w+"/g)?.slice(0, 2)).toEqual([
    '<host name="first"',
    '<host name="a"',
  ])
  expect(xml).toContain('<enable group="main"/>')
  expect(xml).toContain('<user name="alice" password="..xpoEyRReGzk" access="full"/>')
  expect(runningXml(balancer, false)).not.toContain('xpoEyRReGzk')
})

test('loads as a document, and says the same then', async () => {
  const { balancer } = await createStubProcess()
  await balancer.removeService('mail')
  balancer.setUsers([{ name: 'alice', access: 'full', password: '..xpoEyRReGzk' }])
  const xml = runningXml(balancer, true)
  const { snapshot } = requireDocument(xml, 'running.xml')
  const other = new Balancer({
    ports: { open: async ({ address }) => address, close: async () => {} },
  })
  await applySnapshot(other, snapshot)
  expect(other.service('web').enabledGroup).toBe('main')
  expect(other.hostList.map(({ path, address }) => [path, address])).toEqual(
    balancer.hostList.map(({ path, address }) => [path, address]),
  )
  expect(runningXml(other, true)).toBe(xml)
})
