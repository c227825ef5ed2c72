// The project's own rules about its source, as plain functions from files to sentences. A rule that
// finds nothing returns an empty list. Text is read with expressions, not with a compiler: TypeScript
// has no JavaScript API any more, and import statements are regular enough.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

export interface SourceFile {
  /** From the top of the repository, with `/`: `src/base/errors.ts`. */
  readonly path: string
  readonly text: string
}

interface Import {
  /** As written: `./errors.ts`, `node:net`, `winston`. */
  readonly from: string
  readonly typeOnly: boolean
  /** Names between the braces; `*` for everything else that can be imported. */
  readonly names: readonly string[]
}

/** A package and where it may be imported. A door ending in `/` is a folder. */
export interface Door {
  readonly package: string
  readonly doors: readonly string[]
  /** Names that may be imported anywhere, because they only compute. */
  readonly free?: readonly string[]
}

/** For each folder of src, what it may import besides itself; `type x` allows only types of x. */
export type Layers = Readonly<Record<string, readonly string[]>>

/** The folder of main.ts, cli.ts and index.ts. */
const TOP = 'top'
const LINES_MAX = 300
const CONTRACT_WORDS_MIN = 5

export function readSources(folder: string): SourceFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix.join(entry.parentPath, entry.name))
  return paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/** Every import of a folder goes where the table of layers lets it. */
export function wrongLayers(files: readonly SourceFile[], layers: Layers): string[] {
  return inner(files).flatMap(({ path, target, typeOnly }) => {
    const [from, to] = [folderOf(path), folderOf(target)]
    const allowed = layers[from]
    if (!allowed) return [`${path}: the folder ${from} is not in the table of layers`]
    if (from === to || allowed.includes(to)) return []
    if (!allowed.includes(`type ${to}`))
      return [`${path}: ${from} may not import ${to} (${target})`]
    return typeOnly ? [] : [`${path}: ${from} may import only types of ${to} (${target})`]
  })
}

/** A folder that stands alone neither imports from the rest nor is imported by it, and needs nothing of Node. */
export function strayImports(files: readonly SourceFile[], alone: string): string[] {
  const crossing = inner(files)
    .filter(({ path, target }) => path.startsWith(alone) !== target.startsWith(alone))
    .map(({ path, target }) => `${path}: may not import ${target}`)
  const ofNode = files
    .filter(({ path }) => path.startsWith(alone))
    .flatMap(({ path, text }) => importsOf(text).map(({ from }) => ({ path, from })))
    .filter(({ from }) => from.startsWith('node:'))
    .map(({ path, from }) => `${path}: may not import ${from}`)
  return [...crossing, ...ofNode]
}

/** A package is imported only through its private doors. */
export function wrongDoors(files: readonly SourceFile[], doors: readonly Door[]): string[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ from, names }) => {
      const door = doors.find(
        (each) => from === each.package || from.startsWith(`${each.package}/`),
      )
      if (!door || door.doors.some((place) => path === place || inFolder(path, place))) return []
      if (names.length > 0 && names.every((name) => door.free?.includes(name))) return []
      return [`${path}: ${door.package} is imported only in ${door.doors.join(', ')}`]
    }),
  )
}

/** No file imports itself by way of others. Types count: they tie files together as well. */
export function fileCircles(files: readonly SourceFile[]): string[] {
  return circlesOf(inner(files).map(({ path, target }) => [path, target]))
}

/** No folder directly under src imports itself by way of others. */
export function folderCircles(files: readonly SourceFile[]): string[] {
  const edges = inner(files).map(({ path, target }) => [folderOf(path), folderOf(target)] as const)
  return circlesOf(edges.filter(([from, to]) => from !== to))
}

/** Every file is imported by another one, except the ways in. */
export function unreachedFiles(files: readonly SourceFile[], waysIn: readonly string[]): string[] {
  const reached = new Set(inner(files).map(({ target }) => target))
  return files
    .filter(({ path }) => !path.endsWith('.d.ts') && !waysIn.includes(path) && !reached.has(path))
    .map(({ path }) => `${path}: no file imports it`)
}

/** A long file needs a reason, and a reason needs a long file. */
export function longFiles(
  files: readonly SourceFile[],
  reasons: Readonly<Record<string, string>>,
): string[] {
  const long = files.filter(({ text }) => linesOf(text) > LINES_MAX)
  const unreasoned = long.filter(({ path }) => !reasons[path])
  const stale = Object.keys(reasons).filter((path) => !long.some((file) => file.path === path))
  return [
    ...unreasoned.map(
      ({ path, text }) => `${path}: ${linesOf(text)} lines, split above ${LINES_MAX}`,
    ),
    ...stale.map((path) => `${path}: is not long any more, take its reason away`),
  ]
}

