// Edits that turn the services of a document into those that are wanted.
import type { Steps } from '../../base/steps.ts'
import {
  CHECK_FIELDS,
  type CheckValues,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
} from '../../model/fields.ts'
import type {
  GroupSnapshot,
  HostSnapshot,
  ListenerSnapshot,
  ServiceSnapshot,
} from '../../model/snapshot.ts'
import { equal } from '../compare/equal.ts'
import { marksOfGroup, marksOfHost, marksOfService } from '../compare/levels.ts'
import { editAttributes } from './attribute-edits.ts'
import { enableElementOf } from '../read/enabled-group.ts'
import { ENABLE_GROUP, GROUP_ENABLE, LISTEN_ADDRESS, NAME } from '../read/grammar.ts'
import { type ItemChange, editList } from './list-edits.ts'
import { type Element, attributeOf, childrenOf } from '../read/parse.ts'
import {
  type Dialect,
  checkShape,
  enableShape,
  groupShape,
  hostShape,
  listenerShape,
  serviceShape,
  valueIn,
} from './shape.ts'
import type { TextEdits } from './text-edits.ts'
import { attributeText, fieldsOf, isAlias, valueOf } from '../read/values.ts'

export function* editServices(
  edits: TextEdits,
  root: Element,
  from: readonly ServiceSnapshot[],
  to: readonly ServiceSnapshot[],
): Steps<void> {
  const dialect = dialectOf(root)
  yield* editList(edits, {
    parent: root,
    elements: childrenOf(root, 'service'),
    from,
    to,
    identity: ({ name }) => name,
    marks: marksOfService,
    ordered: false,
    reuse: false,
    place: 'last',
    shape: (service) => serviceShape(service, dialect),
    edit: (inside, change) => editService(inside, change, dialect),
  })
}

function* editService(
  edits: TextEdits,
  { element, from, to }: ItemChange<ServiceSnapshot>,
  dialect: Dialect,
): Steps<void> {
  if (equal(from, to)) return
  editName(edits, element, from, to)
  editAttributes(edits, element, SERVICE_FIELDS, from, to)
  yield* editListeners(edits, element, from.listeners, to.listeners)
  const byElement = enableElementOf(element) !== undefined || saysByElement(element, dialect)
  yield* editList(edits, {
    parent: element,
    elements: childrenOf(element, 'group'),
    from: from.groups,
    to: to.groups,
    identity: ({ name }) => name,
    marks: marksOfGroup,
    ordered: false,
    reuse: false,
    place: 'last',
    shape: (group) => groupShape(group, !byElement && group.name === to.enabledGroup, dialect),
    edit: (inside, change) => editGroup(inside, change, to.enabledGroup, byElement),
  })
  editEnableElements(edits, element, to.enabledGroup, byElement)
}

function dialectOf(root: Element): Dialect {
  if (root.name === 'pdconfig') return 'pdconfig'
  const { scheduler } = GROUP_FIELDS
  const groups = childrenOf(root, 'service').flatMap((service) => childrenOf(service, 'group'))
  const old = groups.some((group) => {
    return isAlias(scheduler, attributeOf(group, scheduler.attribute)?.value ?? '')
  })
  return old ? 'config with old names' : 'config'
}

interface Named {
  readonly name: string
}

function editName(edits: TextEdits, element: Element, from: Named, to: Named): void {
  if (from.name !== to.name) edits.setAttribute(element, NAME.attribute, to.name)
}

function* editListeners(
  edits: TextEdits,
  service: Element,
  from: readonly ListenerSnapshot[],
  to: readonly ListenerSnapshot[],
): Steps<void> {
  yield* editList(edits, {
    parent: service,
    elements: childrenOf(service, 'listen'),
    from,
    to,
    identity: ({ address }) => address,
    ordered: false,
    // A listener that moved to another port keeps its element.
    reuse: true,
    place: 'first',
    shape: listenerShape,
    edit: (inside, change) => {
      const { attribute } = LISTEN_ADDRESS
      const { element, from: before, to: wanted } = change
      if (before.address !== wanted.address) inside.setAttribute(element, attribute, wanted.address)
      editAttributes(inside, element, LISTENER_FIELDS, before, wanted)
    },
  })
}

