// Every rule against a planted fault, and against the nearest thing that is no fault.
import { expect, test } from 'vitest'
import {
  consoles,
  defaultExports,
  fileCircles,
  folderCircles,
  importsOf,
  intervals,
  leftoverMarks,
  longFiles,
  missingContracts,
  type SourceFile,
  strayImports,
  unreachedFiles,
  wrongDoors,
  wrongLayers,
} from './rules.ts'

const LAYERS = { base: [], model: ['base'], engine: ['base', 'type model'], top: ['engine'] }

test('an import against the table is reported, one with it is not', () => {
  const up = file('src/base/a.ts', "import { Host } from '../model/host.ts'")
  const down = file('src/model/host.ts', "import { a } from '../base/a.ts'")
  expect(wrongLayers([up, down], LAYERS)).toEqual([
    'src/base/a.ts: base may not import model (src/model/host.ts)',
  ])
})

test('where only types may be imported, a value is reported', () => {
  const value = file('src/engine/a.ts', "import { Host, type B } from '../model/host.ts'")
  const whole = file('src/engine/b.ts', "import type { Host } from '../model/host.ts'")
  const each = file('src/engine/c.ts', "import { type Host, type B } from '../model/host.ts'")
  expect(wrongLayers([value, whole, each], LAYERS)).toEqual([
    'src/engine/a.ts: engine may import only types of model (src/model/host.ts)',
  ])
})

test('files below a folder and at the top belong to a layer as well', () => {
  const below = file('src/engine/node/a.ts', "import { b } from '../../web/b.ts'")
  const top = file('src/main.ts', "export { a } from './base/a.ts'\nimport './cli.ts'")
  expect(wrongLayers([below, top], LAYERS)).toEqual([
    'src/engine/node/a.ts: engine may not import web (src/web/b.ts)',
    'src/main.ts: top may not import base (src/base/a.ts)',
  ])
})

test('a folder that nobody put in the table is reported', () => {
  const stray = file('src/misc/a.ts', "import { b } from '../base/b.ts'")
  expect(wrongLayers([stray], LAYERS)).toEqual([
    'src/misc/a.ts: the folder misc is not in the table of layers',
  ])
})

test('what crosses the edge of a folder that stands alone is reported, in both directions', () => {
  const files = [
    file('src/web/ui/parts/a.tsx', "import { b } from '../../page.ts'\nimport { h } from 'preact'"),
    file('src/web/page.ts', "import type { Route } from './ui/route.ts'"),
    file(
      'src/web/ui/main.tsx',
      "import { a } from './parts/a.tsx'\nimport { join } from 'node:path'",
    ),
    file('src/web/run.ts', "import { join } from 'node:path'"),
  ]
  expect(strayImports(files, 'src/web/ui/')).toEqual([
    'src/web/ui/parts/a.tsx: may not import src/web/page.ts',
    'src/web/page.ts: may not import src/web/ui/route.ts',
    'src/web/ui/main.tsx: may not import node:path',
  ])
})

test('a package outside its private door is reported, however it is imported', () => {
  const doors = [{ package: 'ssh2', doors: ['src/ssh/', 'src/one.ts'] }]
  const files = [
    file('src/ssh/server.ts', "import ssh2 from 'ssh2'"),
    file('src/one.ts', "import ssh2 from 'ssh2'"),
    file('src/one.ts.ts', "import type { Server } from 'ssh2'"),
    file('src/app/a.ts', "const { Server } = await import('ssh2')"),
    file('src/app/b.ts', "export * from 'ssh2/lib/utils.js'"),
    file('src/app/c.ts', "import 'ssh2'"),
    file('src/app/d.ts', "import {\n  Server,\n} from 'ssh2'"),
    file('src/app/e.ts', "// import ssh2 from 'ssh2'\nimport x from 'ssh2-other'"),
  ]
  expect(wrongDoors(files, doors).map((line) => line.split(':')[0])).toEqual([
    'src/one.ts.ts',
    'src/app/a.ts',
    'src/app/b.ts',
    'src/app/c.ts',
    'src/app/d.ts',
  ])
})

test('names that only compute are free, alone', () => {
  const doors = [{ package: 'node:net', doors: ['src/engine/'], free: ['isIP'] }]
  const files = [
    file('src/base/a.ts', "import { isIP } from 'node:net'"),
    file('src/base/b.ts', "import { connect, isIP } from 'node:net'"),
    file('src/base/c.ts', "import net, { isIP } from 'node:net'"),
  ]
  expect(wrongDoors(files, doors)).toEqual([
    'src/base/b.ts: node:net is imported only in src/engine/',
    'src/base/c.ts: node:net is imported only in src/engine/',
  ])
})

