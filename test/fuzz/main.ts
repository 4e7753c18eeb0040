/**
 * `npm run fuzz`: every interface for untrusted input, for a given time. `npm run fuzz -- --help`
 */
import { Worker } from 'node:worker_threads'
import { Failure } from '../bench/failure.ts'
import { machine } from '../bench/machine.ts'
import { openCases } from './open-cases.ts'
import { help, type Options, readOptions } from './options.ts'
import { inputOf, judge } from './run-case.ts'
import type { WorkerData, WorkerReport } from './worker.ts'

/** Allowed difference of a thread's memory in two measurements, in MiB, because garbage collection is not exact. */
const growthLimit = 16

try {
  const options = readOptions(process.argv.slice(2))
  process.exitCode = options === 'help' ? print(help) : await run(options)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`fuzz: ${error.message}\n`)
  process.exitCode = error.exitCode
}

async function run(options: Options): Promise<number> {
  const { seed, cases, at } = options
  await checkNames(cases)
  print(`fuzz: seed ${seed}\n`)
  return at === undefined ? await runWorkers(options) : await again(cases[0] ?? '', seed, at)
}

async function checkNames(names: readonly string[]): Promise<void> {
  const all = await openCases()
  await Promise.all(all.map(({ close }) => close?.()))
  const known = all.map(({ name }) => name)
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined) throw new Failure(`no case "${unknown}"; there are ${known.join(', ')}`, 2)
}

async function runWorkers({ workers, seed, seconds, cases }: Options): Promise<number> {
  const started = performance.now()
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, at) => watch({ seed: seed + at, seconds, cases }))
  )
  const took = (performance.now() - started) / 1000
  const totals = new Map<string, number>()
  for (const { inputs } of reports)
    for (const [name, count] of Object.entries(inputs)) totals.set(name, (totals.get(name) ?? 0) + count)
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0)
  const rows = [...totals].map(([name, count]) => `${name.padEnd(14)} ${whole(count).padStart(12)}\n`)
  print(`${rows.join('')}${'all'.padEnd(14)} ${whole(all).padStart(12)}  ${whole(all / took)} a second\n`)
  print(`${whole(took)} s, ${workers} threads, ${machine()}\n`)
  const grown = reports.map(({ heap: { before = Number.NaN, now } }) => now - before)
  const sizes = reports.map(({ heap: { before, now } }) => `${before?.toFixed(1) ?? '?'} → ${now.toFixed(1)}`)
  print(`memory of each thread after a collection, at 30 % of the time and at the end, MiB: ${sizes.join(', ')}\n`)
  const finished = reports.flatMap(report => Object.entries(report.finished))
  for (const [name, { figures, problem }] of finished) {
    print(`${name}: ${figures}\n`)
    if (problem !== undefined) print(`FAILED ${name}: ${problem}\n`)
  }
  const failed = reports.map(({ failure }) => failure).filter(failure => failure !== undefined)
  for (const { name, seed, at, problem, input } of failed) {
    print(`\nFAILED ${name}: ${problem}\nsmallest input: ${JSON.stringify(input)}\n`)
    print(`again: npm run fuzz -- --case ${name} --seed ${seed} --at ${at}\n`)
  }
  if (failed.length > 0 || finished.some(([, { problem }]) => problem !== undefined)) return 1
  if (!grown.some(mebibytes => mebibytes > growthLimit)) return 0
  print(`FAILED: memory grew by more than ${growthLimit} MiB\n`)
  return 1
}

/** @returns the last report of a thread. @throws the error that ended it before */
async function watch(workerData: WorkerData): Promise<WorkerReport> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
  const { promise, resolve, reject } = Promise.withResolvers<WorkerReport>()
  let hasFailed = false
  worker.on('message', (report: WorkerReport) => {
    if (report.done) resolve(report)
    else if (report.failure !== undefined && !hasFailed) {
      hasFailed = true
      print(
        `fuzz: ${report.failure.name} failed at ${report.failure.at} with seed ${workerData.seed}; making it small …\n${report.failure.problem}\n`
      )
    }
  })
  worker.once('error', cause => reject(new Error(`a thread crashed (seed ${workerData.seed})`, { cause })))
  worker.once('exit', code => reject(new Error(`a thread ended with ${code} (seed ${workerData.seed})`)))
  return await promise
}

/** A single input, without changes. */
async function again(name: string, seed: number, at: number): Promise<number> {
  const cases = await openCases()
  const fuzzCase = cases.find(each => each.name === name)
  if (fuzzCase === undefined) throw new Failure('--at takes --case too', 2)
  const input = inputOf(fuzzCase, seed, at)
  const problem = await judge(fuzzCase, input)
  await Promise.all(cases.map(({ close }) => close?.()))
  print(`${JSON.stringify(input)}\n${problem === undefined ? 'nothing is wrong with it' : `FAILED: ${problem}`}\n`)
  return problem === undefined ? 0 : 1
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
