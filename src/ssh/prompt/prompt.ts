// The prompt in a terminal: a banner, then the editor that the operator's role may have. The role full gets
// Node's REPL; the others get a line editor that runs commands and evaluates nothing.
import { printable } from '../../commands/answer/columns.ts'
import type { Process } from '../../commands/context.ts'
import type { OperatorChannel } from '../channel.ts'
import { Desk } from './desk.ts'
import { lineEditor } from './lines.ts'
import { replEditor } from './repl.ts'
import type { PromptOptions } from './workspace.ts'

export async function runPrompt(channel: OperatorChannel, options: PromptOptions): Promise<void> {
  const desk = await Desk.open(channel, options)
  if (desk === undefined) return
  desk.output.write(bannerOf(options.process))
  desk.seat(channel.login.role === 'full' ? replEditor(desk) : lineEditor(desk))
}

function bannerOf(process: Process): string {
  const { version, engine, balancer } = process
  const { unsaved } = process.document()
  const services = balancer.serviceList
  const hosts = services.flatMap((service) => service.groupList.flatMap((group) => group.hostList))
  const ready = hosts.filter((host) => host.ready).length
  const counts = `${plural(services.length, 'service')}, ${plural(ready, 'host')} ready`
  const hint = '"help" explains, TAB completes, Ctrl-D leaves.'
  const trouble = unsaved === undefined ? '' : `unsaved: ${printable(unsaved)}\n`
  return `Sluice ${version}, ${engine.name} engine: ${counts}.\n${hint}\n${trouble}`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
