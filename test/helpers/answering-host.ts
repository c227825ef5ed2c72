// A host that answers whatever it is asked with prepared bytes, and remembers what it was asked.
import { type HostOptions, startHost, type TestHost } from './hosts.ts'

export interface AnsweringHost extends TestHost {
  /** What came on each connection up to the first answer, oldest first. */
  readonly questions: string[]
  /** The bytes of the next answers; the connection ends behind them. */
  answer: string | Buffer
}

export async function answeringHost(
  answer: string | Buffer,
  options?: HostOptions,
): Promise<AnsweringHost> {
  const questions: string[] = []
  const prepared = { answer }
  const host = await startHost((socket) => {
    let asked = ''
    socket.on('data', (chunk: Buffer) => {
      asked += chunk.toString('latin1')
      if (!asked.includes('\r\n\r\n')) return
      questions.push(asked)
      socket.end(prepared.answer)
    })
  }, options)
  return {
    address: host.address,
    sockets: host.sockets,
    questions,
    get accepted() {
      return host.accepted
    },
    get answer() {
      return prepared.answer
    },
    set answer(given) {
      prepared.answer = given
    },
    close: () => host.close(),
  }
}

/** An answer over HTTP with a status and a body. */
export function httpAnswer(status: number, body = ''): string {
  return `HTTP/1.1 ${status} Reason\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
