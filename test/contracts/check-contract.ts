// What every kind of check promises, run once for each kind.
import { targetOf } from '../helpers/balancer-of.ts'
import { expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import type { Check, Subject } from '../../src/health/check.ts'
import { checkOf } from '../../src/health/checks.ts'
import { CHECK_FIELDS, type CheckValues } from '../../src/model/fields.ts'
import type { TestHost } from '../helpers/hosts.ts'

/** A host in some condition, and the check that is to find out. */
export interface Scene extends AsyncDisposable {
  readonly check: Check
  readonly subject: Subject
}

export interface CheckScenes {
  readonly good: () => Promise<Scene>
  readonly bad: () => Promise<Scene>
  /** The host never answers; the check has 150 ms. */
  readonly hanging: () => Promise<Scene>
}

export const HANGING_MS = 150

export function checkContract({ good, bad, hanging }: CheckScenes): void {
  test('a good host passes, again and again', async () => {
    await using scene = await good()
    await expect(look(scene)).resolves.toBeUndefined()
    await expect(look(scene)).resolves.toBeUndefined()
  })

  test('a bad host fails with a sentence', async () => {
    await using scene = await bad()
    const error = await look(scene).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BalancerError)
    expect(error).toMatchObject({ code: 'CHECK_FAILED', detail: expect.stringMatching(/\w+ \w+/) })
  })

  test('a host that hangs fails at the deadline', async () => {
    await using scene = await hanging()
    await expect(look(scene)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      detail: 'no answer within 150ms',
    })
  })

  test('a look that is called off ends at once, with the reason of the signal', async () => {
    await using scene = await hanging()
    const called = new AbortController()
    const looking = look(scene, called.signal)
    called.abort(new Error('called off'))
    await expect(looking).rejects.toThrow('called off')
  })

  test('a look that was called off before it began is not taken', async () => {
    await using scene = await good()
    await expect(look(scene, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  })
}

function look({ check, subject }: Scene, signal = new AbortController().signal): Promise<void> {
  return check(subject, signal)
}

/** A check of this type with the defaults of the `<check>` element. */
export function checkWith(
  given: Partial<CheckValues>,
  proxy: 'none' | 'v1' | 'v2' = 'none',
): Check {
  const pairs = Object.entries(CHECK_FIELDS).map(([name, field]) => [name, field.standard])
  return checkOf({ ...(Object.fromEntries(pairs) as CheckValues), ...given }, proxy)
}

export function subjectAt(address: string): Subject {
  return { name: 'a', address, target: targetOf({ address }) }
}

/** A scene with a real host, which is closed at its end. */
export function sceneWith(host: TestHost, check: Check): Scene {
  return { check, subject: subjectAt(host.address), [Symbol.asyncDispose]: () => host.close() }
}
