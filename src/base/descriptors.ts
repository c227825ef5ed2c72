// How many files and sockets this process may have open, and how many it has. Read from the system, which alone knows.
import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'

/** Without bound where the system does not say. @param file of a Linux kernel; tests have others */
export function descriptorsMax(file = '/proc/self/limits'): number {
  const soft = /^Max open files\s+(\d+)/m.exec(textOf(file))?.[1]
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

/** Undefined where the system does not say. @param folder of a Linux kernel; tests have others */
export async function descriptorsOpen(folder = '/proc/self/fd'): Promise<number | undefined> {
  try {
    // Since Linux 6.2 the size is their number, which costs the same however many there are.
    const { size } = await stat(folder)
    return size > 0 ? size : (await readdir(folder)).length
  } catch {
    // Another system than Linux.
    return undefined
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Another system than Linux.
    return ''
  }
}
