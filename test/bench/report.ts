// The report of a run, in Markdown, ready for the README.
import { pinning } from './children.ts'
import type { Comparison } from './comparison.ts'
import { aim, BUSY_ENOUGH, whole } from './figures.ts'
import { CONNECTIONS } from './load.ts'
import { machine } from './machine.ts'
import type { SignatureCost } from './signature.ts'

export type Findings = {
  comparisons: readonly Comparison[]
  /** Milliseconds from the start of the process to the first answer. */
  startTime: number
  /** Resident memory after the load in MiB, where the system tells it. */
  memory: number | undefined
  signature: SignatureCost
}

const START_AIM_MS = 500
const MEMORY_AIM_MIB = 110

export const report = (
  { comparisons, startTime, memory, signature }: Findings,
  rounds: number,
  seconds: number
): string =>
  [
    '| case | log | Signpost req/s | bare node req/s | ratio | aim | nginx req/s | ratio |',
    '| --- | --- | ---: | ---: | ---: | --- | ---: | ---: |',
    ...comparisons.map(row),
    '',
    `- Start to first answer: ${(startTime / 1000).toFixed(2)} s (${aim('≤ 0.5 s', startTime <= START_AIM_MS)})`,
    memoryLine(memory),
    signatureLine(signature),
    '',
    `Medians of ${rounds} rounds of ${seconds} s for each server in turn, wrk with ${CONNECTIONS} connections, ${pins()}.`,
    `Machine: ${machine()}.`,
    ...doubts(comparisons),
    ''
  ].join('\n')

const row = (comparison: Comparison): string => {
  const { benchCase, logMode, signpost, bare, ratio, nginx, nginxRatio } = comparison
  const least = benchCase.aims[logMode]
  const cells = [
    benchCase.title,
    logMode,
    whole(signpost),
    whole(bare),
    isDoubtful(comparison) ? `${ratio.toFixed(2)} (doubtful)` : ratio.toFixed(2),
    least === undefined ? '' : aim(`≥ ${least.toFixed(2)}`, ratio >= least),
    nginx === undefined ? '' : whole(nginx),
    nginxRatio === undefined ? '' : nginxRatio.toFixed(2)
  ]
  return `| ${cells.join(' | ')} |`
}

const memoryLine = (memory: number | undefined): string => {
  const label = '- Resident memory after the load:'
  if (memory === undefined) return `${label} unknown on this system`
  return `${label} ${whole(memory)} MiB (${aim(`≤ ${MEMORY_AIM_MIB} MiB`, memory <= MEMORY_AIM_MIB)})`
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
      ({ benchCase, logMode, processorRatio = Number.NaN }) =>
        `- ${benchCase.title}, log ${logMode}: the ratio by processor time used is ${processorRatio.toFixed(2)}`
    )
  ]
}
