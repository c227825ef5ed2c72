// Who may import whom, as a table, held up against src.
import { expect, test } from 'vitest'
import {
  type Door,
  fileCircles,
  folderCircles,
  type Layers,
  readSources,
  strayImports,
  wrongDoors,
  wrongLayers,
} from './rules.ts'

const MODEL_SIDE = ['base', 'model']
const SURFACE = ['base', 'model', 'audit', 'access', 'commands']
const ALL = [
  ...SURFACE,
  'scheduler',
  'engine',
  'health',
  'config',
  'ssh',
  'web',
  'discovery',
  'token',
  'http',
]

const LAYERS: Layers = {
  base: [],
  model: ['base'],
  audit: ['base'],
  access: [...MODEL_SIDE, 'audit'],
  scheduler: MODEL_SIDE,
  engine: ['base', 'type model', 'type scheduler'],
  health: MODEL_SIDE,
  discovery: MODEL_SIDE,
  token: MODEL_SIDE,
  http: [...MODEL_SIDE, 'engine'],
  config: MODEL_SIDE,
  commands: [...MODEL_SIDE, 'audit'],
  ssh: SURFACE,
  web: SURFACE,
  app: ALL,
  top: ['app'],
}

const DOORS: readonly Door[] = [
  { package: 'winston', doors: ['src/base/log.ts'] },
  { package: 'ssh2', doors: ['src/ssh/'] },
  { package: 'node:repl', doors: ['src/ssh/'] },
  { package: 'fast-xml-parser', doors: ['src/config/'] },
  { package: 'yargs', doors: ['src/cli.ts'] },
  { package: 'fastify', doors: ['src/web/'] },
  { package: '@fastify/swagger', doors: ['src/web/api/'] },
  { package: '@fastify/swagger-ui', doors: ['src/web/api/'] },
  { package: 'prom-client', doors: ['src/web/metrics/'] },
  { package: 'selfsigned', doors: ['src/web/'] },
  { package: 'preact', doors: ['src/web/ui/'] },
  { package: 'uplot', doors: ['src/web/ui/parts/'] },
  {
    package: 'node:net',
    doors: ['src/engine/', 'src/health/', 'src/ssh/', 'src/web/', 'src/app/'],
    free: ['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'],
  },
]

const files = readSources('src')

test('every folder imports only what the table of layers lets it', () => {
  expect(wrongLayers(files, LAYERS)).toEqual([])
})

test('packages are imported only through their private doors', () => {
  expect(wrongDoors(files, DOORS)).toEqual([])
})

test('no file imports itself by way of others', () => {
  expect(fileCircles(files)).toEqual([])
})

test('no folder imports itself by way of others', () => {
  expect(folderCircles(files)).toEqual([])
})

test('the page is a program of its own: it imports nothing else of ours, and nothing else imports it', () => {
  expect(strayImports(files, 'src/web/ui/')).toEqual([])
})
