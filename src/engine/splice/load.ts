// Loads the addon of the splice engine, or says in one clause why there is none. Never throws.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../../base/errors.ts'
import { SPLICE_ABI, type SpliceAddon } from './addon.ts'

export type Loaded = { readonly addon: SpliceAddon } | { readonly reason: string }

/** Where the addon is looked for, and how. */
export interface AddonPlace {
  /** The one of binding.gyp. */
  readonly folder: string
  /** As in process.platform. */
  readonly platform: string
  /** @throws anything where it cannot be loaded */
  readonly open: (path: string) => unknown
}

const ADDON = 'build/Release/splice.node'
/** What became of its build; scripts/native/addon.js says what is in there. */
const OUTCOME = 'build/outcome.json'
const BUILD_IT = 'run `npm run build:native`'
/** Characters of what the system says about a file that is no addon. */
const FAULT_LENGTH_MAX = 200

let loaded: Loaded | undefined

/** The same answer for the life of the process. */
export function loadSplice(): Loaded {
  loaded ??= loadAddon({
    // The addon is built where its source is, also for who runs from dist.
    folder: fileURLToPath(new URL('../../../src/engine/splice/native', import.meta.url)),
    platform: process.platform,
    open: createRequire(import.meta.url),
  })
  return loaded
}

export function loadAddon({ folder, platform, open }: AddonPlace): Loaded {
  if (platform !== 'linux')
    return { reason: `the splice engine needs Linux, and this is ${platform}` }
  const path = join(folder, ADDON)
  if (!existsSync(path)) return { reason: whyNotBuilt(join(folder, OUTCOME)) }
  try {
    const addon = open(path)
    if (isOurs(addon)) return { addon }
    return { reason: `the splice engine was built from other source; ${BUILD_IT}` }
  } catch (error) {
    const [fault = ''] = messageOf(error).split('\n')
    return { reason: `the splice engine cannot be loaded: ${fault.slice(0, FAULT_LENGTH_MAX)}` }
  }
}

function isOurs(addon: unknown): addon is SpliceAddon {
  return typeof addon === 'object' && addon !== null && 'abi' in addon && addon.abi === SPLICE_ABI
}

function whyNotBuilt(outcomePath: string): string {
  const reason = reasonIn(outcomePath)
  return reason === undefined
    ? `the splice engine is not built; ${BUILD_IT}`
    : `the splice engine is not built: ${reason}`
}

/** Undefined where nobody has tried to build it, or what was written then cannot be read. */
function reasonIn(outcomePath: string): string | undefined {
  try {
    const outcome: unknown = JSON.parse(readFileSync(outcomePath, 'utf8'))
    if (typeof outcome !== 'object' || outcome === null || !('reason' in outcome)) return undefined
    return String(outcome.reason)
  } catch {
    return undefined
  }
}
