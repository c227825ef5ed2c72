// Every settable field of the objects that serve traffic and of those who get in, once: the XML attribute, the range, the default, the effect.
// The reader and writer of the file, the setters of the model, the `set` commands and
// docs/configuration.md all follow this table.
import { INSTANT_FORM, INSTANT_OR_NONE, parseInstant } from '../base/instant.ts'
import { LIMITS } from '../base/limits.ts'
import { parseNetwork } from '../base/networks.ts'
import { TOKEN_HASH_PATTERN } from '../base/token-hash.ts'
import { address, duration, flag, list, streak, text, type ValuesOf, whole, word } from './field.ts'
import { SCHEDULER_ALIASES, SCHEDULER_NAMES } from './scheduler-names.ts'

export const HOST_INTENTS = ['enabled', 'draining', 'disabled'] as const
export type HostIntent = (typeof HOST_INTENTS)[number]

export const SERVICE_ENGINES = ['auto', 'node'] as const
export type ServiceEngine = (typeof SERVICE_ENGINES)[number]

const sessionLimit = (of: string) =>
  whole({
    attribute: 'maxSessions',
    summary: `sessions of this ${of} at once; 0 sets no limit of its own`,
    effect: 'for new sessions',
    min: 0,
    max: LIMITS.sessionsMax,
    standard: 0,
  })

export const SERVICE_FIELDS = {
  mode: word({
    attribute: 'mode',
    summary: 'what is carried: tcp passes bytes as they are',
    effect: 'after a restart',
    words: ['tcp'],
    standard: 'tcp',
  }),
  engine: word({
    attribute: 'engine',
    summary:
      'what moves its bytes: auto leaves that to the process, node keeps it on the portable engine',
    effect: 'after a restart',
    words: SERVICE_ENGINES,
    standard: 'auto',
  }),
  accessLog: flag({
    attribute: 'accessLog',
    summary: 'write one log line for every session that ended',
    effect: 'at once',
    standard: false,
  }),
}

export const LISTENER_FIELDS = {
  maxSessions: sessionLimit('listener'),
  proxy: word({
    attribute: 'proxy',
    summary: 'require: every client must send a PROXY protocol header (v1 or v2) first',
    effect: 'for new sessions',
    words: ['none', 'require'],
    standard: 'none',
  }),
  allow: list({
    attribute: 'allow',
    summary: 'addresses or networks that may connect; empty lets everybody in who is not denied',
    effect: 'for new sessions',
    accepts: 'IP addresses or networks (10.0.0.0/8 2001:db8::/32), separated by blanks',
    item: parseNetwork,
  }),
  deny: list({
    attribute: 'deny',
    summary: 'addresses or networks that may not connect, even when allowed by `allow`',
    effect: 'for new sessions',
    accepts: 'IP addresses or networks (10.0.0.0/8 2001:db8::/32), separated by blanks',
    item: parseNetwork,
  }),
}

export const GROUP_FIELDS = {
  scheduler: word({
    attribute: 'scheduler',
    summary: 'the rule by which hosts get sessions',
    effect: 'for new sessions',
    words: SCHEDULER_NAMES,
    aliases: SCHEDULER_ALIASES,
    standard: 'leastconns',
  }),
  connectTimeoutMs: duration({
    attribute: 'connectTimeout',
    summary: 'how long a host may take to accept a connection',
    effect: 'for new sessions',
    standard: 5_000,
  }),
  idleTimeoutMs: duration({
    attribute: 'idleTimeout',
    summary: 'a session in which no byte moved for this long is closed; 0 never',
    effect: 'for new sessions',
    minMs: 0,
    standard: 3_600_000,
  }),
  retries: whole({
    attribute: 'retries',
    summary:
      'other hosts to try for a client when the first does not accept; 255 tries every host once',
    effect: 'for new sessions',
    min: 0,
    max: LIMITS.retriesMax,
    standard: LIMITS.retriesMax,
  }),
  maxFails: whole({
    attribute: 'maxFails',
    summary: 'failed connects in a row that take a host out; 0 leaves that to the checks',
    effect: 'at once',
    min: 0,
    max: LIMITS.streakMax,
    standard: 1,
  }),
  maxSessions: sessionLimit('group'),
  queue: whole({
    attribute: 'queue',
    summary: 'clients that may wait while every host is at its limit; 0 closes them at once',
    effect: 'for new sessions',
    min: 0,
    max: LIMITS.queueMax,
    standard: 1_024,
  }),
  queueTimeoutMs: duration({
    attribute: 'queueTimeout',
    summary: 'how long a client waits in the queue before it is closed',
    effect: 'for new sessions',
    standard: 5_000,
  }),
  proxy: word({
    attribute: 'proxy',
    summary: 'PROXY protocol header to send to the hosts, so that they see the real client',
    effect: 'for new sessions',
    words: ['none', 'v1', 'v2'],
    standard: 'none',
  }),
}

