// What this machine is and has: the lines above the table, without which no figure means anything.
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release } from 'node:os'

export interface Environment {
  readonly node: string
  readonly cpu: string
  readonly cpus: number
  readonly kernel: string
  /** One minute's load before the first measurement; above 0.5 somebody else is working here. */
  readonly load: number
  readonly wrk: string
  readonly haproxy: string
  readonly nginx: string
}

export function readEnvironment(): Environment {
  const all = cpus()
  return {
    node: process.version,
    cpu: `${all.length} x ${all[0]?.model.trim() ?? 'unknown'}`,
    cpus: all.length,
    kernel: release(),
    load: loadavg()[0] ?? 0,
    wrk: versionOf('wrk', '-v'),
    haproxy: versionOf('haproxy', '-v'),
    nginx: versionOf('nginx', '-v'),
  }
}

export function installed(program: string): boolean {
  return spawnSync(program, ['-v']).error === undefined
}

/** The first number with dots in what it says about itself; wrk has only `debian/4.1.0`. */
function versionOf(program: string, option: string): string {
  const { error, stdout, stderr } = spawnSync(program, [option], { encoding: 'utf8' })
  if (error) return 'not installed'
  return /\d+(\.\d+)+[\w.+~-]*/.exec(`${stdout}${stderr}`)?.[0] ?? 'unknown'
}
