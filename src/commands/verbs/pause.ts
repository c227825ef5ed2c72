// Commands that hold the new clients of a service for moments, and let them go: nobody is lost meanwhile.
import { formatDuration } from '../../base/duration.ts'
import { LIMITS } from '../../base/limits.ts'
import { MAX_HOLD } from '../../model/pause.ts'
import type { Service } from '../../model/service.ts'
import { command } from '../command.ts'
import { DONE_JSON, type Done, textOfDone } from '../answer/done.ts'
import { fieldFlag, withoutGaps } from '../line/kinds.ts'
import { servicePath } from '../line/paths.ts'

export const pauseService = command({
  words: ['pause', 'service'],
  arguments: { service: { kind: servicePath, summary: 'the service' } },
  flags: { maxHold: fieldFlag('DURATION', MAX_HOLD) },
  role: 'operate',
  summary: `let new clients of a service wait, ${LIMITS.heldMax} at most; open sessions go on`,
  examples: ['pause service web', 'pause service web --max-hold 2m'],
  json: DONE_JSON,
  run({ service, maxHold: maxHoldMs }): Done {
    const before = pausedUntil(service)
    service.pause(withoutGaps({ maxHoldMs }))
    const held = `for ${formatDuration(maxHoldMs ?? MAX_HOLD.standard)} at most`
    const next = `let them go with: resume service ${service.path}`
    const message = `${service.path}: paused, new clients wait ${held}; ${next}`
    return { ...pauseOf('pause', service, before), message }
  },
  text: textOfDone,
})

export const resumeService = command({
  words: ['resume', 'service'],
  arguments: { service: { kind: servicePath, summary: 'the service' } },
  role: 'operate',
  summary: 'give the clients that a pause holds a host, in the order in which they came',
  examples: ['resume service web'],
  json: DONE_JSON,
  run({ service }): Done {
    const before = pausedUntil(service)
    const waiting = service.servingGroup?.waiting ?? 0
    service.resume()
    const clients =
      waiting === 1 ? '1 client that waited goes' : `${waiting} clients that waited go`
    const message = before === null ? 'was not paused' : `resumed, ${clients} to a host now`
    return { ...pauseOf('resume', service, before), message: `${service.path}: ${message}` }
  },
  text: textOfDone,
})

function pausedUntil(service: Service): string | null {
  return service.describe().pausedUntil
}

function pauseOf(done: 'pause' | 'resume', service: Service, before: string | null) {
  return { done, path: service.path, field: 'pausedUntil', before, after: pausedUntil(service) }
}
