// The parts of a running process that most tests have no need of, as the command table sees them.
import { MemoryAudit } from './memory-audit.ts'
import { BalancerError } from '../../src/base/errors.ts'
import type { CommandContext, Process } from '../../src/commands/context.ts'
import type { Conflicts, History } from '../../src/commands/documents.ts'
import { keyViewOf } from '../../src/ssh/access/key-view.ts'

export type StubParts = Pick<
  Process,
  | 'hostKeys'
  | 'operators'
  | 'webLink'
  | 'keyOf'
  | 'audit'
  | 'killSessions'
  | 'rebalances'
  | 'refusals'
  | 'follow'
  | 'retryHost'
  | 'session'
  | 'explainPick'
  | 'figuresOf'
  | 'targetOf'
  | 'checksOf'
  | 'usage'
  | 'reload'
  | 'textOf'
  | 'compare'
  | 'apply'
  | 'conflicts'
  | 'history'
  | 'candidates'
  | 'confirmations'
>

const LOOK = { time: Date.UTC(2026, 10, 20), outcome: 'good', reason: '', tookMs: 3 } as const

const ENDED_COMMIT = {
  operator: 'alice',
  comment: '',
  outcome: 'confirmed',
  time: Date.UTC(2026, 10, 20),
  origin: 'ssh:alice',
  reason: '',
  differences: [],
  kept: [],
} as const

/** Nobody is logged in, nothing happens, and what is audited is kept in memory. */
export function stubParts(): StubParts {
  return {
    hostKeys: [],
    keyOf: keyViewOf,
    textOf: (balancer) => `<!-- ${balancer.serviceList.map(({ name }) => name).join(' ')} -->\n`,
    webLink: () => 'http://127.0.0.1:7001/#link=of-a-test',
    operators: { list: () => [], say: () => 0, tell: () => 0, logout: () => false },
    audit: new MemoryAudit(),
    killSessions: () => 0,
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
    figuresOf: () => undefined,
    targetOf: () => undefined,
    checksOf: () => [
      {
        check: 'tcp',
        good: 2,
        bad: 0,
        rise: 2,
        fall: 3,
        nextMs: 1_500,
        results: [LOOK, LOOK],
        totals: { good: 2, bad: 0, blind: 0 },
      },
    ],
    usage: () => ({ pid: 7, threads: 11, rssBytes: 64 * 1_024 * 1_024, loopDelayP99Ms: 1.5 }),
    reload: async () => ({
      file: 'run/config.xml',
      edited: false,
      applied: 0,
      conflicts: 0,
      written: false,
    }),
    compare: () => [],
    apply: async () => ({ differences: [], file: 'config.xml', written: true, revision: 2 }),
    conflicts: stubConflicts(),
    history: stubHistory(),
    candidates: {
      list: () => [],
      of: () => undefined,
      begin: async () => notInAStub('begin'),
      renew: async () => notInAStub('begin --again'),
      load: async () => notInAStub('load'),
      commit: async () => notInAStub('commit'),
      discard: () => false,
    },
    confirmations: {
      pending: undefined,
      last: undefined,
      confirm: async () => ENDED_COMMIT,
      undo: async () => ({ ...ENDED_COMMIT, outcome: 'undone' }),
    },
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

/** Revisions 2 and 1, of which the second one made a host heavier. */
function stubHistory(): History {
  const weight = { action: 'set', kind: 'host', path: 'web/main/a', field: 'weight' } as const
  const change = { ...weight, before: 1, after: 5 }
  const said = { origins: ['ssh:alice'], size: 10 }
  const revisions = [
    { number: 2, time: Date.UTC(2026, 10, 20, 1), comment: 'more', changes: [change], ...said },
    { number: 1, time: Date.UTC(2026, 10, 20), comment: '', changes: [], ...said },
  ]
  const requireRevision = (number: number) => {
    const found = revisions.find((each) => each.number === number)
    if (found === undefined) throw new BalancerError('NOT_FOUND', `no revision ${number}`)
    return found
  }
  return {
    list: async () => revisions,
    get: async (number) => requireRevision(number),
    text: async (name) => {
      if (typeof name === 'number') requireRevision(name)
      return '<config/>\n'
    },
    commands: async () => ['set host web/main/a weight 5'],
    compare: async () => [change],
    async rollback(number) {
      requireRevision(number)
      return { differences: [change], file: 'config.xml', written: true, revision: 3 }
    },
  }
}

function notInAStub(what: string): never {
  throw new BalancerError('REFUSED', `${what}: there is none in a stub`)
}

/** One, which whoever asks may settle. */
function stubConflicts(): Conflicts {
  const [path, time] = ['web/main/a/weight', Date.UTC(2026, 10, 20)]
  const values = { field: 'weight', base: 1, file: 3, fileTime: time, running: 4 }
  const conflict = { path, kind: 'host', ...values, origin: 'ssh:bob', time, beside: [] }
  return { paths: [path], list: async () => [conflict], resolve: async () => [conflict] }
}
