// Network namespaces as machines of their own, joined by lossy wires. Each is there as long as the test.
import { spawnSync } from 'node:child_process'
import { lossyWire, type NetworkQuality } from './lossy-network.ts'
import { pathOf } from './programs.ts'
import { seed } from './seed.ts'
import { type ChildOptions, TestChild } from './test-child.ts'

/** Before it has settled there is nothing to enter. */
const READY = /ready/

export class Namespace {
  readonly #holder: TestChild
  #devices = 0

  private constructor(holder: TestChild) {
    this.#holder = holder
  }

  /** Without a network; its sockets have at most `bufferBytes` in each direction. */
  static async open({ bufferBytes }: NetworkQuality, folder: string): Promise<Namespace> {
    const holder = new TestChild(
      pathOf('unshare'),
      ['--net', 'sh', '-c', 'echo ready; exec sleep infinity'],
      { folder },
    )
    await holder.says(READY)
    const namespace = new Namespace(holder)
    const sizes = `4096 ${bufferBytes / 4} ${bufferBytes}`
    namespace.#run('ip', 'link', 'set', 'lo', 'up')
    for (const name of ['tcp_rmem', 'tcp_wmem']) namespace.#set(name, sizes)
    // A full listening socket would answer with cookies, and those with resets when packets overtake each other.
    namespace.#set('tcp_syncookies', '0')
    return namespace
  }

  /** Start a program in it. Ends with the test. */
  start(program: string, args: readonly string[], options: ChildOptions): TestChild {
    return new TestChild(pathOf('nsenter'), this.#entered(program, args), options)
  }

  /** Join it with `other`: here is `NET.1`, there is `NET.2`, where NET is as `10.1.0`. */
  async join(
    other: Namespace,
    net: string,
    quality: NetworkQuality,
    folder: string,
  ): Promise<void> {
    const { delayUs, jitterUs, lossPerMille } = quality
    const [here, there] = [this.#nextDevice(), `far-${this.#devices}`]
    const figures = [delayUs, jitterUs, lossPerMille, seed].map(String)
    await this.start(lossyWire(), [...figures, here, there], { folder }).says(READY)
    this.#run('ip', 'link', 'set', there, 'netns', String(other.#holder.pid))
    this.#address(here, `${net}.1`, net)
    other.#address(there, `${net}.2`, net)
  }

  #nextDevice(): string {
    this.#devices += 1
    return `near-${this.#devices}`
  }

  #address(device: string, ip: string, net: string): void {
    this.#run('ip', 'address', 'add', `${ip}/24`, 'dev', device)
    this.#run('ip', 'link', 'set', device, 'txqueuelen', '20000', 'up')
    this.#run('ip', 'route', 'change', `${net}.0/24`, 'dev', device, 'src', ip, 'rto_min', '5ms')
  }

  #set(name: string, value: string): void {
    this.#run('sh', '-c', `echo ${value} > /proc/sys/net/ipv4/${name}`)
  }

  #run(program: 'ip' | 'sh', ...args: readonly string[]): void {
    const path = program === 'ip' ? pathOf('ip') : program
    const { status, stderr } = spawnSync(pathOf('nsenter'), this.#entered(path, args), {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  }

  #entered(program: string, args: readonly string[]): string[] {
    return [`--net=/proc/${this.#holder.pid}/ns/net`, program, ...args]
  }
}
