// One case measured: Signpost and the bare server loaded in turn, round after round.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { checkAnswers, fetchAnswer } from './answer.ts'
import type { BenchCase, LogMode } from './cases.ts'
import { Failure } from './failure.ts'
import { type Load, load } from './load.ts'
import { median } from './median.ts'
import { ringFile, ringOf } from './ring.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export type Comparison = {
  benchCase: BenchCase
  logMode: LogMode
  signpost: number
  bare: number
  ratio: number
  /** The same by processor time instead of time: other work on the machine does not shift it. */
  processorRatio: number | undefined
  /** The smallest share of its core that either server used in a round. */
  leastBusy: number | undefined
}

type Plan = { rounds: number; seconds: number; dir: string }

const WARM_UP_SECONDS = 2
const bareServer = fileURLToPath(new URL('bare-server.ts', import.meta.url))

export const compare = async (
  signpost: ServerProcess,
  benchCase: BenchCase,
  logMode: LogMode,
  { rounds, seconds, dir }: Plan
): Promise<Comparison> => {
  const ring = ringOf(benchCase)
  const [firstRequest] = ring
  const answer = await checkAnswers(signpost.port, benchCase, ring)
  const file = join(dir, `${benchCase.name}.ring`)
  const answerFile = join(dir, `${benchCase.name}.json`)
  writeFileSync(file, ringFile(ring))
  writeFileSync(answerFile, JSON.stringify(answer))

  const bare = await startServer({
    args: port => [bareServer, answerFile, String(port)],
    outputFile: join(dir, 'bare.log'),
    core: 0
  })
  if (firstRequest && !isDeepStrictEqual(await fetchAnswer(bare.port, firstRequest), answer))
    throw new Failure(`${benchCase.name}: the bare server's answer differs from Signpost's`)

  const loadSignpost = async (duration: number): Promise<Load> => {
    signpost.takeOutput()
    const result = await load(signpost, benchCase, file, duration)
    checkLog(signpost.takeOutput(), logMode)
    return result
  }
  await loadSignpost(WARM_UP_SECONDS)
  await load(bare, benchCase, file, WARM_UP_SECONDS)
  const pairs: { signpost: Load; bare: Load }[] = []
  for (let round = 0; round < rounds; round++)
    pairs.push({ signpost: await loadSignpost(seconds), bare: await load(bare, benchCase, file, seconds) })
  await bare.stop()

  const processorRatios = pairs.flatMap(
    ({ signpost: { perProcessorSecond: ours }, bare: { perProcessorSecond: theirs } }) =>
      ours === undefined || theirs === undefined ? [] : [ours / theirs]
  )
  const shares = pairs.flatMap(pair => [pair.signpost.busy, pair.bare.busy]).filter(busy => busy !== undefined)
  return {
    benchCase,
    logMode,
    signpost: median(pairs.map(pair => pair.signpost.perSecond)),
    bare: median(pairs.map(pair => pair.bare.perSecond)),
    ratio: median(pairs.map(pair => pair.signpost.perSecond / pair.bare.perSecond)),
    processorRatio: processorRatios.length > 0 ? median(processorRatios) : undefined,
    leastBusy: shares.length > 0 ? Math.min(...shares) : undefined
  }
}

// Why: a log that is off by mistake would make a figure better, and nothing else would show it.
const checkLog = (bytes: number, logMode: LogMode) => {
  if (logMode === 'on' && bytes === 0) throw new Failure('the access log is on, but nothing was written to it')
  if (logMode === 'off' && bytes > 0) throw new Failure(`the access log is off, but ${bytes} bytes were written`)
}
