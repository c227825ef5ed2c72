// A real nginx that serves the files of a folder, in the foreground with one worker, writing nowhere else.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeOf } from '../../scripts/bench/processes.ts'
import { testFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './programs.ts'
import { TestChild } from './test-child.ts'
import { until } from './until.ts'
import { connectTo } from './clients.ts'

export interface NginxOptions {
  /** Files to serve, by name. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Port to listen on; a free one by default. */
  readonly port?: number
  /** More words of `listen`. */
  readonly listen?: string
  /** More lines of the `server` block. */
  readonly server?: string
}

export interface Nginx {
  readonly port: number
  readonly child: TestChild
  stop(): Promise<void>
  /** All of its processes at once, in the middle of whatever they do. */
  kill(): Promise<void>
}

export async function startNginx(options: NginxOptions = {}): Promise<Nginx> {
  const folder = testFolder()
  const port = options.port ?? (await freePort())
  mkdirSync(join(folder, 'files'))
  for (const [name, content] of Object.entries(options.files ?? { 'index.html': 'hello' })) {
    writeFileSync(join(folder, 'files', name), content)
  }
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configurationOf(folder, port, options))
  const args = ['-p', folder, '-c', file, '-e', 'stderr']
  const child = new TestChild(pathOf('nginx'), args, { folder })
  await until(() => answers(child, port), 'nginx listens', { everyMs: 20 })
  return {
    port,
    child,
    stop: async () => {
      await child.stop('SIGQUIT')
    },
    kill: () => child.destroy(),
  }
}

function configurationOf(folder: string, port: number, { listen = '', server = '' }: NginxOptions) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
# The folder is the test's alone, so the worker keeps its user.
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000;
${temporary.map((each) => `  ${each}_temp_path ${join(folder, each)};`).join('\n')}
  server {
    listen 127.0.0.1:${port} backlog=4096 ${listen};
    root ${join(folder, 'files')};
    ${server}
  }
}
`
}

/** The worker, not only the master: what is sent before it runs would wait for it. */
async function answers(child: TestChild, port: number): Promise<boolean> {
  if (!child.running) throw new Error(`nginx did not start: ${child.err}`)
  if (treeOf(child.pid).length < 2) return false
  const client = await connectTo(`127.0.0.1:${port}`).catch(() => undefined)
  client?.socket.destroy()
  await client?.closed()
  return client !== undefined
}
