// The examples for Prometheus and Grafana: they ask for metrics that there are, and Prometheus takes them.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { METRICS } from '../../../src/web/metrics/table.ts'
import { testFolder } from '../../helpers/folder.ts'
import { pathOf } from '../../helpers/programs.ts'

const TABLE = Object.values(METRICS).flat()

/** The series by which an expression may ask for a metric. */
const SERIES: ReadonlySet<string> = new Set(
  TABLE.flatMap(({ name, type }) => {
    return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
  }),
)
/** Labels that the metrics have, and those that Prometheus and the functions of its language add. */
const LABELS: ReadonlySet<string> = new Set([
  ...TABLE.flatMap(({ labels }) => labels),
  'job',
  'instance',
  'le',
])

const RULES = 'etc/prometheus/sluice-rules.yml'
const DASHBOARD = 'etc/grafana/sluice.json'

function promtool(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(pathOf('promtool'), args, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

describe('for Prometheus', () => {
  test('the configuration loads, with its token and its rules', () => {
    const folder = testFolder()
    cpSync('etc/prometheus', folder, { recursive: true })
    writeFileSync(join(folder, 'sluice.token'), 'of-a-test\n')
    const { status, said } = promtool('check', 'config', join(folder, 'prometheus.yml'))
    expect({ status, said }).toMatchObject({ status: 0, said: expect.stringContaining('5 rules') })
  })

  test('each alert is given when it should be, and not else', () => {
    const { status, said } = promtool('test', 'rules', 'test/web/metrics/sluice-rules.test.yml')
    expect({ status, said }).toMatchObject({ status: 0 })
  })

  test('the rules ask for metrics that there are', () => {
    const asked = metricsIn(readFileSync(RULES, 'utf8'))
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter((name) => !SERIES.has(name))).toEqual([])
  })
})

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: {
    readonly h: number
    readonly w: number
    readonly x: number
    readonly y: number
  }
  readonly targets?: readonly { readonly expr: string }[]
}

interface Variable {
  readonly name: string
  readonly type: string
  readonly definition?: string
}

interface Dashboard {
  readonly uid: string
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly Variable[] }
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
}

describe('for Grafana', () => {
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard
  const { panels, templating, annotations } = dashboard
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const expressions = [...shown, ...annotations.list.map(({ expr }) => expr)]

  test('it has a row for each subject, and every panel asks for something', () => {
    expect(dashboard.uid).toBe('sluice')
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows).toEqual([
      'Traffic',
      'Failures by reason',
      'Latency',
      'Hosts',
      'Health',
      'Configuration and operators',
      'Process',
    ])
    const empty = panels.filter(({ type, targets = [] }) => type !== 'row' && targets.length === 0)
    expect(empty).toEqual([])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  test('no panel lies on another one', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      return Array.from(
        { length: w * h },
        (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`,
      )
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  test('its variables are there, and every one that is used is', () => {
    const names = templating.list.map(({ name }) => name)
    expect(names).toEqual(['datasource', 'job', 'instance', 'service'])
    const used = JSON.stringify(dashboard).matchAll(/\$\{?(?!__)([a-z]\w*)\}?/g)
    expect(new Set([...used].map(([, name]) => name))).toEqual(new Set(names))
  })

  test('it asks for metrics that there are, by labels that they have', () => {
    const asked = [...expressions, ...templating.list.flatMap((each) => each.definition ?? [])]
    const metrics = asked.flatMap(metricsIn)
    expect(metrics.length).toBeGreaterThan(40)
    expect(metrics.filter((name) => !SERIES.has(name))).toEqual([])
    const labels = asked.flatMap(labelsIn)
    expect(labels.filter((label) => !LABELS.has(label))).toEqual([])
  })

  test('Prometheus understands every expression', () => {
    const records = expressions.map((expr, index) => {
      return { record: `panel:number:${index}`, expr: withValues(expr) }
    })
    const file = join(testFolder(), 'rules.yml')
    // Whatever is JSON is YAML as well.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: records }] }))
    const { status, said } = promtool('check', 'rules', file)
    expect({ status, said }).toMatchObject({ status: 0 })
    expect(said).toContain(`${records.length} rules found`)
  })
})

/** As Grafana does before it asks. */
function withValues(expr: string): string {
  return expr.replaceAll('$__rate_interval', '5m').replace(/\$[a-z]\w*/g, '.*')
}

function metricsIn(text: string): readonly string[] {
  return text.match(/\b(?:sluice|process|nodejs)_[a-z0-9_]+/g) ?? []
}

/** Those in braces, and those that are grouped by. */
function labelsIn(expr: string): readonly string[] {
  const matched = [...expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label)
  const grouped = [...expr.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => {
    return list.split(',').map((label) => label.trim())
  })
  return [...matched, ...grouped]
}
