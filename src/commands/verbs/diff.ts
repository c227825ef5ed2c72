// `diff`: what turns one document into another, as a list of changes or as lines of text.
import { notUnderstood } from '../../base/errors.ts'
import { didYouMean } from '../../base/nearest.ts'
import { printableLines } from '../answer/columns.ts'
import { countOf, linesOf } from '../answer/difference-text.ts'
import { unifiedDiff } from '../answer/line-diff.ts'
import { command, type Kind } from '../command.ts'
import type { Process } from '../context.ts'
import type { DocumentName } from '../documents.ts'
import { withoutHashes } from '../show/config.ts'

const WORDS = ['running', 'stored'] as const
const ACCEPTS = 'running, stored, the number of a revision, or the path of a file of the server'

const documentKind = {
  accepts: ACCEPTS,
  read(word: string): DocumentName {
    const name = WORDS.find((each) => each === word)
    if (name !== undefined) return name
    if (/^[1-9]\d{0,14}$/.test(word)) return Number(word)
    if (isFile(word)) return { file: word }
    const got = `${JSON.stringify(word)}${didYouMean(word, WORDS)}`
    throw notUnderstood(`no document ${got}; accepted: ${ACCEPTS}`)
  },
  candidates: () => WORDS,
} as const

const [a, b]: readonly [Kind<DocumentName>, Kind<DocumentName>] = [
  { ...documentKind, placeholder: 'A' },
  { ...documentKind, placeholder: 'B' },
]

export const diff = command({
  words: ['diff'],
  arguments: {
    from: { kind: a, summary: 'what it was; left out, stored', optional: true },
    to: { kind: b, summary: 'what it is to be; left out, running', optional: true },
  },
  flags: {
    text: { summary: 'the lines that come and go, as diff -u shows them' },
    commands: {
      summary: 'what to type, for batch; with hashes of passwords and tokens, so for role full',
    },
  },
  role: 'readonly',
  // The process may read files that the operator may not.
  roleFor: ({ positions, flags }) => {
    const isSecret = flags.some(({ word }) => word === '--commands')
    return isSecret || positions.some(isFile) ? 'full' : 'readonly'
  },
  looks: true,
  summary: 'say what turns one document into another; a file of the server is for role full',
  examples: [
    'diff',
    'diff 1',
    'diff 1 2 --text',
    'diff running 1 --commands',
    'diff running /etc/sluice/new.xml',
  ],
  json: { list: false, fields: ['from', 'to', 'differences', 'text', 'commands'] },
  async run(given, { process, role }) {
    const { from = 'stored', to = 'running', text: asText, commands: asCommands } = given
    if (asText && asCommands) throw notUnderstood('--text and --commands are two answers')
    const differences = await process.history.compare(from, to)
    const [before, after] = [labelOf(from), labelOf(to)]
    const shown = (name: DocumentName) => textOf(name, process, role === 'full')
    const text = asText ? unifiedDiff([before, await shown(from)], [after, await shown(to)]) : null
    const commands = asCommands ? await process.history.commands(from, to) : null
    return { from: before, to: after, differences, text, commands }
  },
  text({ from, to, differences, text, commands }) {
    if (commands !== null) return printableLines(commands.map((line) => `${line}\n`).join(''))
    if (text === null) return `${linesOf(differences)}${from} to ${to}: ${countOf(differences)}\n`
    return text === '' ? `${from} to ${to}: the same text\n` : printableLines(text)
  },
})

async function textOf(name: DocumentName, process: Process, hashes: boolean): Promise<string> {
  const text = await process.history.text(name)
  return hashes ? text : withoutHashes(text)
}

function isFile(word: string): boolean {
  return word.includes('/') || word.endsWith('.xml')
}

function labelOf(name: DocumentName): string {
  if (typeof name === 'number') return `revision ${name}`
  return typeof name === 'string' ? name : name.file
}
