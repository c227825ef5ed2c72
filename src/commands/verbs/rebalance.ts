// `rebalance group`: end idle sessions of the hosts that have more than their share, so that clients come back to
// hosts with fewer. The process does it over time; the command tells what is going to happen and returns.
import { formatDuration } from '../../base/duration.ts'
import { BalancerError } from '../../base/errors.ts'
import { duration } from '../../model/field.ts'
import type { Group } from '../../model/group.ts'
import { command, type Kind } from '../command.ts'
import type { Rebalances } from '../context.ts'
import { DONE_JSON, type Done, textOfDone } from '../answer/done.ts'
import { fieldFlag } from '../line/kinds.ts'
import { groupPath } from '../line/paths.ts'

const SHARE = 0.2

const OVER = duration({
  attribute: 'over',
  summary: 'spread evenly over this time; 0s ends them at once, 5m where it is left out',
  effect: 'at once',
  minMs: 0,
  standard: 5 * 60_000,
})

const share: Kind<number> = {
  placeholder: 'PERCENT',
  accepts: 'a share from 1% to 100%',
  read(word) {
    const percent = /^\d{1,3}%$/.test(word) ? Number(word.slice(0, -1)) : 0
    if (percent >= 1 && percent <= 100) return percent / 100
    throw new BalancerError('VALUE_BAD', `share is from 1% to 100%, got ${JSON.stringify(word)}`)
  },
  candidates: () => ['10%', '20%', '50%', '100%'],
}

export const rebalanceGroup = command({
  words: ['rebalance', 'group'],
  arguments: { group: { kind: groupPath, summary: 'the group, which must be the enabled one' } },
  flags: {
    share: {
      kind: share,
      summary: 'part of its open sessions to end at most; 20% where it is left out',
    },
    over: fieldFlag('DURATION', OVER),
    stop: { summary: 'end the rebalance under way' },
  },
  role: 'operate',
  summary:
    'end the idlest sessions of hosts with more than their share, so that clients come back elsewhere',
  examples: [
    'rebalance group web/main',
    'rebalance group web/main --share 50% --over 1m',
    'rebalance group web/main --stop',
  ],
  json: DONE_JSON,
  run({ group, share: part = SHARE, over: overMs = OVER.standard, stop }, { process }): Done {
    const before = process.rebalances.of(group) ?? null
    if (stop) return stopped(group, process.rebalances)
    requireServing(group)
    const after = process.rebalances.begin(group, { share: part, overMs })
    const message = `${group.path}: ${planOf(group, after.most, overMs)}`
    return { done: 'rebalance', path: group.path, field: null, before, after, message }
  },
  text: textOfDone,
})

function requireServing({ enabled, path }: Group): void {
  if (enabled) return
  const why = 'clients would come back to the group that serves'
  throw new BalancerError('REFUSED', `${path} does not serve: ${why}`)
}

function planOf({ path }: Group, most: number, overMs: number): string {
  if (most === 0)
    return 'nothing to end: no host has a session too many, or the share is less than one session'
  const when = overMs === 0 ? 'now' : `over ${formatDuration(overMs)}`
  return `ends up to ${most} sessions ${when}; end it with: rebalance group ${path} --stop`
}

function stopped(group: Group, rebalances: Rebalances): Done {
  const before = rebalances.end(group) ?? null
  const message =
    before === null
      ? 'no rebalance is under way'
      : `rebalance stopped, ${before.ended} of up to ${before.most} sessions were ended`
  const { path } = group
  return {
    done: 'rebalance',
    path,
    field: null,
    before,
    after: null,
    message: `${path}: ${message}`,
  }
}
