// Settings, operators and tokens of a tree as plain data. Two old spellings are folded in here: PythonDirector's
// `<admin listen=… secure=…>` is `<web>`, and its `<checktime>` is the interval of `<hostCheck>`.
import { TOKEN_FIELDS, USER_FIELDS } from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingValues } from '../../model/setting-fields.ts'
import type { BalancerSnapshot, TokenSnapshot, UserSnapshot } from '../../model/snapshot.ts'
import type { FaultList } from './fault.ts'
import { CHECKTIME, NAME } from './grammar.ts'
import { type Element, attributeOf, childOf, childrenOf } from './parse.ts'
import { Uniqueness } from './unique.ts'
import { valueOf, valuesOf } from './values.ts'

export function readSettings(root: Element, faults: FaultList): BalancerSnapshot['settings'] {
  const manager = childOf(root, 'manager')
  return {
    hostCheck: readHostCheck(root, faults),
    configCheck: valuesOf(childOf(manager, 'configCheck'), SETTING_FIELDS.configCheck),
    heartbeat: valuesOf(childOf(manager, 'heartbeat'), SETTING_FIELDS.heartbeat),
    ssh: valuesOf(childOf(childOf(root, 'admin'), 'ssh'), SETTING_FIELDS.ssh),
    web: readWeb(childOf(root, 'admin'), faults),
    engine: valuesOf(childOf(root, 'engine'), SETTING_FIELDS.engine),
    control: valuesOf(childOf(root, 'control'), SETTING_FIELDS.control),
    logging: valuesOf(childOf(root, 'logging'), SETTING_FIELDS.logging),
  }
}

export function readUsers(root: Element, faults: FaultList): readonly UserSnapshot[] {
  const names = new Uniqueness(faults, 'users', Number.POSITIVE_INFINITY)
  return childrenOf(childOf(root, 'admin'), 'user').map((element) => {
    const name = valueOf(element, NAME)
    names.add(element, NAME.attribute, name)
    judgePassword(element, faults)
    warnOfProof(element, faults)
    const keys = childrenOf(element, 'key').map((key) => readKey(key, faults))
    return { name, ...valuesOf(element, USER_FIELDS), keys }
  })
}

export function readTokens(root: Element, faults: FaultList): readonly TokenSnapshot[] {
  const names = new Uniqueness(faults, 'tokens', Number.POSITIVE_INFINITY)
  return childrenOf(childOf(root, 'admin'), 'token').map((element) => {
    const name = valueOf(element, NAME)
    names.add(element, NAME.attribute, name)
    return { name, ...valuesOf(element, TOKEN_FIELDS) }
  })
}

/** Does `<admin>` itself say what is otherwise said by `<web>`? */
export function adminIsWeb(admin: Element | undefined): boolean {
  return admin !== undefined && admin.tag.attributes.length > 0
}

/** The element with the settings of the page. */
export function webElementIn(root: Element): Element | undefined {
  const admin = childOf(root, 'admin')
  return adminIsWeb(admin) ? admin : childOf(admin, 'web')
}

/** One line as in an authorized_keys file; how it is broken and indented in the document does not matter. */
export function keyLine(text: string): string {
  return text.trim().replace(/\s*[\r\n]\s*/g, ' ')
}

function readHostCheck(root: Element, faults: FaultList): SettingValues['hostCheck'] {
  const element = childOf(childOf(root, 'manager'), 'hostCheck')
  const checktime = childOf(root, 'checktime')
  const values = valuesOf(element, SETTING_FIELDS.hostCheck)
  if (checktime === undefined) return values
  if (attributeOf(element, SETTING_FIELDS.hostCheck.intervalMs.attribute) !== undefined) {
    const message =
      '<checktime> is the old spelling of <hostCheck interval="…">, one of them is accepted'
    faults.fault(checktime.start, message)
  }
  return { ...values, intervalMs: valueOf(checktime, CHECKTIME) }
}

function readWeb(admin: Element | undefined, faults: FaultList): SettingValues['web'] {
  const web = childOf(admin, 'web')
  if (admin === undefined || !adminIsWeb(admin)) return valuesOf(web, SETTING_FIELDS.web)
  if (web !== undefined) {
    const message = '<admin> with attributes is the old spelling of <web>, one of them is accepted'
    faults.fault(web.start, message)
  }
  const values = valuesOf(admin, SETTING_FIELDS.web)
  // For PythonDirector an address was enough to serve the page.
  const { enable, listen } = SETTING_FIELDS.web
  const said = attributeOf(admin, enable.attribute) !== undefined
  return said ? values : { ...values, enable: attributeOf(admin, listen.attribute) !== undefined }
}

function readKey(element: Element, faults: FaultList): string {
  const line = keyLine(element.text)
  if (line === '')
    faults.fault(element.start, '<key> holds a line as in authorized_keys, got nothing')
  return line
}

function warnOfProof(user: Element, faults: FaultList): void {
  const { auth, password } = valuesOf(user, USER_FIELDS)
  if (password !== '' || !auth.includes('password')) return
  const offset = attributeOf(user, USER_FIELDS.auth.attribute)?.start ?? user.start
  const name = valueOf(user, NAME)
  faults.warn(offset, `${name} cannot log in: auth="${auth}" needs a password, and there is none`)
}

const DES_HASH = /^[./0-9A-Za-z]{13}$/
/** What the file shows to whoever may not see hashes. */
const MASKED = '***'
const OTHER_HASH = /^(scrypt\b|\$)/

function judgePassword(user: Element, faults: FaultList): void {
  const password = valueOf(user, USER_FIELDS.password)
  if (password === '' || OTHER_HASH.test(password)) return
  const offset = attributeOf(user, USER_FIELDS.password.attribute)?.start ?? user.start
  const name = valueOf(user, NAME)
  if (password === MASKED) {
    const next = 'put the hash, or take the file as an operator with role full'
    faults.fault(
      offset,
      `password of ${name} is ***, which stands for a hash that was not shown: ${next}`,
    )
    return
  }
  const problem = DES_HASH.test(password)
    ? `password of ${name} is an old DES hash, of which 8 characters count`
    : `password of ${name} is not a hash, so it lets nobody in`
  faults.warn(offset, `${problem}: make a new one with sluice passwd`)
}