test('a circle of files is reported once, a diamond is not a circle', () => {
  const circle = [
    file('src/base/c.ts', "import { a } from './a.ts'"),
    file('src/base/a.ts', "import { b } from './b.ts'"),
    file('src/base/b.ts', "import type { c } from './c.ts'"),
  ]
  const diamond = [
    file('src/base/w.ts', "import './x.ts'\nimport './y.ts'"),
    file('src/base/x.ts', "import './z.ts'"),
    file('src/base/y.ts', "import './z.ts'"),
  ]
  expect(fileCircles([...diamond, ...circle])).toEqual([
    'src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts',
  ])
})

test('a circle of folders is reported even when no file is in a circle', () => {
  const files = [
    file('src/base/a.ts', "import { b } from '../model/b.ts'"),
    file('src/model/c.ts', "import { d } from '../base/d.ts'"),
    file('src/model/d.ts', "import { e } from './e.ts'"),
  ]
  expect(fileCircles(files)).toEqual([])
  expect(folderCircles(files)).toEqual(['base -> model -> base'])
})

test('a file that nobody imports is reported, a way in and a worker are not', () => {
  const files = [
    file('src/main.ts', "new Worker(new URL('./base/worker.ts', import.meta.url))"),
    file('src/base/worker.ts', ''),
    file('src/base/left.ts', ''),
    file('src/base/types.d.ts', ''),
  ]
  expect(unreachedFiles(files, ['src/main.ts'])).toEqual(['src/base/left.ts: no file imports it'])
})

test('a long file is reported unless it has a reason, and so is a reason too many', () => {
  const files = [
    file('src/long.ts', 'x\n'.repeat(301)),
    file('src/reasoned.ts', 'x\n'.repeat(301)),
    file('src/short.ts', 'x\n'.repeat(300)),
  ]
  const reasons = { 'src/reasoned.ts': 'one table', 'src/short.ts': 'it once was long' }
  expect(longFiles(files, reasons)).toEqual([
    'src/long.ts: 301 lines, split above 300',
    'src/short.ts: is not long any more, take its reason away',
  ])
})

test('a file without a contract at its top is reported', () => {
  const files = [
    file('src/a.ts', '// Owns the one table of errors.\nexport const a = 1'),
    file('src/b.ts', '#!/usr/bin/env node\n/**\n * Starts the process and nothing else.\n */'),
    file('src/c.ts', "import 'x'\n// Owns the one table of errors."),
    file('src/d.ts', '// errors\nexport const owns = the + one + table'),
    file('src/e.ts', ''),
  ]
  expect(missingContracts(files).map((line) => line.split(':')[0])).toEqual([
    'src/c.ts',
    'src/d.ts',
    'src/e.ts',
  ])
})

test('marks of unfinished work are reported with their line', () => {
  const mark = ['TO', 'DO'].join('')
  const files = [
    file('src/a.ts', `const a = 1\n// ${mark}: more`),
    file('src/b.ts', `my${mark}s()`),
  ]
  expect(leftoverMarks(files)).toEqual([`src/a.ts:2: ${mark}`])
})

test('loops over time and consoles are reported outside their doors, not in text', () => {
  const loop = 'setInterval(tick, 5)\nconsole.log(1)'
  const files = [
    file('src/a.ts', loop),
    file('src/door.ts', loop),
    file('src/text.ts', "// console.log\nconst a = 'setInterval'\n/* console.error */"),
  ]
  expect(intervals(files, ['src/door.ts'])).toEqual(['src/a.ts:1: setInterval'])
  expect(consoles(files, ['src/door.ts'])).toEqual(['src/a.ts:2: console.'])
})

test('a default export is reported in both spellings', () => {
  const files = [
    file('src/a.ts', 'export default class {}'),
    file('src/b.ts', 'const b = 1\nexport { b as default }'),
    file('src/c.ts', 'export const byDefault = 1'),
  ]
  expect(defaultExports(files)).toEqual(['src/a.ts:1: export default', 'src/b.ts:2: as default'])
})

test('imports inside comments and strings are not imports', () => {
  const text =
    "/*\nimport a from 'a'\n*/\nconst s = \"\\\nimport b\"\nconst t = 'from'\nimport c from 'c'"
  expect(importsOf(text)).toEqual([{ from: 'c', typeOnly: false, names: ['*'] }])
})

test('an import after an export without a source is read by itself', () => {
  const text = "export type { A }\nimport { b } from './b.ts'"
  expect(importsOf(text)).toEqual([{ from: './b.ts', typeOnly: false, names: ['b'] }])
})

function file(path: string, text: string): SourceFile {
  return { path, text }
}
