// Which looks are taken at a host, how often, and what comes of a result. This is the policy of health in one
// place; it opens nothing, waits for nothing and asks no clock.
import { LIMITS } from '../base/limits.ts'
import type { CheckValues } from '../model/fields.ts'
import type { Group } from '../model/group.ts'
import type { SettingValues } from '../model/setting-fields.ts'
import type { Check } from './check.ts'
import { checkOf, connectOf, inTurn } from './checks.ts'
import type { JobKey, Watched } from './roster.ts'
import type { Streak } from './streak.ts'

/** One kind of look at one host. */
export interface Look {
  readonly key: JobKey
  /** Pause between two of them. */
  readonly intervalMs: number
  /** Good ones in a row that bring the host back, bad ones that take it out; 0 where it never does that. */
  readonly rise: number
  readonly fall: number
  /** Make the check that is carried out. @throws BalancerError VALUE_BAD where its settings cannot work */
  readonly check: () => Check
  /** The result was counted in `streak`: set the host's health where it is time to. `reason` is '' after a good look. */
  readonly judge: (streak: Streak, reason: string) => void
}

/** The looks that a host needs now; `panic` is that of its group. */
export function looksAt(
  watched: Watched,
  settings: SettingValues,
  panic: boolean,
): readonly Look[] {
  const { host, group } = watched
  const looks = group.checks.map((values) => checkLook(watched, values))
  if (settings.heartbeat.enable) looks.push(heartbeatLook(watched, settings))
  if (settings.hostCheck.enable && host.health === 'down')
    looks.push(probeLook(watched, settings, panic))
  return looks
}

// A `<check>`: each one alone can take the host out, all of them together bring it back.
function checkLook(watched: Watched, values: CheckValues): Look {
  const { host, group } = watched
  return {
    key: values,
    intervalMs: values.intervalMs,
    rise: values.rise,
    fall: values.fall,
    check: () => checkOf(values, group.proxy),
    judge(streak, reason) {
      if (streak.bad >= values.fall) host.setHealth('down', reason)
      if (streak.good > 0 && everyCheckRose(watched)) host.setHealth('up', '')
    },
  }
}

// One good look is enough for a host that nobody has looked at yet.
function everyCheckRose({ host, group, jobs }: Watched): boolean {
  const enough = (rise: number) => (host.health === 'unknown' ? 1 : rise)
  return group.checks.every((values) => (jobs.get(values)?.streak.good ?? 0) >= enough(values.rise))
}

// The heartbeat connects and does no more. It takes a host out as clients' connects do, but a host that has
// checks of its own comes back by those.
function heartbeatLook({ host, group }: Watched, { heartbeat, hostCheck }: SettingValues): Look {
  const fall = Math.max(1, group.maxFails)
  return {
    key: 'heartbeat',
    intervalMs: heartbeat.intervalMs,
    rise: group.checks.length === 0 ? hostCheck.rise : 0,
    fall,
    check: () => connectOf(group.proxy, hostCheck.timeoutMs),
    judge(streak, reason) {
      if (streak.bad >= fall) host.setHealth('down', reason)
      const rise = host.health === 'unknown' ? 1 : hostCheck.rise
      if (group.checks.length === 0 && streak.good >= rise) host.setHealth('up', '')
    },
  }
}

// The probe of a host that is down. With checks all of them must be good, as often as they ask for: a host must
// not come back by one and be taken out by the next. In a panic the first sign of life counts.
function probeLook({ host, group }: Watched, { hostCheck }: SettingValues, panic: boolean): Look {
  const { intervalMs, timeoutMs, rise } = hostCheck
  const mostRise = Math.max(rise, ...group.checks.map((values) => values.rise))
  const [pauseMs, connectMs] = panic
    ? [Math.min(intervalMs, LIMITS.panicProbeMs), Math.min(timeoutMs, LIMITS.panicProbeMs)]
    : [intervalMs, timeoutMs]
  return {
    key: 'probe',
    intervalMs: pauseMs,
    rise: panic ? rise : mostRise,
    fall: 0,
    check: () => everyCheckOf(group, connectMs),
    judge(streak) {
      if (streak.good >= (panic ? rise : mostRise)) host.setHealth('up', '')
    },
  }
}

/** All checks of a group in turn; where it has none, a connect with this deadline. @throws BalancerError VALUE_BAD */
export function everyCheckOf({ checks, proxy }: Group, connectMs: number): Check {
  if (checks.length === 0) return connectOf(proxy, connectMs)
  return inTurn(checks.map((values) => checkOf(values, proxy)))
}
