// From the result of a command to what is printed: text for people or JSON, through the pipes that were typed. Rows of
// a table are chosen before it is laid out, so that a pipe sees whole cells and the table fits what is left of it.
import { printableLines } from './columns.ts'
import type { Command, Given } from '../command.ts'
import type { CommandContext } from '../context.ts'
import type { Row } from './pipeline.ts'
import type { Pipes } from '../line/pipes.ts'

/** One command on its way to an answer. */
export interface Asked {
  readonly command: Command
  readonly given: Given
  readonly pipes: Pipes
  readonly context: CommandContext
}

/** The text of an answer that is there as a whole. Ends with a line end unless it is empty. */
export async function renderWhole(result: unknown, asked: Asked): Promise<string> {
  const { command, given, pipes, context } = asked
  if (given['json'] === true) return renderJson(result, asked)
  if (!pipes.filter) return printableLines(command.text(result, given, context))
  if (command.list === undefined) return textOf(pipes.open().all(linesOf(result, asked)))
  return renderTable(result as readonly unknown[], asked)
}

/** Print an answer that comes piece by piece, until it ends, the pipes are full or the operator has left. */
export async function renderStream(pieces: AsyncIterable<unknown>, asked: Asked): Promise<void> {
  const { command, given, pipes, context } = asked
  const pipeline = pipes.open()
  const json = given['json'] === true
  const print = async (rows: readonly Row[]) => {
    const text = json ? rows.map(({ value }) => jsonOf(value, 0)).join('') : textOf(rows)
    if (text !== '') await context.print(text)
  }
  for await (const piece of pieces) {
    if (context.signal.aborted) return
    const rows = json ? [itemOf(piece)] : linesOf(piece, asked)
    for (const row of rows) await print(pipeline.push(row))
    if (pipeline.full && command.mustEnd !== true) break
  }
  await print(pipeline.end())
}

/** Indented at a terminal (`columns` above 0), one line elsewhere. */
export function jsonOf(value: unknown, columns: number): string {
  const json = JSON.stringify(value, undefined, columns > 0 ? 2 : 0)
  // JSON leaves these as they are, and a terminal may take some of them as commands.
  const escaped = json.replace(/[\u007f-\u009f]/g, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `${escaped}\n`
}

function renderJson(result: unknown, { command, given, pipes, context }: Asked): string {
  const { columns } = context
  const item = (value: unknown) => command.list?.jsonOf(value, given) ?? value
  const list = command.json.list
  const items = list ? (result as readonly unknown[]).map(item) : [result]
  if (!pipes.filter) return jsonOf(list ? items : result, columns)
  const left = pipes.open().all(items.map(itemOf))
  const values = left.map(({ value }) => value)
  return jsonOf(list && !pipes.counts ? values : (values[0] ?? null), columns)
}

async function renderTable(rows: readonly unknown[], asked: Asked): Promise<string> {
  const { command, given, pipes, context } = asked
  const { list } = command
  if (list === undefined) return ''
  const left = pipes.open().all(rows.map((value) => ({ value, text: list.textOf(value, given) })))
  const notes = printableLines(list.notesOn(rows, given, context))
  if (pipes.counts || left.length === 0) {
    if (notes !== '') await context.note(notes)
    return textOf(left)
  }
  const values = left.map(({ value }) => value)
  return printableLines(list.tableOf(values, given, context)) + notes
}

function itemOf(value: unknown): Row {
  return { value, text: JSON.stringify(value) }
}

function linesOf(result: unknown, { command, given, context }: Asked): readonly Row[] {
  const lines = printableLines(command.text(result, given, context)).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((text) => ({ text, value: text }))
}

function textOf(rows: readonly Row[]): string {
  return rows.map(({ text }) => `${text}\n`).join('')
}
