// The audit log of a whole Sluice from its start to its end, and the verb that looks at it afterwards.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditVerify } from '../../src/app/tools.ts'
import { startRunningSluice } from '../helpers/running-sluice.ts'

test('start, edits of the file and stop are told, and a line that is missing is found', async () => {
  const running = await startRunningSluice()
  const { file, folder, sluice } = running
  writeFileSync(file, running.config.replace('9001', '9009'))
  await sluice.process.reload()
  await sluice.stop(0)
  const audit = join(folder, 'audit.jsonl')
  const text = readFileSync(audit, 'utf8')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ event }) => event)).toEqual(['opened', 'start', 'file', 'change', 'stop'])
  expect(lines[2]).toMatchObject({ action: 'read', path: file })
  expect(lines[3]).toMatchObject({ origin: 'file', field: 'address', after: '127.0.0.1:9009' })
  const { lines: said, exit } = await auditVerify(undefined, file)
  expect([exit, said]).toEqual([
    0,
    [expect.stringMatching(/^whole: 5 lines from .*; the last one is number 5, /)],
  ])
  writeFileSync(audit, text.split('\n').toSpliced(3, 1).join('\n'))
  expect(await auditVerify(audit, '')).toEqual({
    exit: 1,
    lines: [`${audit}:4: line 4 is missing before it`],
  })
  expect(await auditVerify(join(folder, 'none'), '')).toMatchObject({ exit: 1 })
  await running.stop()
})

test('whoever may do more than before, or by another key, is told of', async () => {
  const running = await startRunningSluice()
  const { balancer } = running.sluice.core
  balancer.setUsers([{ name: 'alice' }, { name: 'bob', access: 'readonly', password: 'old' }])
  balancer.setUsers([
    { name: 'alice' },
    { name: 'bob', access: 'full', password: 'new', keys: ['ssh-ed25519 AAAA bob@laptop'] },
  ])
  await running.sluice.stop(0)
  const text = readFileSync(join(running.folder, 'audit.jsonl'), 'utf8')
  const [{ before, after }] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'change')
    .slice(-1)
  expect(before).toMatchObject([{ name: 'bob', access: 'readonly', password: '…', keys: [] }])
  expect(after).toMatchObject([
    { name: 'bob', access: 'full', password: '…', keys: ['ssh-ed25519 AAAA bob@laptop'] },
  ])
  await running.stop()
})
