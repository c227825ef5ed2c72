// The pages with sessions are true: every one that they show is typed into a real shell, with a real ssh client and a
// running process, in the order of the page.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { builtSluice } from '../helpers/built-sluice.ts'
import { type TestClient, connectTo } from '../helpers/clients.ts'
import { freePorts } from '../helpers/free-port.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { pathOf } from '../helpers/programs.ts'
import { prints, shownIn } from '../helpers/shown-sessions.ts'
import { type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'

const OPERATING = 'docs/operating.md'
const PAGES = [OPERATING, 'docs/documents.md']

test('the first page shows twenty tasks or more', () => {
  const tasks = readFileSync(OPERATING, 'utf8').match(/^### /gm) ?? []
  expect(tasks.length).toBeGreaterThanOrEqual(20)
})

test.each(PAGES)('every session on %s prints what it shows', { timeout: 120_000 }, async (page) => {
  const { sluice, clients, shell } = await startAsShown()
  for (const shown of shownIn(readFileSync(page, 'utf8'))) {
    const printed = await shell(shown.command)
    const same = prints(shown, printed)
    expect
      .soft(same ? shown.prints.join('\n') : printed, `${page}:${shown.at} ${shown.command}`)
      .toBe(shown.prints.join('\n'))
  }
  for (const { socket } of clients) socket.destroy()
  await sluice.stop()
})

interface Shown {
  readonly sluice: SluiceProcess
  /** One on each host, as far as the page did not end it. */
  readonly clients: readonly TestClient[]
  /** Run one line as the page's reader would. @returns both outputs */
  readonly shell: (line: string) => Promise<string>
}

async function startAsShown(): Promise<Shown> {
  const hosts = await Promise.all(['a', 'b', 'c', 's'].map(() => echoHost()))
  onTestFinished(async () => {
    await Promise.all(hosts.map((host) => host.close()))
  })
  const [door = 0, second = 0] = await freePorts(2)
  const sluice = await startSluice({ services: servicesOf(hosts, door) })
  const clients: TestClient[] = []
  for (const _ of hosts.slice(0, 3)) {
    const client = await connectTo(`127.0.0.1:${door}`)
    client.socket.resume()
    onTestFinished(() => void client.socket.destroy())
    clients.push(client)
  }
  const bin = shellFolder(sluice)
  const ports = [
    ['127.0.0.1:8080', `127.0.0.1:${door}`],
    ['127.0.0.1:8081', `127.0.0.1:${second}`],
  ] as const
  const shell = async (line: string) => {
    const real = ports.reduce((text, [shown, bound]) => text.replaceAll(shown, bound), line)
    const printed = await runLine(real, bin, sluice.folder)
    return ports.reduce((text, [shown, bound]) => text.replaceAll(bound, shown), printed)
  }
  return { sluice, clients, shell }
}

function servicesOf(hosts: readonly TestHost[], door: number): string {
  const [a, b, c, s] = hosts.map(({ address }) => address)
  return `
  <service name="web">
    <listen ip="127.0.0.1:${door}" />
    <group name="main" scheduler="roundrobin" enable="true">
      <host name="a" ip="${a}" />
      <host name="b" ip="${b}" />
      <host name="c" ip="${c}" />
    </group>
    <group name="spare" scheduler="roundrobin"><host name="s" ip="${s}" /></group>
  </service>`
}

/** `lb` in ssh's own configuration, as the page asks its reader to have it. */
function shellFolder({ folder, target }: SluiceProcess): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const config = join(bin, 'ssh_config')
  writeFileSync(
    config,
    `Host lb
  HostName 127.0.0.1
  Port ${target.port}
  User ${target.user}
  IdentityFile ${target.key}
  IdentitiesOnly yes
  UserKnownHostsFile ${join(bin, 'known_hosts')}
  StrictHostKeyChecking accept-new
  LogLevel ERROR
`,
  )
  for (const program of ['ssh', 'scp', 'sftp'] as const) {
    const script = `#!/bin/sh\nexec ${pathOf(program)} -F ${config} "$@"\n`
    writeFileSync(join(bin, program), script, { mode: 0o755 })
  }
  const [node, main] = builtSluice()
  writeFileSync(join(bin, 'sluice'), `#!/bin/sh\nexec ${node} ${main} "$@"\n`, { mode: 0o755 })
  // The pages call the file as `npm start` does.
  symlinkSync('.', join(folder, 'run'))
  return bin
}

function runLine(line: string, bin: string, folder: string): Promise<string> {
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }
  return new Promise((resolve) => {
    // A page shows failures, too: their status is part of what is printed.
    execFile('sh', ['-c', `exec 2>&1\n${line}`], { cwd: folder, env }, (_error, out) =>
      resolve(out),
    )
  })
}
