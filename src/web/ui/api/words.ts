// Words that the server says and takes, for choices: the same as in its own tables, of which the page has nothing.

export const ROLES = ['readonly', 'operate', 'full'] as const

export const INTENTS = ['enabled', 'draining', 'disabled'] as const

export const HEALTHS = ['unknown', 'up', 'down'] as const

/** What may be asked for at log-in. */
export const PROOFS = ['any', 'publickey', 'password', 'publickey+password'] as const

/** Those that suit most come first. */
export const SCHEDULERS = [
  'leastconns',
  'leastconnsrr',
  'weightedleastconns',
  'roundrobin',
  'weightedroundrobin',
  'random',
  'weightedrandom',
  'twochoices',
  'sticky',
] as const

/** How a check looks. */
export const CHECK_TYPES = ['tcp', 'http', 'exec'] as const

/** The header that the clients of a listener must send. */
export const LISTENER_PROXIES = ['none', 'require'] as const

/** The header that is sent to the hosts of a group. */
export const GROUP_PROXIES = ['none', 'v1', 'v2'] as const
