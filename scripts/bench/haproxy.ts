// HAProxy as a peer, as text: one thread, and splicing as somebody sets it who knows it.
import type { Job } from './job.ts'
import type { Scheduler } from './setups.ts'

const BALANCE: Record<Scheduler, string> = { roundrobin: 'roundrobin', leastconns: 'leastconn' }

/** Kernel pipes for splicing; as many as transfers at once would do. Without a number it reserves a quarter of all descriptors. */
const PIPES = 16

/** For any traffic: splice what looks like a stream. */
const ANY = { global: '', defaults: 'option splice-auto' }

/** For nothing but big bodies: always splice, through pipes that hold more. */
const BULK = {
  global: '  tune.pipesize 524288\n',
  defaults: 'option splice-request\n  option splice-response',
}

export function haproxyConfig({ setup, port, sessionsMax }: Job): string {
  const tuned = setup.name === 'bulk' ? BULK : ANY
  const servers = setup.targets.map(({ ip, port }, index) => `  server h${index} ${ip}:${port}`)
  return `global
  nbthread 1
  maxconn ${sessionsMax}
  maxpipes ${PIPES}
${tuned.global}defaults
  mode tcp
  ${tuned.defaults}
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen web
  bind 127.0.0.1:${port} backlog 4096
  balance ${BALANCE[setup.scheduler]}
${servers.join('\n')}
`
}
