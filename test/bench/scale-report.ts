// The report of the scale benchmark, in Markdown, ready for docs/benchmarks.md.
import { pinning } from './children.ts'
import { aim, BUSY_ENOUGH, whole } from './figures.ts'
import { CONNECTIONS, type Load } from './load.ts'
import { machine } from './machine.ts'
import { median } from './median.ts'
import { POPULATION } from './population.ts'
import type { SourceFindings } from './scale-measure.ts'
import type { ScaleOptions } from './scale-options.ts'
import type { Scale } from './scale-subject.ts'
import { type Traffic, traffics } from './traffic.ts'
import { EXPONENT } from './zipf.ts'

export type ScaleFindings = {
  findings: readonly SourceFindings[]
  /** Measurements that were skipped, and why. */
  skipped: readonly string[]
}

const THROUGHPUT_AIM = 0.85
const UNCACHED_AIMS: Readonly<Record<string, number>> = { SQLite: 3000 }
const START_AIM = 1.1
const MEMORY_AIM = 1.1

export const scaleReport = (
  { findings, skipped }: ScaleFindings,
  { rounds, seconds, starts, kept, filled }: Pick<ScaleOptions, 'rounds' | 'seconds' | 'starts' | 'kept' | 'filled'>
): string =>
  [
    '| source | domains | traffic | req/s | ratio | aim | p99 ms | ratio | from the cache |',
    '| --- | ---: | --- | ---: | ---: | --- | ---: | ---: | ---: |',
    ...findings.flatMap(source =>
      source.scales.flatMap(scale => traffics.map(traffic => loadRow(source, scale, traffic)))
    ),
    '',
    '| source | domains | start s | ratio | aim | MiB after start | after load | ratio | aim | uncached/s | aim |',
    '| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- | ---: | --- |',
    ...findings.flatMap(source => source.scales.map(scale => sizeRow(source, scale, { kept }))),
    '',
    `- Ratios are to the fewest domains of the same source; that of memory is to the fewest that fill the cache (${whole(kept)}).`,
    `- Domains: ${POPULATION}. Zipf: exponent ${EXPONENT}, drawn anew for every load, the same in every run.`,
    `- Medians of ${rounds} rounds of ${seconds} s for each server in turn and of ${starts} starts, autoconfig GET, the log`,
    `  on, wrk with ${CONNECTIONS} connections, ${pins()}. Uncached: every request another domain,`,
    `  until ${whole(filled)} are in the cache.`,
    ...findings.map(bareLine),
    ...skipped.map(line => `- Not measured: ${line}.`),
    `- Machine: ${machine()}.`,
    ...doubts(findings),
    ''
  ].join('\n')

const loadRow = (source: SourceFindings, scale: Scale, traffic: Traffic): string => {
  const ratio = ratioOf(source, scale, { traffic, of: load => load.perSecond })
  const slower = ratioOf(source, scale, { traffic, of: load => load.p99 })
  const loads = scale.loads[traffic]
  const hits = scale.hits[traffic]
  const hasAim = traffic === 'zipf' && scale !== source.scales[0]
  return row([
    source.title,
    whole(scale.domains),
    traffic === 'zipf' ? 'Zipf' : 'uniform',
    whole(median(loads.map(load => load.perSecond))),
    isDoubtful(source, scale, traffic) ? `${ratio.toFixed(2)} (doubtful)` : ratio.toFixed(2),
    hasAim ? aim(`≥ ${THROUGHPUT_AIM.toFixed(2)}`, ratio >= THROUGHPUT_AIM) : '',
    median(loads.map(load => load.p99)).toFixed(1),
    slower.toFixed(2),
    hits === undefined ? '' : `${(hits * 100).toFixed(0)} %`
  ])
}

const sizeRow = (
  { title, isDatabase, scales }: SourceFindings,
  scale: Scale,
  { kept }: Pick<ScaleOptions, 'kept'>
): string => {
  const { domains, startTime, memory, uncached } = scale
  const leastUncached = UNCACHED_AIMS[title]
  const startRatio = startTime / (scales[0]?.startTime ?? Number.NaN)
  const full = scales.find(each => isDatabase && each.domains >= kept)?.memory.afterLoad
  const grown = full && memory.afterLoad && domains >= kept ? memory.afterLoad / full : undefined
  return row([
    title,
    whole(domains),
    (startTime / 1000).toFixed(2),
    startRatio.toFixed(2),
    isDatabase && scale !== scales[0] ? aim(`≤ ${START_AIM.toFixed(2)}`, startRatio <= START_AIM) : '',
    memory.atStart === undefined ? 'unknown' : whole(memory.atStart),
    memory.afterLoad === undefined ? 'unknown' : whole(memory.afterLoad),
    grown === undefined ? '' : grown.toFixed(2),
    grown === undefined ? '' : aim(`≤ ${MEMORY_AIM.toFixed(2)}`, grown <= MEMORY_AIM),
    uncached === undefined ? '' : whole(uncached.perSecond),
    uncached === undefined || leastUncached === undefined
      ? ''
      : aim(`≥ ${whole(leastUncached)}`, uncached.perSecond >= leastUncached)
  ])
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Compares loads of the same round, during which the machine was in the same state. */
const ratioOf = (
  { scales }: SourceFindings,
  { loads }: Scale,
  { traffic, of }: { traffic: Traffic; of: (load: Load) => number | undefined }
): number => {
  const least = scales[0]?.loads[traffic] ?? []
  return median(
    loads[traffic].map((load, round) => (of(load) ?? Number.NaN) / (of(least[round] ?? load) ?? Number.NaN))
  )
}

const bareLine = ({ title, bare, scales }: SourceFindings): string => {
  const perSecond = median(bare.map(load => load.perSecond))
  const ours = median(scales[0]?.loads.zipf.map(load => load.perSecond) ?? [])
  const { domains = 0 } = scales[0] ?? {}
  return `- A bare node:http server beside ${title}: ${whole(perSecond)} req/s, of which ${whole(domains)} domains had ${(ours / perSecond).toFixed(2)}.`
}

const pins = (): string =>
  pinning ? 'servers pinned to core 0, wrk and PostgreSQL to core 1' : 'nothing pinned to a core'

const isDoubtful = ({ scales }: SourceFindings, { loads }: Scale, traffic: Traffic): boolean =>
  [...loads[traffic], ...(scales[0]?.loads[traffic] ?? [])].some(({ busy = 1 }) => busy < BUSY_ENOUGH)

const doubts = (findings: readonly SourceFindings[]): string[] => {
  const held = findings.flatMap(source =>
    source.scales.flatMap(scale =>
      traffics.filter(traffic => isDoubtful(source, scale, traffic)).map(traffic => ({ source, scale, traffic }))
    )
  )
  if (held.length === 0) return []
  return [
    '',
    `Doubtful, since a server had less than ${BUSY_ENOUGH * 100} % of its core in a round:`,
    '',
    ...held.map(({ source, scale, traffic }) => {
      const ratio = ratioOf(source, scale, { traffic, of: load => load.perProcessorSecond })
      const what = `${source.title}, ${whole(scale.domains)} domains, ${traffic === 'zipf' ? 'Zipf' : 'uniform'}`
      return `- ${what}: the ratio by processor time used is ${ratio.toFixed(2)}`
    })
  ]
}
