// `set setting`: the parts of the document that are not services, each named by its element in the XML.
import { SETTING_FIELDS } from '../../model/setting-fields.ts'
import { command, type Place } from '../command.ts'
import { DONE_JSON, textOfDone } from '../answer/done.ts'
import { type Fields, fieldOf, fieldValue, oneOf } from '../line/kinds.ts'
import { setField } from './set.ts'
import { SETTING_NAMES, settingOf } from '../line/settable.ts'

export const setSetting = command({
  words: ['set', 'setting'],
  arguments: {
    setting: { kind: oneOf('SETTING', SETTING_NAMES), summary: 'the name of its element' },
    field: { kind: fieldOf('an attribute of that element', tableAt), summary: 'what to change' },
    value: { kind: fieldValue(tableAt), summary: 'the new value' },
  },
  // Among them is where operators log in and with which keys.
  edits: true,
  role: 'full',
  summary: 'change one field of a setting; some take effect after a restart only',
  examples: ['set setting hostCheck interval 5s', 'set setting logging level debug'],
  json: DONE_JSON,
  run: ({ setting, field, value }, { process }) => {
    return setField(settingOf(process.balancer, setting), field, value)
  },
  text: textOfDone,
})

// The setting is named by the word in front of the field.
function tableAt({ before }: Place): Fields {
  const name = SETTING_NAMES.find((each) => each === before.at(-1))
  return name === undefined ? {} : SETTING_FIELDS[name]
}
