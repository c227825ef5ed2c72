// The project's own rules about its C++, as plain functions from files to sentences, like those of rules.ts. A rule that
// finds nothing returns an empty list.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { codeOf, matches, type SourceFile } from './rules.ts'

/** For each folder of native/, which of them it may include from, itself among them. */
const INCLUDES: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  addon: ['core', 'addon'],
  test: ['core', 'test'],
}

const FUNCTION_LINES_MAX = 60

/** They all take arguments; without any, it is an accessor of ours. */
const KERNEL_CALLS = [
  'accept4?|bind|connect|listen|shutdown|socket(?:pair)?|[gs]etsockopt|getsockname|getpeername',
  'recv(?:from|m?msg)?|send(?:to|m?msg|file)?|p?readv?|p?writev?|splice|vmsplice|tee|close',
  'epoll_(?:create1?|ctl|p?wait2?)|p?poll|select|eventfd|timerfd_\\w+|pipe2?|fcntl|ioctl|dup[23]?',
].join('|')

/** The sources below native/, with paths from there: `core/relay.cc`. What a build makes is not among them. */
export function readNative(folder: string): SourceFile[] {
  return Object.keys(INCLUDES).flatMap((part) =>
    readdirSync(posix.join(folder, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:cc|h)$/.test(name))
      .map((name) => posix.join(part, name))
      .toSorted()
      .map((path) => ({ path, text: readFileSync(posix.join(folder, path), 'utf8') })),
  )
}

/** core/ knows nothing of JavaScript, and nothing of the program knows its tests. */
export function wrongIncludes(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const part = partOf(path)
    return [...text.matchAll(/^\s*#\s*include\s*(["<])([^">\n]+)[">]/gm)].flatMap(
      ([, mark, included = '']) => {
        const node = /^(?:napi|node_api|js_native_api|node|uv|v8)\b.*\.h$/.test(included)
        if (node) return part === 'addon' ? [] : [`${path}: ${included} belongs into addon/`]
        if (mark === '<' || INCLUDES[part]?.includes(partOf(included))) return []
        return [`${path}: ${part} may not include ${included}`]
      },
    )
  })
}

/** A header that is included twice is read once. */
export function unguardedHeaders(files: readonly SourceFile[]): string[] {
  return files
    .filter(
      ({ path, text }) => path.endsWith('.h') && !/^#(?:pragma once|ifndef \w+_H_?)$/m.test(text),
    )
    .map(({ path }) => `${path}: has no #pragma once`)
}

/** The kernel is called through one seam, which the fuzzers put a kernel of their own behind. */
export function kernelCalls(files: readonly SourceFile[], seam: string): string[] {
  const program = files.filter(({ path }) => partOf(path) !== 'test' && path !== seam)
  return matches(program, new RegExp(`(?<![\\w.>])(?:${KERNEL_CALLS})\\s*\\((?!\\))`), codeOf)
}

/** The engine is silent: what happens is reported to TypeScript, which decides what to say. */
export function prints(files: readonly SourceFile[]): string[] {
  const program = files.filter(({ path }) => partOf(path) !== 'test')
  return matches(program, /\b(?:f?printf|f?puts|perror|syslog|cout|cerr|clog)\b/, codeOf)
}

export function usings(files: readonly SourceFile[]): string[] {
  return matches(files, /\busing namespace\b/, codeOf)
}

/** What stands outside every other function, from the line of its opening brace to that of its closing one. */
export function longFunctions(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    bodiesIn(codeOf(text))
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(
        ({ line, lines }) => `${path}:${line}: ${lines} lines, split above ${FUNCTION_LINES_MAX}`,
      ),
  )
}

/** @param code without comments and strings, so that every brace in it counts */
function bodiesIn(code: string): { line: number; lines: number }[] {
  const bodies = []
  const open: { line: number; body: boolean }[] = []
  let line = 1
  let before = ''
  for (const mark of code) {
    if (mark === '\n') line++
    if (mark === '{') open.push({ line, body: opensBody(before) })
    if (mark === '}') {
      const closed = open.pop()
      const outermost = !open.some(({ body }) => body)
      if (closed?.body && outermost)
        bodies.push({ line: closed.line, lines: line - closed.line + 1 })
    }
    before = /[{};]/.test(mark) ? '' : before + mark
  }
  return bodies
}

/** Not a namespace, a type or a table. */
function opensBody(before: string): boolean {
  const plain = before.replaceAll(/\balignas\s*\([^)]*\)/g, '')
  return !/\b(?:namespace|class|struct|enum|union|extern)\b[^()]*$|=\s*$/.test(plain)
}

function partOf(path: string): string {
  return path.split('/')[0] ?? ''
}
