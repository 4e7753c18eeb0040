/**
 * The text exposition format 0.0.4, as Prometheus reads it. @throws if a line is invalid
 */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface ReadMetrics {
  readonly samples: readonly Sample[]
  /** By name. */
  readonly types: ReadonlyMap<string, string>
  /** @param labels all of them */
  figureOf(name: string, labels?: Readonly<Record<string, string>>): number | undefined
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy

export function readMetrics(text: string): ReadMetrics {
  if (!text.endsWith('\n')) throw new Error('the last line does not end with a line feed')
  const lines = text.split('\n').filter(line => line !== '')
  const types = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', type = ''] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? []
    if (types.has(name)) throw new Error(`${name} has two types`)
    if (name !== '') types.set(name, type)
  }
  const samples = lines.filter(line => !line.startsWith('#')).map(toSample)
  return {
    samples,
    types,
    figureOf: (name, labels = {}) =>
      samples.find(sample => sample.name === name && isSame(sample.labels, labels))?.value
  }
}

function toSample(line: string): Sample {
  const [, name, inside = '', number] = sampleLine.exec(line) ?? []
  if (name === undefined) throw new Error(`no sample: ${line}`)
  const found = [...inside.matchAll(label)]
  const read = found.reduce((length, [whole]) => length + whole.length, 0)
  if (read !== inside.length) throw new Error(`no labels: ${line}`)
  return { name, labels: Object.fromEntries(found.map(([, key, value]) => [key, value])), value: Number(number) }
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every(name => one[name] === other[name])
}
