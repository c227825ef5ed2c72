// Conflicts as commands see them, and what is said of new ones.
import { stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { FileConflicts, tellOfConflicts } from '../../../src/app/documents/conflicts.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import type { OpenConflict } from '../../../src/config/keep/agreement.ts'
import { keptFile, webWith } from '../../helpers/kept-file.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'

test('a conflict has all three values, when the file was written, and who made the running one', async () => {
  const { sync, edit, host, file } = await keptFile()
  const conflicts = new FileConflicts(sync)
  expect([conflicts.paths, await conflicts.list()]).toEqual([[], []])
  await edit(webWith({ a: 3 }))
  withOrigin('ssh:alice', () => (host('a').weight = 4))
  await sync.check()
  const [conflict] = await conflicts.list()
  expect(conflict).toEqual({
    path: 'web/main/a/weight',
    kind: 'host',
    field: 'weight',
    base: 1,
    file: 3,
    fileTime: Math.floor((await stat(file)).mtimeMs),
    running: 4,
    origin: 'ssh:alice',
    time: expect.any(Number),
    beside: [],
  })
  expect(conflicts.paths).toEqual(['web/main/a/weight'])
  expect(await conflicts.resolve([], 'running')).toMatchObject([{ path: 'web/main/a/weight' }])
  expect(await conflicts.list()).toEqual([])
})

test('new conflicts are told one by one, and many of them in few lines', () => {
  const [log, said] = [new RecordingLog(), [] as string[]]
  const many = Array.from({ length: 25 }, (_, index) => conflict(`web/main/h${index}/weight`))
  tellOfConflicts(many, { log, say: (sentence) => said.push(sentence) })
  expect(said).toEqual([
    'conflict at web/main/h0/weight: it is 3 in the file and 4 here, by ssh:alice; see: show conflicts',
    'conflict at web/main/h1/weight: it is 3 in the file and 4 here, by ssh:alice; see: show conflicts',
    'conflict at web/main/h2/weight: it is 3 in the file and 4 here, by ssh:alice; see: show conflicts',
    'and 22 more; see: show conflicts',
  ])
  expect(log.of('config conflict')).toHaveLength(20)
  expect(log.of('config conflicts')).toMatchObject([{ facts: { more: 5 } }])
})

test('of a whole thing it is told what became of it, and of a secret nothing', () => {
  const [log, said] = [new RecordingLog(), [] as string[]]
  const host = { name: 'a', address: '10.0.0.1:80' }
  const gone = { ...conflict('web/main/a'), field: null, base: host, theirs: undefined, ours: host }
  const secret = { field: 'password', base: '$a', theirs: '$b', ours: '$c', origin: undefined }
  const hidden = { ...conflict('settings/users/bob/password'), kind: 'user', ...secret } as const
  tellOfConflicts([gone, hidden], { log, say: (sentence) => said.push(sentence) })
  expect(said).toEqual([
    'conflict at web/main/a: the file removed it, the running system changed it, by ssh:alice; see: show conflicts',
    'conflict at settings/users/bob/password: it is *** in the file and *** here; see: show conflicts',
  ])
  expect(JSON.stringify(log.lines)).not.toMatch(/\$[abc]/)
})

function conflict(path: string): OpenConflict {
  const values = { field: 'weight', base: 1, theirs: 3, ours: 4 }
  return { path, kind: 'host', ...values, beside: [], origin: 'ssh:alice', time: 1 }
}
