// docs/metrics.md out of the table of metrics.
import { METRICS } from '../../src/web/metrics/table.ts'
import type { Metric } from '../../src/web/metrics/metric.ts'
import { block, code, madeFrom, page, table } from './markdown.ts'

const INTRODUCTION = `# Metrics

${madeFrom('`src/web/metrics/table.ts`')}

\`/metrics\` of the web surface gives what Sluice counts in the text format of Prometheus. It wants a caller, as everything there
does; a program has a token of role \`readonly\`:`

const SCRAPING = `
Examples to copy are in \`etc/\`: \`prometheus/prometheus.yml\` scrapes with that token, \`prometheus/sluice-rules.yml\` has five
alerts (PANIC, a host down, no host ready, changes that are not in the file for ten minutes, an event loop that is late), and
\`grafana/sluice.json\` is a dashboard to import.

Names, labels and units of what is listed here stay as they are; [CHANGELOG.md](../CHANGELOG.md) says where one comes or goes.
Times are in seconds, sizes in bytes, and counters count from the start of the process. A label is a name out of the configuration or
one of a few fixed words, never anything that a client or a host says. What is removed from the configuration is gone from the next
answer, and what is called otherwise has another series. Each host has 14 series and eight more for each check that looks at it. The
reasons why sessions end are those of [errors.md](errors.md).

Figures are collected when they are asked for. While nobody asks they cost nothing, and whoever asks at the same time or within a
quarter of a second gets the same answer. Open sessions are not listed; [commands.md](commands.md) has \`show sessions\`.`

export function metricsPage(): string {
  const example = block(
    'sh',
    "ssh -p 2222 admin@127.0.0.1 'token create prometheus --role readonly'",
  )
  const sections = Object.entries(METRICS).flatMap(([subject, metrics]) =>
    sectionOf(subject, metrics),
  )
  return page([INTRODUCTION, example, SCRAPING.trim(), ...sections])
}

function sectionOf(subject: string, metrics: readonly Metric[]): readonly string[] {
  const rows = metrics.map(({ name, type, labels, help }) => {
    return [code(name), type, labels.map(code).join(' '), help]
  })
  return [`## Of ${subject}`, table(['metric', 'type', 'labels', 'what it says'], rows)]
}
