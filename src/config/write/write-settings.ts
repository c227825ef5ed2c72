// Edits that turn the settings, operators and tokens of a document into those that are wanted. What the document
// says in an old spelling (`<admin listen=…>`, `<checktime>`) is edited there, and a `pdconfig` gets new
// values in those spellings where they exist.
import type { Steps } from '../../base/steps.ts'
import type { AccessItem, AccessLists } from '../../model/access-lists.ts'
import { TOKEN_FIELDS, USER_FIELDS } from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingName, type SettingValues } from '../../model/setting-fields.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { editAttributes } from './attribute-edits.ts'
import { CHECKTIME, SECTION_OF, settingsOf } from '../read/grammar.ts'
import { editList, type ListChange } from './list-edits.ts'
import { type Element, attributeOf, childOf, childrenOf } from '../read/parse.ts'
import { adminIsWeb } from '../read/read-settings.ts'
import { type Shape, attributesFor, keyShape, tokenShape, userShape } from './shape.ts'
import type { TextEdits } from './text-edits.ts'
import { attributeText } from '../read/values.ts'

/** One run over all settings: where they stand, what they are, and what they are to be. */
interface Run {
  readonly edits: TextEdits
  readonly root: Element
  readonly from: SettingValues
  readonly to: SettingValues
}

export function* editSettings(
  edits: TextEdits,
  root: Element,
  before: BalancerSnapshot,
  wanted: BalancerSnapshot,
): Steps<void> {
  const run: Run = { edits, root, from: before.settings, to: wanted.settings }
  const users = yield* editUsers(run, before.users, wanted.users)
  const tokens = yield* editTokens(run, before.tokens, wanted.tokens)
  const web = webByAdmin(root) ? editAdmin(run) : []
  addToSection(run, 'admin', [...users, ...tokens, ...editSection(run, 'admin')], web)
  addToSection(run, 'manager', editSection(run, 'manager'))
  const checktime = intervalByChecktime(root) ? editChecktime(run) : []
  for (const shape of [...checktime, ...editSection(run)]) edits.insert(root, 'last', shape)
}

/** Edit the settings of a section in place. @returns what has no element yet */
function editSection(run: Run, section?: 'admin' | 'manager'): readonly Shape[] {
  const parent = section === undefined ? run.root : childOf(run.root, section)
  return settingsOf(section).flatMap((name) => {
    const element = childOf(parent, name)
    const table = tableOf(name, run.root)
    const [from, to] = [run.from[name], run.to[name]]
    if (element !== undefined) {
      editAttributes(run.edits, element, table, from, to)
      return []
    }
    const attributes = attributesFor(to, table, from)
    return attributes.length === 0 ? [] : [{ name, attributes }]
  })
}

/** The fields of a setting that stand in its own element in this document. */
function tableOf(name: SettingName, root: Element): object {
  if (name === 'web' && webByAdmin(root)) return {}
  if (name !== 'hostCheck' || !intervalByChecktime(root)) return SETTING_FIELDS[name]
  const { intervalMs: _, ...others } = SETTING_FIELDS.hostCheck
  return others
}

function addToSection(
  { edits, root }: Run,
  section: NonNullable<(typeof SECTION_OF)[SettingName]>,
  children: readonly Shape[],
  attributes: Shape['attributes'] = [],
): void {
  const element = childOf(root, section)
  if (element !== undefined) {
    for (const child of children) edits.insert(element, 'last', child)
  } else if (children.length > 0 || attributes.length > 0) {
    edits.insert(root, 'last', { name: section, attributes, children })
  }
}

function webByAdmin(root: Element): boolean {
  const admin = childOf(root, 'admin')
  return adminIsWeb(admin) || (root.name === 'pdconfig' && childOf(admin, 'web') === undefined)
}

/** Edit the attributes of `<admin>` that speak of the page. @returns them where there is no element yet */
function editAdmin({ edits, root, from, to }: Run): Shape['attributes'] {
  const admin = childOf(root, 'admin')
  const fields = SETTING_FIELDS.web
  const changed = attributesFor(to.web, fields, from.web)
  if (changed.length === 0) return []
  const written = (name: string) =>
    attributeOf(admin, name) !== undefined || changed.some(([attribute]) => attribute === name)
  // Without `enable`, an address alone means that the page is served.
  const { attribute } = fields.enable
  const unclear = !written(attribute) && to.web.enable !== written(fields.listen.attribute)
  const enable = [[attribute, String(to.web.enable)]] as const
  if (admin === undefined) return unclear ? [...changed, ...enable] : changed
  editAttributes(edits, admin, fields, from.web, to.web)
  if (unclear) edits.setAttribute(admin, attribute, String(to.web.enable))
  return []
}

function intervalByChecktime(root: Element): boolean {
  if (childOf(root, 'checktime') !== undefined) return true
  const hostCheck = childOf(childOf(root, 'manager'), 'hostCheck')
  const { attribute } = SETTING_FIELDS.hostCheck.intervalMs
  return root.name === 'pdconfig' && attributeOf(hostCheck, attribute) === undefined
}

function editChecktime({ edits, root, from, to }: Run): readonly Shape[] {
  const wanted = to.hostCheck.intervalMs
  if (from.hostCheck.intervalMs === wanted) return []
  const element = childOf(root, 'checktime')
  const { attribute } = CHECKTIME
  const text = attributeText(CHECKTIME, wanted, attributeOf(element, attribute)?.value)
  if (element === undefined) return [{ name: 'checktime', attributes: [[attribute, text]] }]
  edits.setAttribute(element, attribute, text)
  return []
}

/** Edit the operators in place. @returns them where there is no `<admin>` yet */
function editUsers(run: Run, from: AccessLists['users'], to: AccessLists['users']) {
  return editEntries(run, 'user', {
    from,
    to,
    shape: userShape,
    edit: (inside, { element, from: before, to: wanted }) => {
      editAttributes(inside, element, USER_FIELDS, before, wanted)
      return editKeys(inside, element, before.keys, wanted.keys)
    },
  })
}

/** The same for the tokens. */
function editTokens(run: Run, from: AccessLists['tokens'], to: AccessLists['tokens']) {
  return editEntries(run, 'token', {
    from,
    to,
    shape: tokenShape,
    edit: (inside, { element, from: before, to: wanted }) => {
      editAttributes(inside, element, TOKEN_FIELDS, before, wanted)
      return undefined
    },
  })
}

function* editEntries<Item extends AccessItem>(
  { edits, root }: Run,
  name: 'user' | 'token',
  entries: Pick<ListChange<Item>, 'from' | 'to' | 'shape' | 'edit'>,
): Steps<readonly Shape[]> {
  const admin = childOf(root, 'admin')
  if (admin === undefined) return entries.to.map(entries.shape)
  yield* editList(edits, {
    ...entries,
    parent: admin,
    elements: childrenOf(admin, name),
    identity: (entry) => entry.name,
    ordered: false,
    reuse: false,
    place: 'last',
  })
  return []
}

function* editKeys(
  edits: TextEdits,
  user: Element,
  from: readonly string[],
  to: readonly string[],
): Steps<void> {
  yield* editList(edits, {
    parent: user,
    elements: childrenOf(user, 'key'),
    from,
    to,
    identity: (line) => line,
    ordered: true,
    reuse: true,
    place: 'last',
    shape: keyShape,
    edit: (inside, { element, from: before, to: wanted }) => {
      if (before !== wanted) inside.replace(element, keyShape(wanted))
    },
  })
}
