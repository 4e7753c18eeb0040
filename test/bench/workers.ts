// The benchmark of several workers: Signpost with one compared with Signpost with several. `npm run bench:workers -- --help`
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkAnswers } from './answer.ts'
import { Failure } from './failure.ts'
import { load, requireWrk } from './load.ts'
import { ringFile, ringOf } from './ring.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { settingsFor } from './settings.ts'
import { HELP, readWorkersOptions, type WorkersOptions } from './workers-options.ts'
import { type WorkersLoad, type WorkersRound, workersReport } from './workers-report.ts'

const WARM_UP_SECONDS = 2

const run = async (options: WorkersOptions): Promise<string> => {
  requireWrk()
  const dir = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  const { benchCase, rounds } = options
  const ring = ringOf(benchCase)
  const file = join(dir, 'ring')
  writeFileSync(file, ringFile(ring))
  const one = await startSignpost(options, 1, dir)
  const several = await startSignpost(options, options.workers, dir)
  const measured: WorkersRound[] = []
  for (const server of [one, several]) {
    await checkAnswers(server.port, benchCase, ring)
    await measure(server, options, { file, seconds: WARM_UP_SECONDS })
  }
  for (let round = 1; round <= rounds; round++) {
    const { seconds } = options
    measured.push({
      one: await measure(one, options, { file, seconds }),
      several: await measure(several, options, { file, seconds })
    })
    progress(`round ${round} of ${rounds}`)
  }
  await Promise.all([one.stop(), several.stop()])
  return workersReport(measured, options, availableParallelism())
}

const startSignpost = (options: WorkersOptions, workers: number, dir: string): Promise<ServerProcess> => {
  const settings = settingsFor('off', options.config, dir)
  const places = (port: number) => ['--listen', `127.0.0.1:${port}`, '--workers', String(workers)]
  return startServer({
    command: process.execPath,
    args: port => [options.server, 'serve', '--config', settings, ...places(port)],
    outputFile: join(dir, `log-${workers}`),
    startedStatus: 200
  })
}

const measure = async (
  { pid, port }: ServerProcess,
  { benchCase }: WorkersOptions,
  { file, seconds }: { file: string; seconds: number }
): Promise<WorkersLoad> => {
  const before = busyTime()
  const { perSecond, perProcessorSecond, busy } = await load({ pid, port, wrkCore: 'any' }, benchCase, file, seconds)
  const all = (busyTime() - before) / 1000 / seconds
  if (perProcessorSecond === undefined || busy === undefined)
    throw new Failure('this system does not tell processor time', 2)
  return { perSecond, perProcessorSecond, used: busy, others: Math.max(0, all - busy) }
}

/** Busy time of all cores in milliseconds. */
const busyTime = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)

const progress = (line: string) => process.stderr.write(`bench:workers: ${line}\n`)

try {
  const options = readWorkersOptions(process.argv.slice(2))
  process.stdout.write(options === 'help' ? HELP : await run(options))
} catch (error) {
  const failure = error instanceof Failure ? error : undefined
  progress(failure?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)))
  process.exit(failure?.exitCode ?? 1)
}
