// The report on several workers, in Markdown.
import { aim, whole } from './figures.ts'
import { CONNECTIONS } from './load.ts'
import { machine } from './machine.ts'
import { median } from './median.ts'
import type { WorkersOptions } from './workers-options.ts'

/** The results of one load. */
export type WorkersLoad = {
  perSecond: number
  /** Requests for each second of processor time of all processes of the service. */
  perProcessorSecond: number
  /** Cores that the service used. */
  used: number
  /** Cores that wrk and all other programs on the machine used. */
  others: number
}

export type WorkersRound = { one: WorkersLoad; several: WorkersLoad }

const RATIO_AIM = 1.6
/** The share of its cores that the service must use; otherwise wrk was the bottleneck. */
const ROOM = 0.9

export const workersReport = (rounds: readonly WorkersRound[], options: WorkersOptions, cores: number): string => {
  const { workers, seconds, benchCase } = options
  const of = (key: keyof WorkersRound, what: keyof WorkersLoad) => median(rounds.map(round => round[key][what]))
  const ratio = median(rounds.map(({ one, several }) => several.perSecond / one.perSecond))
  const worth = median(rounds.map(({ one, several }) => several.perProcessorSecond / one.perProcessorSecond))
  const row = (count: number, key: keyof WorkersRound) =>
    `| ${count} | ${whole(of(key, 'perSecond'))} | ${of(key, 'used').toFixed(2)} | ${of(key, 'others').toFixed(2)} | ${whole(of(key, 'perProcessorSecond'))} |`
  return [
    `| workers | ${benchCase.title} req/s | cores used | used by wrk and others | req per processor second |`,
    '| ---: | ---: | ---: | ---: | ---: |',
    row(1, 'one'),
    row(workers, 'several'),
    '',
    `- ${workers} workers do ${ratio.toFixed(2)} times what one does (${aim(`≥ ${RATIO_AIM.toFixed(2)}`, ratio >= RATIO_AIM)})`,
    `- A request costs ${(1 / worth).toFixed(2)} times the processor time: with a core each they would do ${(workers * worth).toFixed(2)} times as much`,
    ...(of('several', 'used') < ROOM * workers ? [noRoom(rounds, options, cores)] : []),
    '',
    `Medians of ${rounds.length} rounds of ${seconds} s for each in turn, wrk with ${CONNECTIONS} connections, nothing pinned to a core, log off.`,
    `Machine: ${machine()}.`,
    ''
  ].join('\n')
}

// Why: if wrk needs as much time for a request as a worker, two cores are not enough for two workers.
const noRoom = (rounds: readonly WorkersRound[], { workers }: WorkersOptions, cores: number): string => {
  const most = median(
    rounds.map(({ one, several: { perSecond, used, others } }) => (cores * perSecond) / (used + others) / one.perSecond)
  )
  const used = median(rounds.map(({ several }) => several.used))
  return `- wrk left no room: of ${cores} cores ${workers} workers got ${used.toFixed(2)}; with what wrk takes for a request, ${cores} cores can do ${most.toFixed(2)} times as much at most`
}
