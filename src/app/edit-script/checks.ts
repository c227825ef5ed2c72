// The checks of a group, which are called by their places.
import { LIMITS } from '../../base/limits.ts'
import { changes } from '../../config/compare/difference.ts'
import { CHECK_FIELDS, type CheckValues } from '../../model/fields.ts'
import { beforeFlag, edit, type Edit, flagsOf, setEdit } from './edit.ts'
import { type ListEdit, listEdits } from './list-edits.ts'

const { type: _type, ...REST } = CHECK_FIELDS

export function checkEdits(
  group: string,
  from: readonly CheckValues[],
  to: readonly CheckValues[],
): readonly Edit[] {
  const edits = listEdits({
    from,
    to,
    textOf: (check) => JSON.stringify(check),
    alike: (was, check) => was.type === check.type,
    most: LIMITS.groupChecksMax,
  })
  return edits.flatMap((each) => editsOf(group, each))
}

function editsOf(group: string, each: ListEdit<CheckValues>): readonly Edit[] {
  const { action, at, item } = each
  switch (action) {
    case 'add': {
      const place = beforeFlag(each.isLast ? '' : `${at}`)
      const flags = { ...flagsOf(item, REST), ...place }
      return [edit({ verb: 'add check', words: [group, item.type], flags })]
    }
    case 'remove':
      return [edit({ verb: 'remove check', words: [group, `${at}`] })]
    case 'change':
      return changes('group', group, REST, each.was, item).map(({ field, to }) => {
        const words = [group, `${at}`]
        return setEdit({ verb: 'set check', words, table: REST, property: field, value: to })
      })
    default:
      return each satisfies never
  }
}
