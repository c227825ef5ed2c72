// Which group of a service is enabled. It is said by `<enable group="…" />` (PythonDirector) or by
// `<group enable="true">` (txLoadBalancer, Sluice); both are understood and must not contradict each other.
import { didYouMean } from '../../base/nearest.ts'
import type { FaultList } from './fault.ts'
import { ENABLE_GROUP, GROUP_ENABLE, NAME } from './grammar.ts'
import { type Element, attributeOf, childOf, childrenOf } from './parse.ts'
import { valueOf } from './values.ts'

/** The `<enable>` that counts: PythonDirector let the last one win. */
export function enableElementOf(service: Element): Element | undefined {
  return childrenOf(service, 'enable').at(-1)
}

/** Name of the enabled group; '' where there is none, which is a fault where there are groups. */
export function readEnabledGroup(service: Element, faults: FaultList): string {
  const names = childrenOf(service, 'group').map((group) => valueOf(group, NAME))
  const statements = statementsIn(service, faults)
  for (const { offset, name } of statements) {
    if (name !== '' && !names.includes(name)) faults.fault(offset, unknownGroup(name, names))
  }
  const [first] = statements
  if (first === undefined) return noneEnabled(service, names, faults)
  const other = statements.find(({ name }) => name !== first.name)
  if (other !== undefined) {
    const message = `groups ${first.name} and ${other.name} are both enabled, one of a service is`
    faults.fault(other.offset, message)
  }
  return first.name
}

interface Statement {
  readonly name: string
  readonly offset: number
}

function statementsIn(service: Element, faults: FaultList): readonly Statement[] {
  const element = enableElementOf(service)
  const groups = childrenOf(service, 'group').filter((group) => valueOf(group, GROUP_ENABLE))
  if (element !== undefined && childOf(service, 'enable') !== element) {
    faults.warn(element.start, 'a second <enable>: the last one counts')
  }
  return [
    ...(element === undefined
      ? []
      : [statement(element, ENABLE_GROUP.attribute, valueOf(element, ENABLE_GROUP))]),
    ...groups.map((group) => statement(group, GROUP_ENABLE.attribute, valueOf(group, NAME))),
  ]
}

function statement(element: Element, attribute: string, name: string): Statement {
  return { name, offset: attributeOf(element, attribute)?.start ?? element.start }
}

function noneEnabled(service: Element, names: readonly string[], faults: FaultList): string {
  if (names.length === 0) {
    faults.warn(
      service.start,
      `service ${valueOf(service, NAME)} has no <group>: it can serve nobody`,
    )
  } else {
    const groups =
      names.length === 1 ? `group ${names[0]}` : `one of the groups ${names.join(', ')}`
    faults.fault(
      service.start,
      `no group of this service is enabled: say enable="true" on ${groups}`,
    )
  }
  return ''
}

function unknownGroup(name: string, names: readonly string[]): string {
  const known = names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`
  return `no group ${name} in this service${didYouMean(name, names) || ','} ${known}`
}
