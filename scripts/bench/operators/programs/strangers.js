// Strangers at the ssh door, at a steady pace: each exchanges keys, offers a key that nobody listed, is refused
// and leaves. Runs until it is stopped; then it prints how many came and how many got in.
// Arguments: port, attempts a second.
import ssh2 from 'ssh2'

const [port = 0, perSecond = 0] = process.argv.slice(2).map(Number)
const key = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private
const counts = { tried: 0, in: 0, exchanged: 0 }

const timer = setInterval(attempt, 1_000 / perSecond)
process.once('SIGTERM', () => {
  clearInterval(timer)
  console.log(JSON.stringify(counts))
  process.exit(0)
})

function attempt() {
  counts.tried += 1
  const client = new ssh2.Client()
  client.on('handshake', () => (counts.exchanged += 1))
  client.on('ready', () => {
    counts.in += 1
    client.end()
  })
  // Being refused is what it came for.
  client.on('error', () => client.end())
  client.connect({ host: '127.0.0.1', port, username: 'stranger', privateKey: key })
}
