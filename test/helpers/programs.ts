// Finds the programs of Debian that end-to-end tests talk to. A missing one fails the test that needs it with
// the package to install.
import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PACKAGES = {
  chromium: 'chromium',
  dbclient: 'dropbear-bin',
  flock: 'util-linux',
  initdb: 'postgresql',
  ip: 'iproute2',
  nginx: 'nginx-light',
  nsenter: 'util-linux',
  plink: 'putty-tools',
  postgres: 'postgresql',
  promtool: 'prometheus',
  psftp: 'putty-tools',
  psql: 'postgresql',
  puttygen: 'putty-tools',
  'redis-cli': 'redis-server',
  'redis-server': 'redis-server',
  scp: 'openssh-client',
  sftp: 'openssh-client',
  socat: 'socat',
  ssh: 'openssh-client',
  'ssh-audit': 'ssh-audit',
  'ssh-keygen': 'openssh-client',
  sshpass: 'sshpass',
  unshare: 'util-linux',
  wrk: 'wrk',
  xmllint: 'libxml2-utils',
} as const

export type ProgramName = keyof typeof PACKAGES

const POSTGRES = '/usr/lib/postgresql'

/** @returns the path of the program */
export function pathOf(name: ProgramName): string {
  const folders = [...postgresFolders(), ...pathFolders(), '/usr/sbin', '/sbin']
  const found = folders.map((folder) => join(folder, name)).find(mayRun)
  if (found === undefined) {
    throw new Error(`${name} is not installed: apt-get install ${PACKAGES[name]}`)
  }
  return found
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
}

/** Debian keeps the servers of each version apart and out of PATH; the newest comes first. */
function postgresFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRES).toSorted((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(POSTGRES, version, 'bin'))
  } catch {
    return []
  }
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
