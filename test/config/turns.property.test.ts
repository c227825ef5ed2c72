// Documents read and written in turns, while traffic goes on: the same results and the same faults as at once.
import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  readDocument,
  readDocumentInTurns,
  requireDocument,
  requireDocumentInTurns,
} from '../../src/config/read/read.ts'
import {
  formatDocument,
  writeDocument,
  writeDocumentInTurns,
} from '../../src/config/write/write.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { decorate } from '../helpers/decorate.ts'
import { randomly, seed } from '../helpers/seed.ts'
import { anySnapshot, snapshotAndEdited } from '../helpers/snapshots.ts'
import { tickingClock, turnsDuring } from '../helpers/step-clock.ts'

const BROKEN = 'test/config/read/broken/'

test.each(readdirSync(BROKEN))('%s is refused in turns as it is at once', async (name) => {
  tickingClock()
  const bytes = readFileSync(BROKEN + name)
  expect(await readDocumentInTurns(bytes, name)).toEqual(readDocument(bytes, name))
  const error = await requireDocumentInTurns(bytes, name).catch((reason: unknown) => reason)
  expect(() => requireDocument(bytes, name)).toThrow(error as Error)
})

test(`a document is read in turns as it is at once (seed ${seed})`, async () => {
  tickingClock()
  const holds = async (snapshot: BalancerSnapshot, style: number) => {
    const text = decorate(formatDocument(snapshot, 'c').text, style)
    expect(await readDocumentInTurns(text, 'c')).toEqual(readDocument(text, 'c'))
  }
  await fc.assert(fc.asyncProperty(anySnapshot, fc.nat(), holds), randomly(100))
})

test(`a document is edited in turns as it is at once (seed ${seed})`, async () => {
  tickingClock()
  const holds = async ([from, to]: readonly [BalancerSnapshot, BalancerSnapshot]) => {
    const document = formatDocument(from, 'c')
    expect(await writeDocumentInTurns(document, to)).toEqual(writeDocument(document, to))
  }
  await fc.assert(fc.asyncProperty(snapshotAndEdited, holds), randomly(100))
})

test('reading and writing give the loop back again and again, however the hosts are spread', async () => {
  tickingClock()
  for (const [groups, hosts] of [
    [10, 50],
    [1, 500],
  ] as const) {
    const text = documentOf(groups, hosts)
    const document = requireDocument(text, 'c')
    const wanted = withWeights(document.snapshot)
    expect(await turnsDuring(readDocumentInTurns(text, 'c'))).toBeGreaterThan(200)
    expect(await turnsDuring(writeDocumentInTurns(document, wanted))).toBeGreaterThan(200)
  }
})

function documentOf(groups: number, hosts: number): string {
  const lines = Array.from({ length: groups }, (_, group) => {
    const inside = Array.from({ length: hosts }, (__, host) => {
      return `<host name="h${host}" ip="10.0.${group}.1:${host + 1}" />`
    })
    return `<group name="g${group}" ${group === 0 ? 'enable="true"' : ''}>${inside.join('')}</group>`
  })
  return `<config><service name="web">${lines.join('\n')}</service></config>`
}

function withWeights(snapshot: BalancerSnapshot): BalancerSnapshot {
  const services = snapshot.services.map((service) => ({
    ...service,
    groups: service.groups.map((group) => ({
      ...group,
      hosts: group.hosts.map((host) => ({ ...host, weight: 7 })),
    })),
  }))
  return { ...snapshot, services }
}
