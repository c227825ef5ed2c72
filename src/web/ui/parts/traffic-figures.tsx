// The traffic of one service as four figures: sessions, bytes and failures a second, and how many sessions are open.
import { historyOf, traffic } from '../state/traffic.ts'
import { useStore } from '../state/store.ts'
import { bytesPerSecond, perSecond, short } from '../text/format.ts'
import { Figure } from './figure.tsx'

/** Below it a curve of bytes shows nothing worth a look. */
const BYTES_MOST = 1_000

export function TrafficFigures({ service }: { readonly service: string }) {
  const now = useStore(traffic)?.services[service]
  const history = historyOf(service)
  const shown = (text: (figures: NonNullable<typeof now>) => string) =>
    now === undefined ? '–' : text(now)
  return (
    <div class="figures">
      <Figure
        title="Sessions"
        value={shown(({ sessionsPerSecond }) => perSecond(sessionsPerSecond))}
        ring={history.sessions}
      />
      <Figure
        title="Traffic"
        value={shown((each) =>
          bytesPerSecond(each.bytesFromClientPerSecond + each.bytesFromHostPerSecond),
        )}
        ring={history.bytes}
        most={BYTES_MOST}
      />
      <Figure
        title="Failures"
        value={shown(({ failedPerSecond }) => perSecond(failedPerSecond))}
        ring={history.failed}
        tone="bad"
      />
      <Figure
        title="Open"
        value={shown(
          ({ open, waiting }) => short(open) + (waiting > 0 ? `, ${short(waiting)} wait` : ''),
        )}
        ring={history.open}
        tone="muted"
        most={5}
      />
    </div>
  )
}
