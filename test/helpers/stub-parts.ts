// The parts of a running process that most tests have no need of, as the command table sees them.
import { MemoryAudit } from './memory-audit.ts'
import type { CommandContext, Process } from '../../src/commands/context.ts'
import { keyViewOf } from '../../src/ssh/access/key-view.ts'

export type StubParts = Pick<
  Process,
  | 'hostKeys'
  | 'operators'
  | 'keyOf'
  | 'audit'
  | 'killSession'
  | 'rebalances'
  | 'refusals'
  | 'follow'
  | 'retryHost'
  | 'session'
  | 'explainPick'
  | 'targetOf'
  | 'checksOf'
  | 'usage'
  | 'reload'
  | 'compare'
  | 'apply'
  | 'revisions'
  | 'revision'
>

const LOOK = { time: Date.UTC(2026, 10, 20), outcome: 'good', reason: '', tookMs: 3 } as const

/** Nobody is logged in, nothing happens, and what is audited is kept in memory. */
export function stubParts(): StubParts {
  return {
    hostKeys: [],
    keyOf: keyViewOf,
    operators: { list: () => [], say: () => 0, logout: () => false },
    audit: new MemoryAudit(),
    killSession: () => false,
    rebalances: {
      of: () => undefined,
      begin: () => ({ most: 0, ended: 0, until: 0 }),
      end: () => undefined,
    },
    refusals: () => [],
    follow: () => () => {},
    retryHost: async () => ({ reason: '', tookMs: 3 }),
    session: () => undefined,
    explainPick: () => undefined,
    targetOf: () => undefined,
    checksOf: () => [
      { check: 'tcp', good: 2, bad: 0, rise: 2, fall: 3, nextMs: 1_500, results: [LOOK, LOOK] },
    ],
    usage: () => ({ pid: 7, threads: 11, rssBytes: 64 * 1_024 * 1_024, loopDelayP99Ms: 1.5 }),
    reload: async () => ({ file: 'run/config.xml', edited: false, applied: 0 }),
    compare: () => [],
    apply: async () => ({ differences: [], file: 'config.xml', written: true, backup: '' }),
    revisions: async () => [],
    revision: async () => '',
  }
}

/** An operator at no terminal, whose pieces of answers go to `print` and `note`. */
export function stubWays(
  print: (text: string) => void = () => {},
  note: (text: string) => void = () => {},
): Omit<CommandContext, 'process' | 'operator' | 'role' | 'signal' | 'columns'> {
  return {
    login: 1,
    address: '192.0.2.7',
    key: 'SHA256:of-a-test',
    print: async (text) => print(text),
    note: async (text) => note(text),
    input: undefined,
    screen: undefined,
  }
}
