// Sluice as a peer: its configuration as text, with checks and file sync off, and with an operator where the set-up
// has one.
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineName, Job } from './job.ts'

/** Write what it reads at its start. @returns the words behind `sluice` */
export async function sluiceWords(job: Job, engine: EngineName): Promise<string[]> {
  const file = join(job.folder, 'config.xml')
  await writeFile(file, sluiceConfig(job), { mode: 0o600 })
  if (job.setup.name === 'looped') await makeKey(job.folder)
  const threads = engine === 'splice' ? ['--engine-threads', String(job.engineThreads)] : []
  return ['run', '--config', file, '--engine', engine, ...threads]
}

/** The private key of the operator `op`. */
export function keyOf(folder: string): string {
  return join(folder, 'keys', 'op')
}

/** Sluice finds the public half by its name. */
async function makeKey(folder: string): Promise<void> {
  await mkdir(join(folder, 'keys'), { mode: 0o700 })
  execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', keyOf(folder)])
}

function sluiceConfig({ setup: { name, scheduler, targets }, port, sshPort }: Job): string {
  const hosts = targets.map(
    ({ ip, port }, index) => `      <host name="h${index}" ip="${ip}:${port}" weight="1"/>`,
  )
  const enabled = name === 'looped'
  return `<config>
  <service name="web">
    <listen ip="127.0.0.1:${port}"/>
    <group name="main" scheduler="${scheduler}" enable="true">
${hosts.join('\n')}
    </group>
  </service>
  <admin>
    <ssh listen="127.0.0.1:${enabled ? sshPort : 2222}" enable="${enabled}"/>
    <user name="op" access="full"/>
  </admin>
  <manager>
    <hostCheck interval="10" enable="false"/>
    <configCheck interval="10" enable="false"/>
    <heartbeat interval="20" enable="false"/>
  </manager>
  <logging level="error"/>
</config>
`
}
