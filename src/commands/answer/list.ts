// Commands that answer with a table: columns as data, and with them filters, an order and a choice of columns that
// work alike for all of them, in text and in JSON.
import { cellOf, type Column, formatTable } from './columns.ts'
import {
  type Argument,
  type Arguments,
  type Command,
  type CommandSpec,
  command,
  type Flag,
  type Flags,
  type Given,
  type GivenTo,
  type List,
} from '../command.ts'
import type { CommandContext } from '../context.ts'
import {
  columnsFor,
  columnsKind,
  type ListOf,
  sortKind,
  type View,
  whereKind,
} from './list-view.ts'

interface ListSpec<Of extends Arguments, With extends Flags, Row extends object>
  extends Omit<CommandSpec<Of, With, readonly Row[]>, 'json' | 'run' | 'text'>,
    ListOf<Row> {
  /** Rows that `view` does not keep, or in another order, are seen to afterwards: only a list that is cut needs it. */
  run(
    given: GivenTo<Of, With>,
    context: CommandContext,
    view: View<Row>,
  ): readonly Row[] | Promise<readonly Row[]>
  /** What is said where there is nothing to list. */
  empty(given: GivenTo<Of, With>, context: CommandContext): string
  /** Lines under the table. */
  notes?(rows: readonly Row[], given: GivenTo<Of, With>, context: CommandContext): string
}

/** Write down one command that answers with a table. */
export function listCommand<
  Row extends object,
  const Of extends Arguments = Record<never, Argument>,
  const With extends Flags = Record<never, Flag>,
>(spec: ListSpec<Of, With, Row>): Command {
  const { fields, columns } = spec
  const shape: ListOf<Row> = { fields, columns }
  const list = listOf(shape, (rows, given, context) => {
    return spec.notes?.(rows as readonly Row[], given as never, context) ?? ''
  })
  const table = command({
    ...(spec as Omit<typeof spec, 'run'>),
    flags: { ...spec.flags, ...viewFlags(shape) },
    json: { list: true, fields },
    run: async (given, context) => {
      const view = viewOf<Row>(given)
      return arranged(await spec.run(given as never, context, view), view)
    },
    text(rows, given, context) {
      const under = list.notesOn(rows, given, context)
      if (rows.length > 0) return list.tableOf(rows, given, context) + under
      return given.where === undefined
        ? spec.empty(given as never, context) + under
        : `nothing is as --where says\n${under}`
    },
  })
  return { ...table, list }
}

type Notes = List['notesOn']

function listOf<Row extends object>(shape: ListOf<Row>, notesOn: Notes): List {
  return {
    textOf(row, given) {
      const cells = columnsShown(given, shape).map(({ of }) => cellOf(of(row as Row)))
      return cells.join('  ')
    },
    jsonOf(row, given) {
      const chosen = chosenIn(given)
      if (chosen === undefined) return row
      const values = row as Readonly<Record<string, unknown>>
      return Object.fromEntries(chosen.map((field) => [field, values[field]]))
    },
    tableOf: (rows, given, { columns }) => {
      return formatTable(columnsShown(given, shape), rows as readonly Row[], columns)
    },
    notesOn,
  }
}

function viewFlags<Row>(list: ListOf<Row>) {
  return {
    where: { kind: whereKind(list), summary: 'only rows whose fields compare so' },
    sort: { kind: sortKind(list), summary: 'the order of the rows' },
    columns: { kind: columnsKind(list), summary: 'only these fields, in this order' },
  }
}

/** What the flags say; the reader of typed lines filled them by the kinds above. */
function viewOf<Row>(given: Given): View<Row> {
  const keeps = given['where'] as View<Row>['keeps'] | undefined
  const order = given['sort'] as View<Row>['order']
  return { keeps: keeps ?? (() => true), order, piped: given['piped'] === true }
}

/** The rows that a view keeps, in its order. */
export function arranged<Row>(
  rows: readonly Row[],
  { keeps, order }: Pick<View<Row>, 'keeps' | 'order'>,
): readonly Row[] {
  const kept = rows.filter(keeps)
  return order === undefined ? kept : kept.toSorted(order)
}

function columnsShown<Row extends object>(
  given: Given,
  shape: ListOf<Row>,
): readonly Column<Row>[] {
  const chosen = chosenIn(given)
  return chosen === undefined ? shape.columns : columnsFor(chosen, shape)
}

function chosenIn(given: Given): readonly string[] | undefined {
  return given['columns'] as readonly string[] | undefined
}
