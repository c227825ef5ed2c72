// The names of the schedulers and their old spellings. What each one does is in ../scheduler/.

export const SCHEDULER_NAMES = [
  'random',
  'roundrobin',
  'leastconns',
  'leastconnsrr',
  'weightedrandom',
  'weightedroundrobin',
  'weightedleastconns',
  'twochoices',
  'sticky',
] as const

export type SchedulerName = (typeof SCHEDULER_NAMES)[number]

/**
 * Spellings of txLoadBalancer (`rand roundr leastc weightr weightlc`), kept for ever.
 * Its `leastc` gives ties to the host whose last close is oldest: that is our `leastconnsrr`.
 */
export const SCHEDULER_ALIASES: Readonly<Record<string, SchedulerName>> = {
  rand: 'random',
  roundr: 'roundrobin',
  leastc: 'leastconnsrr',
  weightr: 'weightedrandom',
  weightrr: 'weightedroundrobin',
  weightlc: 'weightedleastconns',
}
