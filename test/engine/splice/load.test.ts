// Why there is no native engine, in one clause for each case.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SPLICE_ABI } from '../../../src/engine/splice/addon.ts'
import { loadAddon, loadSplice } from '../../../src/engine/splice/load.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const loaded = loadSplice()

test('elsewhere than on Linux it is not even looked for', async () => {
  const place = await placeWith({})
  expect(loadAddon({ ...place, platform: 'darwin' })).toEqual({
    reason: 'the splice engine needs Linux, and this is darwin',
  })
})

test('nobody has built it', async () => {
  expect(loadAddon(await placeWith({}))).toEqual({
    reason: 'the splice engine is not built; run `npm run build:native`',
  })
})

test('it could not be built, and why', async () => {
  const outcome = { ok: false, tried: false, reason: 'there is no make on the PATH' }
  expect(loadAddon(await placeWith({ outcome: JSON.stringify(outcome) }))).toEqual({
    reason: 'the splice engine is not built: there is no make on the PATH',
  })
})

test.each(['', '[]', 'null', '{"ok":tr'])(
  'what was written of its build is no outcome: %j',
  async (outcome) => {
    expect(loadAddon(await placeWith({ outcome }))).toEqual({
      reason: 'the splice engine is not built; run `npm run build:native`',
    })
  },
)

test('the system does not load it; the first line says why', async () => {
  const open = () => {
    throw new Error(`invalid ELF header\nRequire stack:\n${'x'.repeat(10_000)}`)
  }
  expect(loadAddon({ ...(await placeWith({ addon: 'text' })), open })).toEqual({
    reason: 'the splice engine cannot be loaded: invalid ELF header',
  })
})

test.each([{ abi: SPLICE_ABI + 1 }, {}, undefined])(
  'it is of another version: %j',
  async (addon) => {
    const open = () => addon
    expect(loadAddon({ ...(await placeWith({ addon: 'text' })), open })).toEqual({
      reason: 'the splice engine was built from other source; run `npm run build:native`',
    })
  },
)

test('it is loaded once', () => {
  expect(loadSplice()).toBe(loaded)
})

/** A folder as a build leaves it, with these files; and a loader that is not to be called. */
async function placeWith(files: { readonly outcome?: string; readonly addon?: string }) {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'build/Release'), { recursive: true })
  const { outcome, addon } = files
  if (outcome !== undefined) await writeFile(join(folder, 'build/outcome.json'), outcome)
  if (addon !== undefined) await writeFile(join(folder, 'build/Release/splice.node'), addon)
  const open = (path: string): unknown => {
    throw new Error(`${path} was opened`)
  }
  return { folder, platform: 'linux', open }
}