export const HOST_FIELDS = {
  address: address({
    attribute: 'ip',
    summary: 'where the host listens',
    effect: 'for new sessions',
    connectable: true,
    standard: '',
  }),
  weight: whole({
    attribute: 'weight',
    summary: 'share of new sessions; 0 gets none',
    effect: 'for new sessions',
    min: 0,
    max: LIMITS.weightMax,
    standard: 1,
  }),
  intent: word({
    attribute: 'state',
    summary:
      'what is wanted of the host: draining and disabled get no new sessions, open ones finish',
    effect: 'for new sessions',
    words: HOST_INTENTS,
    standard: 'enabled',
  }),
  maxSessions: sessionLimit('host'),
}

export const CHECK_FIELDS = {
  type: word({
    attribute: 'type',
    summary: 'how to look: connect, ask over HTTP, or run a program',
    effect: 'at once',
    words: ['tcp', 'http', 'exec'],
    standard: 'tcp',
  }),
  intervalMs: duration({
    attribute: 'interval',
    summary: 'pause between two looks at one host',
    effect: 'at once',
    minMs: 100,
    standard: 5_000,
  }),
  timeoutMs: duration({
    attribute: 'timeout',
    summary: 'how long one look may take',
    effect: 'at once',
    standard: 2_000,
  }),
  rise: streak('rise', 'good looks in a row that bring a host back', 2),
  fall: streak('fall', 'failed looks in a row that take a host out', 3),
  path: text({
    attribute: 'path',
    summary: 'http: what to ask for',
    effect: 'at once',
    accepts: 'a path that starts with / and has no blanks',
    pattern: /^\/\S*$/,
    standard: '/',
  }),
  status: text({
    attribute: 'status',
    summary: 'http: status codes that are good',
    effect: 'at once',
    accepts: 'status codes or ranges such as 200, 200-299 or 200,204,300-399',
    pattern: /^[1-5]\d\d(-[1-5]\d\d)?(,[1-5]\d\d(-[1-5]\d\d)?)*$/,
    standard: '200-399',
  }),
  match: text({
    attribute: 'match',
    summary: 'http: text that the answer must contain; empty takes any answer',
    effect: 'at once',
    standard: '',
  }),
  command: text({
    attribute: 'command',
    summary:
      'exec: program and arguments, run without a shell; exit status 0 is good. SLUICE_HOST, SLUICE_IP and SLUICE_PORT name the host',
    effect: 'at once',
    standard: '',
  }),
}

export const OPERATOR_ROLES = ['readonly', 'operate', 'full'] as const
export type OperatorRole = (typeof OPERATOR_ROLES)[number]

/** What an operator has to show: a key, a password, both one after the other, or one of them. */
export const USER_PROOFS = ['any', 'publickey', 'password', 'publickey+password'] as const

export const USER_FIELDS = {
  access: word({
    attribute: 'access',
    summary: 'readonly sees, operate also changes what serves traffic, full also gets the prompt',
    effect: 'at once',
    words: OPERATOR_ROLES,
    standard: 'readonly',
  }),
  password: text({
    attribute: 'password',
    summary: 'hash of the password, as `sluice passwd` prints it; empty lets no password in',
    effect: 'at once',
    standard: '',
  }),
  auth: word({
    attribute: 'auth',
    summary:
      'what it takes to log in: any is a key or the password, publickey+password is both of them',
    effect: 'at once',
    words: USER_PROOFS,
    standard: 'any',
  }),
}

const expires = text({
  attribute: 'expires',
  summary: 'from then on it lets nobody in; empty: it never ends',
  effect: 'at once',
  accepts: `${INSTANT_FORM}, or empty`,
  pattern: INSTANT_OR_NONE,
  standard: '',
})

export const TOKEN_FIELDS = {
  access: word({
    attribute: 'access',
    summary: 'what its program may do, as for a user',
    effect: 'at once',
    words: OPERATOR_ROLES,
    standard: 'readonly',
  }),
  /** Never empty: its standard is what a token without a hash has, and is refused. */
  hash: text({
    attribute: 'hash',
    summary: 'hash of the token, as `token create` makes it; the token itself is kept nowhere',
    effect: 'at once',
    accepts: 'sha256: and 64 hexadecimal digits in lower case',
    pattern: TOKEN_HASH_PATTERN,
    standard: '',
  }),
  expires: {
    ...expires,
    // There are days that look like one and are none.
    read: (given: unknown) => {
      const read = expires.read(given)
      return read === undefined || read === '' || parseInstant(read) !== undefined
        ? read
        : undefined
    },
  },
}

export type ServiceValues = ValuesOf<typeof SERVICE_FIELDS>
export type ListenerValues = ValuesOf<typeof LISTENER_FIELDS>
export type GroupValues = ValuesOf<typeof GROUP_FIELDS>
export type HostValues = ValuesOf<typeof HOST_FIELDS>
export type CheckValues = ValuesOf<typeof CHECK_FIELDS>
export type UserValues = ValuesOf<typeof USER_FIELDS>
export type TokenValues = ValuesOf<typeof TOKEN_FIELDS>
