// nginx in both of its roles here, as text: the web host behind the peers, and the stream peer. Also
// finds out what this nginx can do.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from './children.ts'
import type { Job } from './job.ts'
import type { Scheduler } from './setups.ts'

const BALANCE: Record<Scheduler, string> = { roundrobin: '', leastconns: 'least_conn;' }

/** A session has two of these buffers while bytes move: for any traffic, and for nothing but big bodies. */
const BUFFER = { any: '64k', bulk: '256k' }

export interface WebHostOptions {
  /** Holds the bodies, and is written to. */
  readonly folder: string
  /** Where to listen, as `ip:port`. */
  readonly addresses: readonly string[]
  readonly descriptors: number
  readonly workers: number
}

/** Why nginx cannot be the stream peer; undefined when it can. */
export function streamMissing(): string | undefined {
  const build = buildOf()
  if (build === undefined) return 'nginx is not installed'
  if (!/--with-stream\b/.test(build)) return 'this nginx is built without the stream module'
  const module = streamModule(build)
  return module === undefined || existsSync(module) ? undefined : `${module} is not installed`
}

export function nginxInstalled(): boolean {
  return buildOf() !== undefined
}

/** Serves the bodies in `folder` at every address. */
export async function webHostCommand(options: WebHostOptions): Promise<Command> {
  const { folder, addresses, descriptors, workers } = options
  // Several workers share the clients evenly only where each has a listening socket of its own.
  const share = workers > 1 ? 'reuseport' : ''
  const listens = addresses
    .map((address) => `listen ${address} backlog=4096 ${share};`)
    .join('\n    ')
  const http = `http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  open_file_cache max=10 inactive=1h;
  open_file_cache_valid 1h;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `  ${each}_temp_path ${each};`).join('\n')}
  server {
    ${listens}
    root ${folder};
  }
}`
  return write({ folder, block: http, descriptors, workers })
}

export async function streamCommand({ setup, port, folder, descriptors }: Job): Promise<Command> {
  const { targets, scheduler } = setup
  const module = streamModule(buildOf() ?? '')
  const servers = targets.map(({ ip, port }) => `    server ${ip}:${port} max_fails=0;`)
  const stream = `stream {
  upstream hosts {
    ${BALANCE[scheduler]}
${servers.join('\n')}
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_pass hosts;
    proxy_timeout 1h;
    proxy_buffer_size ${setup.name === 'bulk' ? BUFFER.bulk : BUFFER.any};
    tcp_nodelay on;
  }
}`
  return write({ folder, block: stream, descriptors, workers: 1, module })
}

interface Written {
  readonly folder: string
  readonly block: string
  readonly descriptors: number
  readonly workers: number
  /** To load at the start. */
  readonly module?: string | undefined
}

/** Everything that nginx writes goes below `folder`; without it, it would use the system's own. */
async function write({ folder, block, descriptors, workers, module }: Written): Promise<Command> {
  const file = join(folder, 'nginx.conf')
  const lines = [
    module ? `load_module ${module};` : '',
    // The folder is ours alone, so the worker keeps our user when we are root.
    process.getuid?.() === 0 ? 'user root;' : '',
    'daemon off;',
    `worker_processes ${workers};`,
    `worker_rlimit_nofile ${descriptors};`,
    `pid ${join(folder, 'nginx.pid')};`,
    'error_log stderr crit;',
    `events { worker_connections ${descriptors}; }`,
    block,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  return { program: 'nginx', args: ['-p', folder, '-c', file, '-e', 'stderr'], folder }
}

/** The arguments nginx was configured with. */
function buildOf(): string | undefined {
  const { error, stderr } = spawnSync('nginx', ['-V'], { encoding: 'utf8' })
  return error ? undefined : stderr
}

/** The file to load, or undefined where stream is compiled in. */
function streamModule(build: string): string | undefined {
  const folder = /--modules-path=(\S+)/.exec(build)?.[1]
  const dynamic = /--with-stream=dynamic/.test(build)
  return dynamic && folder ? join(folder, 'ngx_stream_module.so') : undefined
}
