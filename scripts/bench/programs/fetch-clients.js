// Fetches one big body again and again over COUNT clients for SECONDS, each time on a new connection,
// and lets transfers under way finish. Reads into one buffer for each client, so that the client
// costs as little as it can. Prints one line of JSON. `node fetch-clients.js PORT PATH COUNT SECONDS`
import { connect } from 'node:net'

const READ_BYTES = 512 * 1024
const [port, path, count, seconds] = process.argv.slice(2)
const startedAt = performance.now()
const deadline = startedAt + Number(seconds) * 1000
/** @type {number[]} */
const timesMs = []
let bytes = 0
let errors = 0

await Promise.all(Array.from({ length: Number(count) }, fetchUntilDeadline))
const elapsed = (performance.now() - startedAt) / 1000
process.stdout.write(
  `${JSON.stringify({ bytes, errors, seconds: elapsed, p50Ms: percentile(0.5), p99Ms: percentile(0.99) })}\n`,
)

async function fetchUntilDeadline() {
  const buffer = Buffer.alloc(READ_BYTES)
  while (performance.now() < deadline) {
    const before = performance.now()
    await fetchOnce(buffer).catch(() => (errors += 1))
    timesMs.push(performance.now() - before)
  }
}

/**
 * @param {Buffer} buffer
 * @returns {Promise<void>} when the host has ended the answer
 */
function fetchOnce(buffer) {
  return new Promise((resolve, reject) => {
    /** @param {number} count */
    const callback = (count) => {
      bytes += count
      return true
    }
    const socket = connect({ port: Number(port), host: '127.0.0.1', onread: { buffer, callback } })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`)
    socket.once('end', resolve)
    socket.once('error', reject)
  })
}

/** @param {number} share */
function percentile(share) {
  const sorted = timesMs.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
