// A network of bad quality for programs that talk to 127.0.0.1: packets are lost, late and overtake each other, and buffers are
// small. Everything of it lives in a network namespace that ends with the program.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../../scripts/bench/compiled.ts'
import { testFolder } from './folder.ts'
import { pathOf } from './programs.ts'
import { seed } from './seed.ts'
import { TestChild } from './test-child.ts'

export interface NetworkQuality {
  readonly delayUs: number
  /** Up to so much later; beyond the time between two packets, they overtake each other. */
  readonly jitterUs: number
  /** Of a thousand packets; none that opens or resets a connection. */
  readonly lossPerMille: number
  /** The most that a socket keeps in each direction. */
  readonly bufferBytes: number
}

/** @returns '' where there can be one, else words in front of a skipped title that say why not */
export function lossyNetworkMissing(): string {
  const tries: readonly (readonly [string, readonly string[]])[] = [
    ['the system allows no network namespace', ['true']],
    ['the system has no tun device', ['sh', '-c', ': 3<>/dev/net/tun']],
    ['there is no C compiler', ['sh', '-c', 'cc --version || gcc --version || clang --version']],
  ]
  const failed = tries.find(
    ([, words]) => spawnSync(pathOf('unshare'), ['--net', ...words]).status !== 0,
  )
  return failed === undefined ? '' : `skipped, ${failed[0]}: `
}

/** Start `program` where all TCP of 127.0.0.0/8 is like this. Ends with the test. */
export function startInLossyNetwork(
  { delayUs, jitterUs, lossPerMille, bufferBytes }: NetworkQuality,
  [program, ...args]: readonly [string, ...string[]],
  folder: string,
): TestChild {
  const wire = lossyWire()
  const quality = [delayUs, jitterUs, lossPerMille, seed, bufferBytes].map(String)
  const words = ['--net', 'sh', pathTo('lossy-network.sh'), wire, ...quality, program, ...args]
  return new TestChild(pathOf('unshare'), words, { folder, env: { PATH: pathWith('ip') } })
}

/** @returns the program, built for this test */
export function lossyWire(): string {
  const wire = compile(pathTo('lossy-wire.c'), join(testFolder(), 'lossy-wire'))
  if (wire === undefined) throw new Error('lossy-wire.c does not compile')
  return wire
}

function pathTo(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

/** Debian has it where only root looks. */
function pathWith(program: 'ip'): string {
  return `${process.env.PATH ?? ''}:${join(pathOf(program), '..')}`
}
