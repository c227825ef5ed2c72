// The line editor of the roles readonly and operate: every line goes to the command table and to nothing
// else. There is no evaluator behind it.
import readline from 'node:readline'
import { LIMITS } from '../../base/limits.ts'
import { completeLine } from '../../commands/run.ts'
import type { Desk, Editor } from './desk.ts'
import { isLeaving } from './names.ts'
import { asTerminal, keepDumb, keepHistory } from './repl-private.ts'

const PAGER = /^\s*\.pager\b\s*(.*?)\s*$/

export function lineEditor(desk: Desk): Editor {
  const { input, output } = desk
  const type = desk.channel.terminal?.type ?? ''
  const completer = (line: string): [string[], string] => {
    const { candidates, replaced } = completeLine(line, desk.typist)
    return [[...candidates], replaced]
  }
  const editor = asTerminal(type, () =>
    readline.createInterface({
      // Readline only wants events of it, and `pause` and `resume`.
      input: input as unknown as NodeJS.ReadableStream,
      output,
      completer,
      terminal: true,
      historySize: LIMITS.promptHistoryMax,
      prompt: desk.prompt,
    }),
  )
  if (type === 'dumb') keepDumb(editor)
  keepHistory(editor, desk.history)
  editor.on('line', (line) => handleLine(line, desk, editor))
  editor.on('SIGINT', () => {
    // Ctrl-E, Ctrl-U: what was typed so far goes.
    editor.write(null, { ctrl: true, name: 'e' })
    editor.write(null, { ctrl: true, name: 'u' })
    output.write('\n')
    editor.prompt()
  })
  // Without a listener Ctrl-Z stops this whole process.
  editor.on('SIGTSTP', () => {})
  editor.on('close', () => desk.leave(0))
  editor.prompt()
  return {
    redraw: () => editor.prompt(true),
    setPrompt: (prompt) => editor.setPrompt(prompt),
    close: () => editor.close(),
  }
}

function handleLine(line: string, desk: Desk, editor: readline.Interface): void {
  if (isLeaving(line)) return editor.close()
  if (line.trim() === '') return editor.prompt()
  const [, pager] = PAGER.exec(line) ?? []
  if (pager !== undefined) {
    desk.output.write(`${desk.setPager(pager)}\n`)
    return editor.prompt()
  }
  // A command never rejects, and what it printed is bounded by the output.
  void desk.run(
    () => desk.showCommand(line),
    () => editor.prompt(),
  )
  return undefined
}
