// Building the addon: what is said and written down in each outcome, in a folder of the test's own.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { lackOf } from '../../scripts/native/addon.js'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const ADDON_JS = fileURLToPath(new URL('../../scripts/native/addon.js', import.meta.url))
const ON_NODE = 'Sluice runs on the node engine'

const BINDING = `{ "targets": [{ "target_name": "splice", "sources": ["<!@(find core addon -name '*.cc')"] }] }`
const EXPORTS_NOTHING = `#include <node_api.h>
#include "../core/two.h"
NAPI_MODULE_INIT() { return kTwo == 2 ? exports : nullptr; }
`

const headersHere =
  process.env['npm_config_nodedir'] !== undefined ||
  existsSync(resolve(process.execPath, '../../include/node/node_api.h'))

describe('where a program is missing', () => {
  test('without a compiler one sentence says so, and it is no failure', async () => {
    const folder = await sources()
    expect(await build(folder, { path: await temporaryFolder() })).toBe(
      `sluice: the splice engine is not built: there is no C++ compiler (g++, c++, clang++) on the PATH; ${ON_NODE}\n`,
    )
    expect(outcomeIn(folder)).toEqual({
      ok: false,
      tried: false,
      reason: 'there is no C++ compiler (g++, c++, clang++) on the PATH',
    })
  })

  test('what else is missing is named', async () => {
    const programs = await temporaryFolder()
    for (const [program, next] of [
      ['g++', 'make'],
      ['make', 'python3'],
      ['python3', 'flock'],
    ] as const) {
      await symlink('/bin/true', join(programs, program))
      expect(await build(await sources(), { path: programs })).toBe(
        `sluice: the splice engine is not built: there is no ${next} on the PATH; ${ON_NODE}\n`,
      )
    }
  })

  test('elsewhere than on Linux the platform is the reason', async () => {
    const said = await build(await sources(), { platform: 'darwin' })
    expect(said).toBe(
      `sluice: the splice engine is not built: it needs Linux, and this is darwin; ${ON_NODE}\n`,
    )
  })

  test('an addon older than its source goes, or it would be loaded', async () => {
    const folder = await sources()
    await mkdir(join(folder, 'build/Release'), { recursive: true })
    await writeFile(addonIn(folder), '')
    await build(folder, { path: await temporaryFolder() })
    expect(existsSync(addonIn(folder))).toBe(false)
  })
})

describe.skipIf(lackOf() !== undefined || !headersHere)('where there is a compiler', () => {
  test('it is built once, and again when a header changes', async () => {
    const folder = await sources()
    expect(await build(folder)).toBe('sluice: building the splice engine\n')
    expect(outcomeIn(folder)).toEqual({ ok: true })
    expect(createRequire(import.meta.url)(addonIn(folder))).toEqual({})
    expect(await build(folder)).toBe('')
    await writeFile(join(folder, 'core/two.h'), 'constexpr int kTwo = 1 + 1;\n')
    expect(await build(folder)).toBe('sluice: building the splice engine\n')
  })

  test('it is built once the compiler is there that was missing', async () => {
    const folder = await sources()
    await build(folder, { path: await temporaryFolder() })
    expect(await build(folder)).toBe('sluice: building the splice engine\n')
    expect(outcomeIn(folder)).toEqual({ ok: true })
  })

  test('a mistake is shown with its line, once, until the source changes', async () => {
    const folder = await sources()
    await build(folder)
    await writeFile(join(folder, 'core/two.h'), 'constexpr int kTwo = two;\n')
    const said = await build(folder)
    expect(said).toContain("core/two.h:1:22: error: 'two' was not declared")
    expect(said).toContain(`the splice engine is not built: its compilation failed; `)
    expect(outcomeIn(folder)).toMatchObject({ ok: false, tried: true })
    expect(existsSync(addonIn(folder))).toBe(false)
    expect(await build(folder)).toMatch(/^sluice: the splice engine is not built: .*\n$/)
    await writeFile(join(folder, 'core/two.h'), 'constexpr int kTwo = 2;\n')
    expect(await build(folder)).toBe('sluice: building the splice engine\n')
    expect(outcomeIn(folder)).toEqual({ ok: true })
  })

  test('of two that want it built at once one builds, and the other waits for it', async () => {
    const folder = await sources()
    const said = await Promise.all([build(folder), build(folder)])
    expect(said.toSorted()).toEqual(['', 'sluice: building the splice engine\n'])
    expect(outcomeIn(folder)).toEqual({ ok: true })
  })

  test('a build that was broken off is begun anew', async () => {
    const folder = await sources()
    const killer = join(folder, 'killer.mjs')
    await writeFile(
      killer,
      `if (process.argv[1]?.endsWith('turn.js')) process.kill(process.pid, 'SIGKILL')`,
    )
    const said = await build(folder, { env: { NODE_OPTIONS: `--import=${killer}` } })
    expect(said).toContain('the splice engine is not built: its build was broken off')
    expect(await build(folder)).toBe('sluice: building the splice engine\n')
  })
})

interface BuildOptions {
  /** Where programs are looked for; as for the tests when not said. */
  readonly path?: string
  readonly platform?: string
  readonly env?: NodeJS.ProcessEnv
}

/** What building in `folder` says, on either output. */
async function build(folder: string, { path, platform, env = {} }: BuildOptions = {}) {
  const place = `{ folder: ${JSON.stringify(folder)}, env: process.env, platform: ${JSON.stringify(platform ?? process.platform)} }`
  const script = `import { buildAddon } from ${JSON.stringify(ADDON_JS)}; buildAddon(${place})`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { ...process.env, LC_ALL: 'C', PATH: path ?? process.env['PATH'], ...env } },
  )
  return stdout + stderr
}

async function sources(): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'core'))
  await mkdir(join(folder, 'addon'))
  await writeFile(join(folder, 'binding.gyp'), BINDING)
  await writeFile(join(folder, 'core/two.h'), 'constexpr int kTwo = 2;\n')
  await writeFile(join(folder, 'addon/addon.cc'), EXPORTS_NOTHING)
  return folder
}

function addonIn(folder: string): string {
  return join(folder, 'build/Release/splice.node')
}

function outcomeIn(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'build/outcome.json'), 'utf8'))
}
