// The lines an operator typed, kept from one login to the next: in a file of the operator, or in memory.
// Sessions at the same time add to it line by line, so none of them overwrites another's.
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { looksSecret } from '../../audit/secrets.ts'
import { messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'

export interface History {
  /** Newest first, as readline wants it. */
  readonly lines: string[]
  readonly add: (line: string) => void
}

/** A file is cut to its limit when it has grown to this many times as much. */
const SLACK = 4

const inMemory = new Map<string, string[]>()

export async function openHistory(
  operator: string,
  folder: string | undefined,
  log: Log,
): Promise<History> {
  if (folder === undefined) return memoryHistory(operator)
  const file = join(folder, operator)
  const fail = (error: unknown) =>
    log.warn('history not kept', { operator, reason: messageOf(error) })
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(fail)
  let before = ''
  let unwritten = ''
  let writing = false
  // One after the other: each write takes a descriptor, and of pasted lines there are thousands.
  const writeAll = async () => {
    writing = true
    while (unwritten !== '') {
      const lines = unwritten
      unwritten = ''
      // In append mode, so that lines of parallel sessions do not mix.
      await appendFile(file, lines, { mode: 0o600 }).catch(fail)
    }
    writing = false
  }
  return {
    lines: await readLines(file).catch((error) => {
      fail(error)
      return []
    }),
    add(line) {
      if (line === before || looksSecret(line)) return
      before = line
      unwritten += `${JSON.stringify(line)}\n`
      // It never rejects.
      if (!writing) void writeAll()
    },
  }
}

function memoryHistory(operator: string): History {
  const kept = inMemory.get(operator) ?? []
  inMemory.set(operator, kept)
  return {
    lines: [...kept],
    add(line) {
      if (line === kept[0] || looksSecret(line)) return
      kept.unshift(line)
      kept.length = Math.min(kept.length, LIMITS.promptHistoryMax)
    },
  }
}

async function readLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (systemCodeOf(error) === 'ENOENT') return ''
    throw error
  })
  const all = text.split('\n').filter((line) => line !== '')
  const kept = all.slice(-LIMITS.promptHistoryMax)
  if (all.length > SLACK * LIMITS.promptHistoryMax) await replace(file, `${kept.join('\n')}\n`)
  return kept.flatMap(parseLine).toReversed()
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, file)
}

function parseLine(json: string): string[] {
  try {
    const line: unknown = JSON.parse(json)
    return typeof line === 'string' ? [line] : []
  } catch {
    return []
  }
}
