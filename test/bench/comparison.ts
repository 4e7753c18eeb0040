// Measures one case: Signpost and the servers for comparison are loaded one after the other, in several rounds.
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

/** Another server for comparison: medians over all rounds. */
export type Rival = {
  perSecond: number
  /** Signpost's requests per second divided by this server's. */
  ratio: number
  /** The same ratio by processor time, which other programs on the machine do not affect. */
  processorRatio: number | undefined
  /** Microseconds of processor time per request. */
  processorUs: number | undefined
}

export type Comparison = {
  benchCase: BenchCase
  logMode: LogMode
  signpost: number
  /** Microseconds of processor time per request. */
  processorUs: number | undefined
  /** A node:http server that sends the same response. */
  bare: Rival
  /** A node:http server that sends the same body with `content-type` and `content-length` only. */
  plain: Rival
  /** Another build of Signpost, if `--before` names one. */
  before: Rival | undefined
  /** nginx with the same document as a static file, if nginx is installed. */
  nginx: Rival | undefined
  /** The smallest share of its core that Signpost or the bare server used in a round. */
  leastBusy: number | undefined
}

type Plan = { rounds: number; seconds: number; dir: string; before: ServerProcess | undefined }

const WARM_UP_SECONDS = 2
const bareServer = fileURLToPath(new URL('bare-server.ts', import.meta.url))

export const compare = async (
  signpost: ServerProcess,
  benchCase: BenchCase,
  logMode: LogMode,
  { rounds, seconds, dir, before }: Plan
): Promise<Comparison> => {
  const ring = ringOf(benchCase)
  const [firstRequest] = ring
  const answer = await checkAnswers(signpost.port, benchCase, ring)
  const file = join(dir, `${benchCase.name}.ring`)
  const answerFile = join(dir, `${benchCase.name}.json`)
  writeFileSync(file, ringFile(ring))
  writeFileSync(answerFile, JSON.stringify(answer))

  const plainFile = join(dir, `${benchCase.name}-plain.json`)
  writeFileSync(plainFile, JSON.stringify({ ...answer, headers: plainHeaders(answer.headers) }))
  const bare = await startBare(answerFile, dir)
  const plain = await startBare(plainFile, dir)
  if (firstRequest && !isDeepStrictEqual(await fetchAnswer(bare.port, firstRequest), answer))
    throw new Failure(`${benchCase.name}: the bare server's answer differs from Signpost's`)
  if (before) await checkAnswers(before.port, benchCase, ring)

  const loadLogged = async (server: ServerProcess, duration: number): Promise<Load> => {
    server.takeOutput()
    const result = await load(server, benchCase, file, duration)
    checkLog(server.takeOutput(), logMode)
    return result
  }
  const anchor = hasNginx() ? await startAnchor(answer, { benchCase, logMode, dir }) : undefined
  await loadLogged(signpost, WARM_UP_SECONDS)
  for (const each of [bare, plain]) await load(each, benchCase, file, WARM_UP_SECONDS)
  if (before) await loadLogged(before, WARM_UP_SECONDS)
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++)
    measured.push({
      signpost: await loadLogged(signpost, seconds),
      bare: await load(bare, benchCase, file, seconds),
      plain: await load(plain, benchCase, file, seconds),
      ...(before && { before: await loadLogged(before, seconds) }),
      ...(anchor && { nginx: await load(anchor, benchCase, file, seconds) })
    })
  await bare.stop()
  await plain.stop()
  await anchor?.stop()

  const shares = measured.flatMap(round => [round.signpost.busy, round.bare.busy]).filter(busy => busy !== undefined)
  return {
    benchCase,
    logMode,
    signpost: median(measured.map(round => round.signpost.perSecond)),
    processorUs: medianOfAll(measured.map(round => microseconds(round.signpost))),
    bare: rival(measured, 'bare'),
    plain: rival(measured, 'plain'),
    before: before && rival(measured, 'before'),
    nginx: anchor && rival(measured, 'nginx'),
    leastBusy: shares.length > 0 ? Math.min(...shares) : undefined
  }
}

type Round = { signpost: Load; bare: Load; plain: Load; before?: Load; nginx?: Load }

const rival = (rounds: readonly Round[], name: 'bare' | 'plain' | 'before' | 'nginx'): Rival => {
  const pairs = rounds.flatMap(({ signpost, [name]: theirs }) => (theirs ? [{ ours: signpost, theirs }] : []))
  return {
    perSecond: median(pairs.map(({ theirs }) => theirs.perSecond)),
    ratio: median(pairs.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond)),
    processorRatio: medianOfAll(
      pairs.map(({ ours: { perProcessorSecond: ours }, theirs: { perProcessorSecond: theirs } }) =>
        ours === undefined || theirs === undefined ? undefined : ours / theirs
      )
    ),
    processorUs: medianOfAll(pairs.map(({ theirs }) => microseconds(theirs)))
  }
}

const microseconds = ({ perProcessorSecond }: Load): number | undefined =>
  perProcessorSecond && 1e6 / perProcessorSecond

const startBare = (answerFile: string, dir: string): Promise<ServerProcess> =>
  startServer({
    command: process.execPath,
    args: port => [bareServer, answerFile, String(port)],
    outputFile: join(dir, 'bare.log'),
    core: 0
  })

/** @param headers names and values alternately. @returns the two that every response needs */
const plainHeaders = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => ['content-type', 'content-length'].includes((headers[at - (at % 2)] ?? '').toLowerCase()))

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

// Why: a log that is off by mistake would improve the figures without being noticed.
const checkLog = (bytes: number, logMode: LogMode) => {
  if (logMode === 'on' && bytes === 0) throw new Failure('the access log is on, but nothing was written to it')
  if (logMode === 'off' && bytes > 0) throw new Failure(`the access log is off, but ${bytes} bytes were written`)
}
