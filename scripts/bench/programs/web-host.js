// Stands in for nginx as the host where nginx is missing: a plain HTTP server that answers /5, /18k
// and /64m from memory. Every PORT gets the same server. `node web-host.js IP:PORT...`
import { createServer } from 'node:http'

/** @type {Readonly<Record<string, Buffer>>} */
const BODIES = {
  '/5': Buffer.alloc(5, 'a'),
  '/18k': Buffer.alloc(18_000, 'a'),
  '/64m': Buffer.alloc(64 * 1024 * 1024, 'a'),
}

for (const address of process.argv.slice(2)) {
  const [ip, port] = address.split(':')
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
    const body = BODIES[request.url ?? '']
    response.writeHead(body ? 200 : 404, { 'content-length': body?.length ?? 0 }).end(body)
  })
  server.listen(Number(port), ip)
}
