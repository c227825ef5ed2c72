// What a page asks to be told of, out of the address of its stream.
import { LIMITS } from '../../base/limits.ts'
import { ACCEPTS } from '../schema-check.ts'
import { LINE_TOPICS } from './events-batch.ts'
import type { RouteFacts } from './answers.ts'
import type { StreamWishes } from './events-stream.ts'

const TOPICS = ['change', 'traffic', 'hosts', 'log', 'audit'] as const
const STANDARD = 'change,traffic'

export interface EventsQuery {
  readonly topics?: string
  readonly service?: string
}

const ONE = `(?:${TOPICS.join('|')})`

export const EVENTS_FACTS: RouteFacts = {
  tag: 'events',
  operationId: 'events',
  summary:
    'Be told what happens, as it happens: hello, config, change, traffic, hosts, log, audit, say, reset, bye. ' +
    'With Last-Event-ID come the changes that were missed, or reset where there were too many',
  query: {
    topics: {
      type: 'string',
      pattern: `^${ONE}(?:,${ONE})*$`,
      maxLength: 64,
      [ACCEPTS]: `one or more of ${TOPICS.join(', ')}, with commas between`,
      description: `with commas between: ${TOPICS.join(', ')}; left out, ${STANDARD}. audit needs what tail audit needs`,
    },
    service: {
      type: 'string',
      maxLength: LIMITS.nameLengthMax,
      description: 'the service whose hosts are meant by the topic hosts',
    },
  },
  answers: {
    200: {
      description: 'Events until the log-in ends, or the page has enough',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
  },
  problems: [429],
}

export function wishesOf({ topics = STANDARD, service }: EventsQuery): StreamWishes {
  const named = topics.split(',')
  return {
    lines: LINE_TOPICS.filter((topic) => named.includes(topic)),
    traffic: named.includes('traffic'),
    hostsOf: named.includes('hosts') ? service : undefined,
  }
}
