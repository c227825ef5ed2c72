// Settings, with what is to be known where they may lock somebody out.
import type { Difference } from '../../config/compare/difference.ts'
import { SETTING_FIELDS, type SettingName, type SettingValues } from '../../model/setting-fields.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { type Edit, setEdit } from './edit.ts'

/** None where it is no difference of a setting. */
export function settingEdit(
  difference: Difference,
  { settings }: BalancerSnapshot,
): readonly Edit[] {
  if (difference.action !== 'set' || difference.kind !== 'setting') return []
  const { path, field, to } = difference
  const name = path.slice(path.indexOf('/') + 1) as SettingName
  const notes = notesOn(`${name}.${field}`, settings)
  const table = SETTING_FIELDS[name]
  return [setEdit({ verb: 'set setting', words: [name], table, property: field, value: to, notes })]
}

function notesOn(field: string, { ssh }: SettingValues): readonly string[] {
  switch (field) {
    case 'ssh.enable':
      return ssh.enable ? [] : ['nobody can log in over ssh then']
    case 'ssh.listen':
      return [`operators have to log in at ${ssh.listen} then`]
    case 'ssh.keys':
      return [`whose key stands in no <key> cannot log in any more, unless ${ssh.keys} has it`]
    default:
      return []
  }
}
