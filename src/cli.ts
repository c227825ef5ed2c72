// The command line: words in, one verb run, an exit status out. 0 done, 1 refused or failed, 2 not understood; `diff` has
// those of diff(1).
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import yargs, { type Argv } from 'yargs'
import { ENGINE_CHOICES, ENGINE_FIELDS, readThreads } from './app/choose-engine.ts'
import { runUntilStopped } from './app/start.ts'
import {
  type Told,
  auditVerify,
  check,
  diff,
  keygen,
  passwd,
  sentenceOf,
  showHostKeys,
} from './app/tools.ts'
import { VERSION } from './app/version.ts'

/** @returns the exit status */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let exit = 0
  const parser = commandLine(words, (status) => {
    exit = status
  })
  try {
    await parser.parseAsync()
  } catch (error) {
    // Yargs has already said it: see `fail`.
    if (!(error instanceof NotUnderstood)) throw error
  }
  return exit
}

class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'
}

function commandLine(words: readonly string[], exitWith: (status: number) => void): Argv {
  const parser = yargs([...words])
    .scriptName('sluice')
    .usage('Sluice, a load balancer you ssh into.\n\n$0 COMMAND')
    .version(VERSION)
    .strict()
    .demandCommand(1, 1, 'Say what to do.', 'One command at a time.')
    .exitProcess(false)
    .recommendCommands()
    .wrap(100)
    .fail((message, error) => {
      if (error !== undefined && error !== null && !message) throw error
      console.error(`sluice: ${message}\n`)
      parser.showHelp('error')
      exitWith(2)
      throw new NotUnderstood(message)
    })
  const verbs = [runCommand, checkCommand, diffCommand, passwdCommand, keygenCommand, auditCommand]
  return verbs.reduce((line, add) => add(line, async (verb) => exitWith(await tell(verb))), parser)
}

/** Runs what a command stands for, and keeps its exit status. */
type Run = (verb: () => Promise<Told>) => Promise<void>

function runCommand(line: Argv, run: Run): Argv {
  return line.command(
    'run',
    'balance, until Ctrl-C',
    {
      config: {
        string: true,
        default: 'run/config.xml',
        requiresArg: true,
        describe: 'configuration file',
      },
      engine: {
        choices: ENGINE_CHOICES,
        default: 'auto',
        requiresArg: true,
        describe: ENGINE_FIELDS.engine.summary,
      },
      'engine-threads': {
        string: true,
        requiresArg: true,
        coerce: readThreads,
        describe: ENGINE_FIELDS.threads.summary,
      },
      demo: { boolean: true, default: false, describe: 'start three hosts on ports 9001 to 9003' },
      'read-only-config': {
        boolean: true,
        default: false,
        describe: 'never write the configuration file; edits of it are taken over',
      },
    } as const,
    (options) => run(() => runVerb(options)),
  )
}

function checkCommand(line: Argv, run: Run): Argv {
  return line.command(
    'check <file>',
    'say whether a configuration file would load, and what is wrong with it',
    (options) =>
      options
        .positional('file', { type: 'string', demandOption: true })
        .option('json', { boolean: true, default: false, describe: 'for scripts' })
        .option('strict', { boolean: true, default: false, describe: 'refuse warnings, too' }),
    ({ file, json, strict }) => run(() => check(file, { json, strict })),
  )
}

function diffCommand(line: Argv, run: Run): Argv {
  return line.command(
    'diff <from> <to>',
    'print the commands that turn a balancer with one configuration file into one with another: exit 0 the same, 1 different, 2 trouble',
    (options) =>
      options
        .positional('from', { type: 'string', demandOption: true })
        .positional('to', { type: 'string', demandOption: true })
        .option('json', { boolean: true, default: false, describe: 'for scripts' })
        .example('$0 diff run/config.xml new.xml > edits; ssh lb batch < edits', ''),
    ({ from, to, json }) => run(() => diff([from, to], { json })),
  )
}

function passwdCommand(line: Argv, run: Run): Argv {
  const summary = 'ask for a password, print the hash for <user password="…">'
  return line.command('passwd', summary, {}, () =>
    run(async () => passwd(...(await askForPassword()))),
  )
}

function keygenCommand(line: Argv, run: Run): Argv {
  return line.command(
    'keygen [name]',
    'make a key for an operator: keys/NAME and keys/NAME.pub; with --show print the host keys',
    (options) =>
      options
        .positional('name', { type: 'string' })
        .option('folder', {
          string: true,
          default: 'keys',
          requiresArg: true,
          describe: 'where to',
        })
        .option('show', {
          boolean: true,
          default: false,
          describe: 'print the host keys as ssh-keygen -lf does',
        })
        .option('config', {
          string: true,
          default: 'run/config.xml',
          requiresArg: true,
          describe: 'configuration file that names the host keys',
        })
        .check(({ name, show }) => {
          if ((name === undefined) === show) return true
          throw new Error('Say for whom the key is (NAME), or --show, and not both.')
        }),
    ({ name, folder, config }) =>
      run(() => (name === undefined ? showHostKeys(config) : keygen(name, folder))),
  )
}

function auditCommand(line: Argv, run: Run): Argv {
  return line.command(
    'audit <task> [file]',
    'audit verify: say whether the audit log is whole, or what was cut, edited or removed',
    (options) =>
      options
        .positional('task', { choices: ['verify'] as const, demandOption: true })
        .positional('file', {
          type: 'string',
          describe: 'the audit log; beside --config by default',
        })
        .option('config', {
          string: true,
          default: 'run/config.xml',
          requiresArg: true,
          describe: 'configuration file, beside which the audit log is',
        }),
    ({ file, config }) => run(() => auditVerify(file, config)),
  )
}

async function runVerb(options: Parameters<typeof runUntilStopped>[0]): Promise<Told> {
  await runUntilStopped(options, console.log)
  return { lines: [], exit: 0 }
}

async function tell(verb: () => Promise<Told>): Promise<number> {
  try {
    const { lines, troubles = [], exit } = await verb()
    for (const line of lines) console.log(line)
    for (const line of troubles) console.error(line)
    return exit
  } catch (error) {
    console.error(`sluice: ${sentenceOf(error)}`)
    return 1
  }
}

// At a terminal: twice, without showing it. From a script: the first line of standard input.
async function askForPassword(): Promise<string[]> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) {
    for await (const line of createInterface({ input: stdin })) return [line]
    return []
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: stdin, output: silent, terminal: true })
  const answers: string[] = []
  for (const question of ['Password: ', 'Again: ']) {
    stderr.write(question)
    answers.push(await terminal.question(''))
    stderr.write('\n')
  }
  terminal.close()
  return answers
}
