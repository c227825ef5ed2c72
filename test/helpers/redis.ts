// A real Redis that keeps nothing on disk, and its own client.
import { testFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './programs.ts'
import { type ChildEnd, TestChild } from './test-child.ts'

export interface Redis {
  readonly port: number
  stop(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort()
  const folder = testFolder()
  const words = `--port ${port} --bind 127.0.0.1 --appendonly no --daemonize no --dir ${folder}`
  const args = [...words.split(' '), '--save', '']
  const child = new TestChild(pathOf('redis-server'), args, { folder })
  await child.says(/Ready to accept connections/)
  return {
    port,
    stop: async () => {
      await child.stop()
    },
  }
}

/** Start redis-cli against a port. */
export function redisCli(port: number, args: readonly string[], input?: string): TestChild {
  const folder = testFolder()
  const all = ['-h', '127.0.0.1', '-p', String(port), ...args]
  return new TestChild(
    pathOf('redis-cli'),
    all,
    input === undefined ? { folder } : { folder, input },
  )
}

export function runRedisCli(
  port: number,
  args: readonly string[],
  input?: string,
): Promise<ChildEnd> {
  return redisCli(port, args, input).ended
}
