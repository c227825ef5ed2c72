// `log level`: which lines are written to the log, shown or set.
import { SETTING_FIELDS } from '../../model/setting-fields.ts'
import { command } from '../command.ts'
import { valueOf } from '../line/kinds.ts'

export const logLevel = command({
  words: ['log', 'level'],
  arguments: {
    level: {
      kind: valueOf('LEVEL', SETTING_FIELDS.logging.level),
      summary: 'least severe lines to write from now on',
      optional: true,
    },
  },
  edits: true,
  role: 'readonly',
  roleFor: ({ positions }) => (positions.length === 0 ? 'readonly' : 'operate'),
  summary: 'say or set which lines are written to the log; setting it needs role operate',
  examples: ['log level', 'log level debug'],
  json: { list: false, fields: ['before', 'level', 'message', 'candidate'] },
  run({ level: wanted }, { process: { balancer } }) {
    const before = balancer.settings.logging.level
    if (wanted !== undefined) balancer.configure('logging', { level: wanted })
    const { level } = balancer.settings.logging
    const message = before === level ? `log level ${level}` : `log level ${before} -> ${level}`
    return { before, level, message }
  },
  text: ({ message }) => `${message}\n`,
})