/** The first thing in a file is a comment that says what it owns. */
export function missingContracts(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const comment = /^(?:#!.*\n)?\s*((?:\/\/.*(?:\n|$))+|\/\*[\s\S]*?\*\/)/.exec(text)?.[1] ?? ''
    const words = comment.match(/\w[\w'-]*/g) ?? []
    return words.length >= CONTRACT_WORDS_MIN
      ? []
      : [`${path}: says nowhere at its top what it owns`]
  })
}

/** Marks of unfinished work, also in comments. */
export function leftoverMarks(files: readonly SourceFile[]): string[] {
  // In two pieces, so that this file does not report itself.
  return matches(
    files,
    new RegExp(`\\b(?:${'FIX'}${'ME'}|${'TO'}${'DO'}|X${'XX'})\\b`),
    (text) => text,
  )
}

export function intervals(files: readonly SourceFile[], doors: readonly string[]): string[] {
  return matches(outside(files, doors), /\bsetInterval\b/, codeOf)
}

export function consoles(files: readonly SourceFile[], doors: readonly string[]): string[] {
  return matches(outside(files, doors), /\bconsole\s*\??\./, codeOf)
}

export function defaultExports(files: readonly SourceFile[]): string[] {
  return matches(files, /\bexport\s+default\b|\bas\s+default\b/, codeOf)
}

export function matches(
  files: readonly SourceFile[],
  pattern: RegExp,
  view: (text: string) => string,
): string[] {
  return files.flatMap(({ path, text }) =>
    view(text)
      .split('\n')
      .flatMap((line, index) => {
        const found = pattern.exec(line)
        return found ? [`${path}:${index + 1}: ${found[0]}`] : []
      }),
  )
}

function outside(files: readonly SourceFile[], doors: readonly string[]): SourceFile[] {
  return files.filter(({ path }) => !doors.includes(path))
}

function inFolder(path: string, place: string): boolean {
  return place.endsWith('/') && path.startsWith(place)
}

function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}

/** `src/engine/node/relay.ts` is in `engine`; `src/main.ts` is at the top. */
function folderOf(path: string): string {
  const [, folder, ...rest] = path.split('/')
  return rest.length > 0 && folder ? folder : TOP
}

/** The imports between our own files, with the imported path spelled out. */
function inner(files: readonly SourceFile[]) {
  return files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ from }) => from.startsWith('.'))
      .map(({ from, typeOnly }) => ({
        path,
        target: posix.join(posix.dirname(path), from),
        typeOnly,
      })),
  )
}

export function importsOf(text: string): Import[] {
  const code = withoutComments(text)
  // The clause stops short of the next statement, or `export { a }` would run on into it.
  const clause = String.raw`((?:(?!\b(?:import|export)\b)[\w*\s{},$])*?)`
  const whole = new RegExp(
    String.raw`^[ \t]*(?:import|export)\s+(type\s+)?${clause}\s*\bfrom\s*(['"])([^'"\n]+)\3`,
    'gm',
  )
  const bare = /^[ \t]*import\s*(['"])([^'"\n]+)\1/gm
  const late = /\bimport\s*\(\s*(['"])([^'"\n]+)\1\s*\)/g
  const worker = /\bnew\s+URL\(\s*(['"])(\.[^'"\n]+\.ts)\1\s*,\s*import\.meta\.url/g
  return [
    ...[...code.matchAll(whole)].map(([, type, names = '', , from = '']) => ({
      from,
      typeOnly: type !== undefined || onlyTypesIn(names),
      names: namesIn(names),
    })),
    ...[bare, late, worker].flatMap((pattern) =>
      [...code.matchAll(pattern)].map(([, , from = '']) => ({
        from,
        typeOnly: false,
        names: ['*'],
      })),
    ),
  ]
}

/** `{ type A, type B }`, which leaves nothing of the import but its name. */
function onlyTypesIn(clause: string): boolean {
  const words = /^\{([^}]*)\}$/.exec(clause.trim())?.[1]?.split(',') ?? ['']
  const named = words.map((word) => word.trim()).filter((word) => word !== '')
  return named.length > 0 && named.every((word) => word.startsWith('type '))
}

function namesIn(clause: string): string[] {
  const braced = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  const before = clause.replace(/\{[^}]*\}/, '').replace(/[\s,]/g, '')
  const named = braced
    .split(',')
    .map((word) =>
      word
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s+.*$/, ''),
    )
    .filter((word) => word !== '')
  return before === '' ? named : ['*', ...named]
}

const STRING_OR_COMMENT =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g

/** The same text with comments blanked; lines stay where they are. */
function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (piece) => (piece.startsWith('/') ? blank(piece) : piece))
}

/** The same text with comments and strings blanked; lines stay where they are. */
export function codeOf(text: string): string {
  return text.replace(STRING_OR_COMMENT, blank)
}

function blank(piece: string): string {
  return piece.replace(/[^\n]/g, ' ')
}

/** Each circle once, written from its first name in the alphabet. */
function circlesOf(edges: readonly (readonly [string, string])[]): string[] {
  const done = new Set<string>()
  const circles = new Set<string>()
  const walk = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node)
    if (start !== -1) circles.add(formatCircle(path.slice(start)))
    if (start !== -1 || done.has(node)) return
    for (const [from, to] of edges) if (from === node) walk(to, [...path, node])
    done.add(node)
  }
  for (const [from] of edges) walk(from, [])
  return [...circles].toSorted()
}

function formatCircle(circle: readonly string[]): string {
  const first = circle.indexOf(circle.toSorted()[0] ?? '')
  const turned = [...circle.slice(first), ...circle.slice(0, first)]
  return [...turned, turned[0]].join(' -> ')
}
