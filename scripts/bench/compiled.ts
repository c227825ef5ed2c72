// The client of big bodies as a small C program, built at the start of a run where this machine has a compiler.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { programPath } from './peers.ts'

const COMPILERS = ['cc', 'gcc', 'clang']

/** @returns the file that was built, or undefined where nothing here can build it */
export function compileFetchClients(folder: string): string | undefined {
  return compile(programPath('fetch-clients.c'), join(folder, 'fetch-clients'))
}

/** @returns the file that was built, or undefined where nothing here can build it */
export function compile(source: string, file: string): string | undefined {
  const args = ['-O2', '-o', file, source]
  return COMPILERS.some((compiler) => spawnSync(compiler, args).status === 0) ? file : undefined
}
