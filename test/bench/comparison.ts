// One case measured: Signpost and the bare server loaded in turn, round after round.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { type Answer, checkAnswers, fetchAnswer } from './answer.ts'
import type { BenchCase, LogMode } from './cases.ts'
import { Failure } from './failure.ts'
import { type Load, load } from './load.ts'
import { median } from './median.ts'
import { hasNginx, nginx } from './nginx.ts'
import { ringFile, ringOf } from './ring.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export type Comparison = {
  benchCase: BenchCase
  logMode: LogMode
  signpost: number
  bare: number
  ratio: number
  /** nginx with the same document as a static file, where there is an nginx. */
  nginx: number | undefined
  nginxRatio: number | undefined
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
    command: process.execPath,
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
  const anchor = hasNginx() ? await startAnchor(answer, { benchCase, logMode, dir }) : undefined
  const pairs: Round[] = []
  for (let round = 0; round < rounds; round++)
    pairs.push({
      signpost: await loadSignpost(seconds),
      bare: await load(bare, benchCase, file, seconds),
      ...(anchor && { nginx: await load(anchor, benchCase, file, seconds) })
    })
  await bare.stop()
  await anchor?.stop()

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
    nginx: medianOfAll(pairs.map(pair => pair.nginx?.perSecond)),
    nginxRatio: medianOfAll(pairs.map(pair => pair.nginx && pair.signpost.perSecond / pair.nginx.perSecond)),
    processorRatio: medianOfAll(processorRatios),
    leastBusy: shares.length > 0 ? Math.min(...shares) : undefined
  }
}

type Round = { signpost: Load; bare: Load; nginx?: Load }

const startAnchor = async (
  answer: Answer,
  { benchCase, logMode, dir }: { benchCase: BenchCase; logMode: LogMode; dir: string }
): Promise<ServerProcess> => {
  const folder = join(dir, `nginx-${benchCase.name}-${logMode}`)
  const anchor = await startServer({
    ...nginx(answer, logMode, folder),
    outputFile: join(dir, 'nginx.log'),
    core: 0,
    startedStatus: answer.status
  })
  const [request] = ringOf(benchCase)
  const sent = request && (await fetchAnswer(anchor.port, request))
  if (sent?.status !== answer.status || sent.body !== answer.body)
    throw new Failure(`${benchCase.name}: the answer of nginx differs from Signpost's`)
  return anchor
}

const medianOfAll = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter(value => value !== undefined)
  return known.length > 0 ? median(known) : undefined
}

// Why: a log that is off by mistake would make a figure better, and nothing else would show it.
const checkLog = (bytes: number, logMode: LogMode) => {
  if (logMode === 'on' && bytes === 0) throw new Failure('the access log is on, but nothing was written to it')
  if (logMode === 'off' && bytes > 0) throw new Failure(`the access log is off, but ${bytes} bytes were written`)
}
