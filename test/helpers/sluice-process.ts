// The real thing: the built Sluice as a process in a folder of its own, with ssh on a port of the system's
// choosing, an operator `op` with a fresh key, a control socket and a log of JSON lines.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeOf } from '../../scripts/bench/processes.ts'
import { sluice } from './built-sluice.ts'
import { testFolder } from './folder.ts'
import { makeClientKey, ssh, type SshResult, type SshTarget } from './ssh-client.ts'
import type { TestChild } from './test-child.ts'

export interface SluiceOptions {
  /** The `<service>` elements. */
  readonly services: string
  /** What stands in `<manager>`. */
  readonly manager?: string
  /** More `<user>` elements. */
  readonly users?: string
  /** More attributes of `<web>`; with them it is opened, on a port of the system's choosing. */
  readonly web?: string
  /** Where the ssh server listens; a port of the system's choosing by default. */
  readonly sshAt?: string
  /** Variables of the process. */
  readonly env?: Readonly<Record<string, string>>
  /** More words behind `sluice run`. */
  readonly args?: readonly string[]
}

/** One line of the log. */
export type Logged = Readonly<Record<string, unknown>> & {
  readonly time: string
  readonly level: string
  readonly event: string
}

const READY = /Ctrl-C stops gracefully\./
const SSH_LINE = /ssh -i \S+ -p (\d+) /

/** Start Sluice in a new folder. Ends with the test. */
export async function startSluice(options: SluiceOptions): Promise<SluiceProcess> {
  const folder = testFolder()
  mkdirSync(join(folder, 'keys'), { mode: 0o700 })
  makeClientKey(join(folder, 'keys'), 'op')
  writeFileSync(join(folder, 'config.xml'), documentOf(options), { mode: 0o600 })
  return startAgain(folder, options.env, options.args)
}

/** Start Sluice in the folder of one that has stopped. */
export async function startAgain(
  folder: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<SluiceProcess> {
  const child = sluice(['run', '--config', 'config.xml', ...args], { folder, env })
  await child.says(READY)
  return new SluiceProcess(folder, child)
}

/** A service with one address and one group `main`; hosts are called a, b, c. */
export function serviceOf(
  name: string,
  hosts: readonly (number | string)[],
  { listen = '127.0.0.1:0', group = '', host = '', door = '' } = {},
): string {
  const lines = hosts.map((at, index) => {
    const address = typeof at === 'number' ? `127.0.0.1:${at}` : at
    return `      <host name="${'abcdefgh'[index]}" ip="${address}" ${host}/>`
  })
  return `
  <service name="${name}">
    <listen ip="${listen}" ${door}/>
    <group name="main" scheduler="roundrobin" enable="true" ${group}>
${lines.join('\n')}
    </group>
  </service>`
}

export function documentOf({
  services,
  manager = '',
  users = '',
  web,
  sshAt = '127.0.0.1:0',
}: SluiceOptions) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by a test. -->
<config>${services}
  <admin>
    <ssh listen="${sshAt}" enable="true" />${
      web === undefined
        ? ''
        : `
    <web listen="127.0.0.1:0" enable="true" ${web} />`
    }
    <user name="op" access="full" />${users}
  </admin>
  <manager>${manager}</manager>
  <control socket="control.sock" />
  <logging file="sluice.log" format="json" />
</config>
`
}

export class SluiceProcess {
  readonly folder: string
  /** The configuration file. */
  readonly file: string
  readonly controlPath: string
  readonly child: TestChild
  /** How `op` logs in. */
  readonly target: SshTarget

  constructor(folder: string, child: TestChild) {
    this.folder = folder
    this.file = join(folder, 'config.xml')
    this.controlPath = join(folder, 'control.sock')
    this.child = child
    const port = Number(SSH_LINE.exec(child.out)?.[1])
    this.target = { folder, port, user: 'op', key: join(folder, 'keys', 'op') }
  }

  /** Where a service listens, by its name: as it was printed at the start. */
  addressOf(service: string): string {
    const pattern = new RegExp(`^  service ${service} listens on ([^\\s,]+)`, 'm')
    return pattern.exec(this.child.out)?.[1] ?? ''
  }

  portOf(service: string): number {
    return Number(this.addressOf(service).split(':').at(-1))
  }

  /** Where the page is, without a slash at the end. */
  get webUrl(): string {
    // The log goes on where that of the process before ended.
    const listens = this.logged('web listens').at(-1)
    return String(listens?.['url'])
  }

  get config(): string {
    return readFileSync(this.file, 'utf8')
  }

  /** The lines of the log, those of one event where it is given. */
  logged(event?: string): Logged[] {
    const file = join(this.folder, 'sluice.log')
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    const all = lines.map((line) => JSON.parse(line) as Logged)
    return event === undefined ? all : all.filter((line) => line.event === event)
  }

  /** Run a command that must succeed over ssh. @returns its output */
  async command(line: string): Promise<string> {
    const { status, out, err } = await this.ssh(line)
    assert.deepEqual({ line, status, err }, { line, status: 0, err: '' })
    return out
  }

  ssh(line: string, input = ''): Promise<SshResult> {
    return ssh(this.target, [line], input)
  }

  /** What `show WHAT` answers. */
  async show<Row = Readonly<Record<string, unknown>>>(what: string): Promise<readonly Row[]> {
    return JSON.parse(await this.command(`show ${what} --json`)) as readonly Row[]
  }

  /** Ask it to stop, as a service manager does; it must end well and leave nothing. */
  async stop(): Promise<void> {
    const below = treeOf(this.child.pid).filter((pid) => pid !== this.child.pid)
    const { status, err } = await this.child.stop('SIGTERM')
    assert.deepEqual({ status, err }, { status: 0, err: '' })
    this.assertNothingLeft(below)
  }

  /** Neither children nor the control socket; and nothing that nobody caught was logged meanwhile. */
  assertNothingLeft(below: readonly number[] = []): void {
    assert.deepEqual(
      below.filter((pid) => existsSync(`/proc/${pid}`)),
      [],
    )
    assert.equal(existsSync(this.controlPath), false, 'the control socket is gone')
    this.assertNoSurprises()
  }

  assertNoSurprises(): void {
    const surprises = ['uncaught exception', 'unhandled rejection', 'unexpected']
    assert.deepEqual(
      this.logged().filter(({ event }) => surprises.includes(event)),
      [],
    )
  }
}