function* editGroup(
  edits: TextEdits,
  { element, from, to }: ItemChange<GroupSnapshot>,
  enabledGroup: string,
  byElement: boolean,
): Steps<void> {
  editName(edits, element, from, to)
  editAttributes(edits, element, GROUP_FIELDS, from, to)
  editEnableAttribute(edits, element, to.name === enabledGroup, byElement)
  yield* editHosts(edits, element, from.hosts, to.hosts)
  yield* editChecks(edits, element, from.checks, to.checks)
}

function* editHosts(
  edits: TextEdits,
  group: Element,
  from: readonly HostSnapshot[],
  to: readonly HostSnapshot[],
): Steps<void> {
  if (equal(from, to)) return
  yield* editList(edits, {
    parent: group,
    elements: childrenOf(group, 'host'),
    from,
    to,
    identity: ({ name }) => name,
    marks: marksOfHost,
    ordered: true,
    reuse: false,
    place: 'first',
    shape: hostShape,
    edit: (inside, { element, from: before, to: wanted, fromIndex, toIndex }) => {
      editName(inside, element, before, wanted)
      editAttributes(inside, element, HOST_FIELDS, before, wanted)
      // A host without a name is called by its place, and would be called otherwise at another one.
      const unnamed = attributeOf(element, NAME.attribute) === undefined
      if (unnamed && fromIndex !== toIndex && before.name === wanted.name)
        inside.setAttribute(element, NAME.attribute, wanted.name)
    },
  })
}

function* editChecks(
  edits: TextEdits,
  group: Element,
  from: readonly CheckValues[],
  to: readonly CheckValues[],
): Steps<void> {
  yield* editList(edits, {
    parent: group,
    elements: childrenOf(group, 'check'),
    from,
    to,
    identity: identityOfCheck,
    ordered: true,
    reuse: true,
    place: 'last',
    shape: checkShape,
    edit: (inside, { element, from: before, to: wanted }) => {
      editAttributes(inside, element, CHECK_FIELDS, before, wanted)
    },
  })
}

// The properties may stand in any order.
function identityOfCheck(check: CheckValues): string {
  const texts = fieldsOf(CHECK_FIELDS).map(([property, field]) =>
    field.format(valueIn(check, property)),
  )
  return JSON.stringify(texts)
}

/** Is the enabled group of this service said, or to be said, by an element? */
function saysByElement(service: Element, dialect: Dialect): boolean {
  const marked = childrenOf(service, 'group').some((group) => valueOf(group, GROUP_ENABLE))
  return dialect === 'pdconfig' && !marked
}

function editEnableAttribute(
  edits: TextEdits,
  group: Element,
  wanted: boolean,
  byElement: boolean,
): void {
  const written = attributeOf(group, GROUP_ENABLE.attribute)?.value
  const missing = written === undefined && wanted && !byElement
  if (!missing && (written === undefined || valueOf(group, GROUP_ENABLE) === wanted)) return
  edits.setAttribute(group, GROUP_ENABLE.attribute, attributeText(GROUP_ENABLE, wanted, written))
}

function editEnableElements(
  edits: TextEdits,
  service: Element,
  enabledGroup: string,
  byElement: boolean,
): void {
  const element = enableElementOf(service)
  if (enabledGroup === '') {
    for (const one of childrenOf(service, 'enable')) edits.remove(one)
  } else if (element === undefined) {
    if (byElement) edits.insert(service, 'last', enableShape(enabledGroup))
  } else if (valueOf(element, ENABLE_GROUP) !== enabledGroup) {
    edits.setAttribute(element, ENABLE_GROUP.attribute, enabledGroup)
  }
}
