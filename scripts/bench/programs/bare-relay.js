// The honest minimum: what any TCP relay on node:net has to do, and nothing else. No limits, no health,
// no counters, no log. Round-robin over the targets. `node bare-relay.js PORT IP:PORT...`
import { connect, createServer } from 'node:net'

const [port, ...addresses] = process.argv.slice(2)
const targets = addresses.map((address) => {
  const [host = '', port = ''] = address.split(':')
  return { host, port: Number(port), allowHalfOpen: true, noDelay: true }
})
let next = 0

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const target = targets[next++ % targets.length]
  if (!target) throw new Error('no targets given')
  const host = connect(target)
  const destroyBoth = () => {
    client.destroy()
    host.destroy()
  }
  client.on('error', destroyBoth)
  host.on('error', destroyBoth)
  client.pipe(host)
  host.pipe(client)
})

server.listen(Number(port), '127.0.0.1')
