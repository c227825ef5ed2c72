// The ancestors' calls that only look.
import { BalancerError } from '../../base/errors.ts'
import type { Caller } from '../caller.ts'
import { run, type RunParts } from '../run.ts'
import type { Accepted } from './arguments.ts'
import type { Given } from './calls.ts'
import { runningPage, runningXml } from './markup.ts'
import { runningText, statusText } from './texts.ts'

export interface LegacyLook extends Accepted {
  /** What it tells, for the documentation. */
  readonly summary: string
  readonly type: string
  text(given: Given, caller: Caller, parts: RunParts): Promise<string>
}

/** XML is text as well: a browser must not make a page of it. */
const TEXT = 'text/plain; charset=utf-8'

export const LEGACY_LOOKS = {
  running: {
    summary: 'services, groups and hosts as a page with tables',
    type: 'text/html; charset=utf-8',
    required: [],
    optional: ['verbose', 'refresh', 'ignore', 'resultMessage'],
    text: async (given, _, { process }) => runningPage(process, given('resultMessage')),
  },
  'running.txt': {
    summary: 'the same as lines',
    type: TEXT,
    required: [],
    optional: ['verbose'],
    text: async (_, __, { process }) => runningText(process.balancer),
  },
  'running.xml': {
    summary: 'what runs, in the grammar of PythonDirector; hashes of passwords only for role full',
    type: TEXT,
    required: [],
    optional: ['verbose'],
    text: async (_, { role }, { process }) => runningXml(process.balancer, role === 'full'),
  },
  'config.xml': {
    summary: 'the document as a save would write it; hashes only for role full',
    type: TEXT,
    required: [],
    text: (_, caller, parts) => documentBy('running', caller, parts),
  },
  'stored.xml': {
    summary: 'the document as it is in the file; hashes only for role full',
    type: TEXT,
    required: [],
    text: (_, caller, parts) => documentBy('stored', caller, parts),
  },
  'status.txt': {
    summary:
      'version, engine, uptime in seconds, services, sessions, and why something is not saved',
    type: TEXT,
    required: [],
    optional: ['verbose'],
    text: async (_, __, { process }) => statusText(process),
  },
} as const satisfies Readonly<Record<string, LegacyLook>>

/** @throws BalancerError as the command was refused */
async function documentBy(
  side: 'running' | 'stored',
  caller: Caller,
  parts: RunParts,
): Promise<string> {
  const { error, json } = await run({ command: 'show config' }, caller, parts)
  if (error !== undefined) throw new BalancerError(error.code, error.detail)
  const texts = JSON.parse(json) as { readonly running: string; readonly stored: string }
  return texts[side]
}
