// The longer form: two services, groups, weights, a function that picks hosts, changes that are followed, and a
// host that is taken out while it serves. An application writes `from 'sluice'`.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type EmbeddedBalancer, createBalancer } from '../../src/index.ts'

/** Where this application takes clients, and where its own hosts are. */
export const PLACES = {
  shop: '127.0.0.1:8080',
  api: '127.0.0.1:8081',
  big: '127.0.0.1:9001',
  small: '127.0.0.1:9002',
  spare: '127.0.0.1:9003',
}

export async function startAll(
  places: typeof PLACES,
  tell: (line: string) => void,
): Promise<EmbeddedBalancer> {
  const lb = await createBalancer({
    services: {
      shop: {
        // Several addresses may lead to one service, each with settings of its own.
        listen: [{ address: places.shop, maxSessions: 5_000, deny: ['192.0.2.0/24'] }],
        groups: {
          // The first group serves.
          main: {
            scheduler: 'weightedroundrobin',
            connectTimeoutMs: 2_000,
            hosts: [
              { name: 'big', address: places.big, weight: 2 },
              { name: 'small', address: places.small },
            ],
          },
          spare: { hosts: [{ name: 'spare', address: places.spare }] },
        },
      },
      api: {
        listen: places.api,
        groups: {
          main: {
            hosts: [
              { name: 'big', address: places.big },
              { name: 'small', address: places.small },
            ],
            // Asked for each client; without a usable answer the scheduler of the group picks.
            ask: ({ client, hosts }) => (client === '127.0.0.1' ? 'small' : hosts[0]?.name),
          },
        },
      },
    },
  })
  // Whatever changes is told, whoever changed it: this application, the health of a host, an operator.
  lb.balancer.follow(({ action, path, field = '', from, to }) => {
    const values = `from ${JSON.stringify(from)} to ${JSON.stringify(to)}`
    tell(action === 'set' ? `${path}: ${field} ${values}` : `${action} ${path}`)
  })
  return lb
}

/** Take a host out without closing a session: no new ones, wait for the open ones, remove it. */
export async function retire(lb: EmbeddedBalancer, service: string, name: string): Promise<void> {
  const group = lb.balancer.service(service).group('main')
  const host = group.host(name)
  host.drain()
  while (host.counters.open > 0) await pause(10)
  group.removeHost(name)
}

async function main(): Promise<void> {
  const lb = await startAll(PLACES, (line) => process.stdout.write(`${line}\n`))
  process.stdout.write('Ctrl-C takes the small host of the shop out, a second one stops.\n')
  await once(process, 'SIGINT')
  await retire(lb, 'shop', 'small')
  await once(process, 'SIGINT')
  await lb.stop(10_000)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
