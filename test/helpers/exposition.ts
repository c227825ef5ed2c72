// Reads what /metrics gives, as Prometheus does: one sample a line, with its labels unescaped.

export interface Exposed {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Every sample. @throws where a line is none */
export function samplesIn(body: string): readonly Exposed[] {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map(sampleOf)
}

/** The value of the one sample of that name whose labels say so. @throws where there is none, or another one */
export function valueIn(
  body: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = samplesIn(body).filter((sample) => {
    return sample.name === name && isLabelled(sample, labels)
  })
  const [sample] = found
  if (sample === undefined || found.length > 1)
    throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`)
  return sample.value
}

export function isLabelled({ labels }: Exposed, wanted: Exposed['labels']): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value)
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/y
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

function sampleOf(line: string): Exposed {
  const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? []
  if (name === '') throw new Error(`no sample: ${line}`)
  return { name, labels: labelsIn(labels), value: Number(value.replace('Inf', 'Infinity')) }
}

function labelsIn(text: string): Exposed['labels'] {
  const labels: Record<string, string> = {}
  let end = 0
  while (end < text.length) {
    LABEL.lastIndex = end
    const [whole, label = '', value = ''] = LABEL.exec(text) ?? []
    if (whole === undefined) throw new Error(`no label: ${text.slice(end)}`)
    labels[label] = value.replace(/\\(.)/g, (_, sign: string) => ESCAPED[sign] ?? sign)
    end = LABEL.lastIndex
  }
  return labels
}
