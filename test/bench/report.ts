// The report of a run, in Markdown, ready for docs/benchmarks.md.
import { pinning } from './children.ts'
import type { Comparison } from './comparison.ts'
import { aim, BUSY_ENOUGH, whole } from './figures.ts'
import { CONNECTIONS } from './load.ts'
import { machine } from './machine.ts'
import type { SignatureCost } from './signature.ts'

export type Findings = {
  comparisons: readonly Comparison[]
  /** Milliseconds from the start of the process to the first response. */
  startTime: number
  /** Resident memory in MiB, at the first response and after the load, if the system tells it. */
  memory: Record<'idle' | 'loaded' | 'before', number | undefined>
  signature: SignatureCost
}

const START_AIM_MS = 500
const IDLE_AIM_MIB = 85
const LOADED_AIM_MIB = 160

export const report = (
  { comparisons, startTime, memory, signature }: Findings,
  rounds: number,
  seconds: number
): string =>
  [
    '| case | log | Signpost req/s | µs | bare req/s | µs | ratio | aim | plain req/s | µs | ratio | aim | nginx req/s | ratio |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- | ---: | ---: |',
    ...comparisons.map(row),
    '',
    `- Start to first answer: ${(startTime / 1000).toFixed(2)} s (${aim('≤ 0.5 s', startTime <= START_AIM_MS)})`,
    ...memoryLines(memory),
    signatureLine(signature),
    ...beforeTable(comparisons),
    '',
    '`µs` is processor time per request. Bare is a node:http server that sends the same response, plain one that sends the',
    'same body with `content-type` and `content-length` only.',
    `Medians of ${rounds} rounds of ${seconds} s for each server in turn, wrk with ${CONNECTIONS} connections, ${pins()}.`,
    `Machine: ${machine()}.`,
    ...doubts(comparisons),
    ''
  ].join('\n')

const row = (comparison: Comparison): string => {
  const { benchCase, logMode, signpost, processorUs, bare, plain, nginx } = comparison
  const cells = [
    benchCase.title,
    logMode,
    whole(signpost),
    micro(processorUs),
    whole(bare.perSecond),
    micro(bare.processorUs),
    isDoubtful(comparison) ? `${bare.ratio.toFixed(2)} (doubtful)` : bare.ratio.toFixed(2),
    aimCell(benchCase.aims[logMode], bare.ratio),
    whole(plain.perSecond),
    micro(plain.processorUs),
    plain.ratio.toFixed(2),
    aimCell(benchCase.plainAims?.[logMode], plain.ratio),
    nginx === undefined ? '' : whole(nginx.perSecond),
    nginx === undefined ? '' : nginx.ratio.toFixed(2)
  ]
  return `| ${cells.join(' | ')} |`
}

const aimCell = (least: number | undefined, ratio: number): string =>
  least === undefined ? '' : aim(`≥ ${least.toFixed(2)}`, ratio >= least)

const micro = (us: number | undefined): string => (us === undefined ? '' : us.toFixed(1))

const beforeTable = (comparisons: readonly Comparison[]): string[] => {
  const rows = comparisons.flatMap(({ benchCase, logMode, signpost, processorUs, before }) => {
    if (before === undefined) return []
    const { perSecond, ratio, processorRatio = Number.NaN } = before
    const cells = [benchCase.title, logMode, whole(perSecond), whole(signpost), ratio.toFixed(3)]
    return [`| ${[...cells, micro(before.processorUs), micro(processorUs), processorRatio.toFixed(3)].join(' | ')} |`]
  })
  if (rows.length === 0) return []
  return [
    '',
    '| case | log | before req/s | now req/s | now / before | before µs | now µs | now / before by processor time |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows
  ]
}

const memoryLines = ({ idle, loaded, before }: Findings['memory']): string[] => [
  memoryLine('at the first response', idle, IDLE_AIM_MIB),
  memoryLine('after the load', loaded, LOADED_AIM_MIB),
  ...(before === undefined ? [] : [`- Resident memory of the other build after the load: ${whole(before)} MiB`])
]

const memoryLine = (when: string, memory: number | undefined, aimMib: number): string => {
  const label = `- Resident memory ${when}:`
  if (memory === undefined) return `${label} unknown on this system`
  return `${label} ${whole(memory)} MiB (${aim(`≤ ${aimMib} MiB`, memory <= aimMib)})`
}

const signatureLine = ({ document, bare, ratio }: SignatureCost): string =>
  `- A signed profile: ${whole(document)} µs, ${ratio.toFixed(2)} times one bare ECDSA P-256 signature (${whole(bare)} µs)`

const pins = (): string => (pinning ? 'servers pinned to core 0 and wrk to core 1' : 'nothing pinned to a core')

const isDoubtful = ({ leastBusy = 1 }: Comparison): boolean => leastBusy < BUSY_ENOUGH

const doubts = (comparisons: readonly Comparison[]): string[] => {
  const held = comparisons.filter(isDoubtful)
  if (held.length === 0) return []
  return [
    '',
    `Doubtful, since a server had less than ${BUSY_ENOUGH * 100} % of its core in a round:`,
    '',
    ...held.map(
      ({ benchCase, logMode, bare: { processorRatio = Number.NaN } }) =>
        `- ${benchCase.title}, log ${logMode}: the ratio by processor time used is ${processorRatio.toFixed(2)}`
    )
  ]
}
