// A balancer without sockets whose changes are kept: what edits tell, and what refusals leave untold.
import { expect } from 'vitest'
import { BalancerError, type ErrorCode } from '../../src/base/errors.ts'
import { Balancer } from '../../src/model/balancer.ts'
import type { Change } from '../../src/model/change.ts'
import { FakePorts } from './fake-ports.ts'

export interface Followed {
  readonly balancer: Balancer
  readonly ports: FakePorts
  readonly changes: Change[]
  /** The changes of `edit`, which are then forgotten. */
  readonly told: (edit: () => unknown) => Promise<Change[]>
  /** That `edit` is refused with this code and these words, and that nothing changed. */
  readonly refused: (
    edit: () => unknown,
    code: ErrorCode,
    ...words: readonly string[]
  ) => Promise<void>
}

/** A balancer with a service `web` on 127.0.0.1:8080: groups `main` (hosts a, b, c) and `spare` (host s). */
export async function followedBalancer(): Promise<Followed> {
  const ports = new FakePorts()
  const balancer = new Balancer({ ports, now: () => 1_700_000_000_000 })
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  const web = await balancer.addService('web')
  const main = web.addGroup('main')
  for (const [index, name] of ['a', 'b', 'c'].entries())
    main.addHost(name, `10.0.0.${index + 1}:80`)
  web.addGroup('spare').addHost('s', '10.0.0.9:80')
  await web.listen('127.0.0.1:8080')
  changes.length = 0
  return {
    balancer,
    ports,
    changes,
    told: async (edit) => {
      await edit()
      return changes.splice(0)
    },
    refused: async (edit, code, ...words) => {
      const before = JSON.stringify([balancer.snapshot(), balancer.describe(), [...ports.held]])
      const error = await attempt(edit)
      expect(error).toBeInstanceOf(BalancerError)
      expect(error).toMatchObject({ code })
      for (const word of words) expect((error as BalancerError).message).toContain(word)
      expect(JSON.stringify([balancer.snapshot(), balancer.describe(), [...ports.held]])).toBe(
        before,
      )
      expect(changes).toEqual([])
    },
  }
}

/** What `edit` throws, or rejects with. */
async function attempt(edit: () => unknown): Promise<unknown> {
  try {
    await edit()
  } catch (error) {
    return error
  }
  return 'it was accepted'
}
