// Accepts any number of sessions, answers each byte with the same byte and otherwise keeps still: the
// host behind idle sessions. `node hold-host.js PORT`
import { createServer } from 'node:net'

createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => socket.write(bytes))
  socket.on('error', () => socket.destroy())
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
