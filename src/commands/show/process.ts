// What there is to see of the running process itself: its log, its version, its engine.
import { version as nodeVersion } from 'node:process'
import { LIMITS } from '../../base/limits.ts'
import { formatLogLine, type LogLine } from '../../base/log.ts'
import type { EngineThreadView } from '../../model/engine-view.ts'
import { whole } from '../../model/field.ts'
import { type Column, formatTable } from '../answer/columns.ts'
import { command } from '../command.ts'
import { fieldFlag } from '../line/kinds.ts'

const LINES_SHOWN = 20
const MEBIBYTE = 1_024 * 1_024

const THREAD_COLUMNS: readonly Column<EngineThreadView>[] = [
  { title: 'thread', of: ({ thread }) => thread, right: true },
  { title: 'sessions', of: ({ sessions }) => sessions, right: true },
  { title: 'accepted', of: ({ accepted }) => accepted, right: true },
  { title: 'bytes', of: ({ bytesMoved }) => bytesMoved, right: true, field: 'bytesMoved' },
  { title: 'pipes', of: ({ pipes }) => pipes, right: true },
  { title: 'in use', of: ({ pipesInUse }) => pipesInUse, right: true, field: 'pipesInUse' },
  { title: 'turns', of: ({ turns }) => turns, right: true },
]

const lines = whole({
  attribute: 'lines',
  summary: `lines to show at most; ${LINES_SHOWN} where it is left out`,
  effect: 'at once',
  min: 1,
  max: LIMITS.logLinesKept,
  standard: LINES_SHOWN,
})

export const showLog = command({
  words: ['show', 'log'],
  flags: { lines: fieldFlag('N', lines) },
  role: 'readonly',
  summary: 'print the last lines of the log, newest last',
  examples: ['show log', 'show log --lines 100'],
  json: { list: true, fields: ['time', 'level', 'event', 'facts'] },
  run: ({ lines: most = LINES_SHOWN }, { process }) => process.logLines().slice(-most),
  text(found) {
    return found.length === 0 ? 'nothing was logged yet\n' : found.map(lineOf).join('')
  },
})

export const showVersion = command({
  words: ['show', 'version'],
  role: 'readonly',
  summary: 'say which Sluice runs, and since when',
  examples: ['show version'],
  json: { list: false, fields: ['version', 'node', 'startedAt'] },
  run(_, { process }) {
    const startedAt = new Date(process.startedAt).toISOString()
    return { version: process.version, node: nodeVersion, startedAt }
  },
  text: ({ version, node, startedAt }) =>
    `sluice ${version} on node ${node}, started ${startedAt}\n`,
})

export const showEngine = command({
  words: ['show', 'engine'],
  role: 'readonly',
  summary: 'say which engine carries the traffic, what the process takes, and its host keys',
  examples: ['show engine'],
  json: {
    list: false,
    fields: [
      'name',
      'reason',
      'engineThreads',
      'exceptions',
      'pid',
      'threads',
      'rssBytes',
      'loopDelayP99Ms',
      'hostKeys',
    ],
  },
  run(_, { process }) {
    const { name, reason, threads: engineThreads, exceptions } = process.engine
    const { hostKeys } = process
    return { name, reason, engineThreads, exceptions, ...process.usage(), hostKeys }
  },
  text({ name, reason, engineThreads, exceptions, pid, threads, ...rest }, _, { columns }) {
    const { rssBytes, loopDelayP99Ms, hostKeys } = rest
    const memory = `${Math.round(rssBytes / MEBIBYTE)} MiB`
    const others = exceptions.map(({ service, engine, reason: why }) => {
      return `service ${service}: ${engine}, ${why}\n`
    })
    const keys = hostKeys.map((key) => {
      return `host key: ${key.bits} ${key.fingerprint} ${key.file} (${key.algorithm})\n`
    })
    return [
      `${name}: ${reason}\n`,
      ...others,
      `pid ${pid}, ${threads} threads, ${memory}; event loop late by ${loopDelayP99Ms} ms at p99\n`,
      ...keys,
      ...(engineThreads.length === 0 ? [] : [formatTable(THREAD_COLUMNS, engineThreads, columns)]),
    ].join('')
  },
})

function lineOf(line: LogLine): string {
  return `${formatLogLine(line)}\n`
}
