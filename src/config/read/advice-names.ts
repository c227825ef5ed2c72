// Advice on host names: does each one resolve? The only advice that asks somebody, and therefore given by
// `sluice check` alone: a name that does not resolve now is no reason not to load.
import { lookup as systemLookup } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { needsLookup, parseAddress } from '../../base/address.ts'
import { messageOf, systemCodeOf } from '../../base/errors.ts'
import { Gate } from '../../base/gate.ts'
import { LIMITS } from '../../base/limits.ts'
import { HOST_FIELDS } from '../../model/fields.ts'
import { type Fault, FaultList } from './fault.ts'
import { LISTEN_ADDRESS } from './grammar.ts'
import { type Element, attributeOf, childrenOf } from './parse.ts'
import { placeOf } from './placed.ts'
import type { Document } from './read.ts'

export interface NameAdviceOptions {
  /** How a name is looked up; rejects where it has no address. Default: as the system does. */
  readonly lookup?: (name: string) => Promise<unknown>
  /** How long all look-ups together may take, in milliseconds. Default LIMITS.checkNamesMs. */
  readonly withinMs?: number
}

/** One warning for each name that does not resolve, where it stands first. */
export async function adviceOnNames(
  { file, text, root }: Document,
  { lookup = systemLookup, withinMs = LIMITS.checkNamesMs }: NameAdviceOptions = {},
): Promise<readonly Fault[]> {
  const faults = new FaultList(file, text)
  const names = namesIn(root)
  const asked = [...names].slice(0, LIMITS.checkNamesMax)
  const over = new AbortController()
  const gate = new Gate(LIMITS.checkLookupsAtOnceMax)
  const deadline = sleep(withinMs, `no answer within ${withinMs} ms`, {
    signal: over.signal,
  }).catch(() => undefined)
  await Promise.all(
    asked.map(async ([name, offset]) => {
      const answer = await Promise.race([
        gate.run(() => answerFor(name, lookup, over.signal)),
        deadline,
      ])
      if (answer !== undefined) faults.warn(offset, `${name} does not resolve: ${answer}`)
    }),
  )
  over.abort()
  const [unasked] = [...names].slice(asked.length)
  if (unasked !== undefined) {
    const left = names.size - asked.length
    faults.warn(
      unasked[1],
      `${left} names from here on were not looked up: ${LIMITS.checkNamesMax} are, the most for one check`,
    )
  }
  return faults.list
}

/** Why a name does not resolve; undefined where it does, or where nobody waits any more. */
async function answerFor(
  name: string,
  lookup: (name: string) => Promise<unknown>,
  over: AbortSignal,
): Promise<string | undefined> {
  if (over.aborted) return undefined
  try {
    await lookup(name)
    return undefined
  } catch (error) {
    const code = systemCodeOf(error)
    return code === '' ? messageOf(error) : `the resolver says ${code}${MEANINGS[code] ?? ''}`
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOTFOUND: ', there is no such name',
  EAI_AGAIN: ', no name server answered',
}

function namesIn(root: Element): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const service of childrenOf(root, 'service')) {
    for (const listen of childrenOf(service, 'listen')) note(names, listen, LISTEN_ADDRESS)
    for (const group of childrenOf(service, 'group')) {
      for (const host of childrenOf(group, 'host')) note(names, host, HOST_FIELDS.address)
    }
  }
  return names
}

function note(
  names: Map<string, number>,
  element: Element,
  field: { readonly attribute: string },
): void {
  const address = parseAddress(attributeOf(element, field.attribute)?.value ?? '')
  if (address?.kind !== 'tcp' || address.host === '' || !needsLookup(address)) return
  if (!names.has(address.host)) names.set(address.host, placeOf(element, field))
}
