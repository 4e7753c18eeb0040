/**
 * One thread of `npm run fuzz`: every case in turn, a slice of time each, until the time is up.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import type { Finished, FuzzCase } from './fuzz-case.ts'
import { openCases } from './open-cases.ts'
import { reduce } from './reduce.ts'
import { type Failure, judge, runCase } from './run-case.ts'

export interface WorkerData {
  readonly seed: number
  readonly seconds: number
  readonly cases: readonly string[]
}

export interface WorkerReport {
  readonly done: boolean
  /** Inputs by case. */
  readonly inputs: Readonly<Record<string, number>>
  /** MiB of JavaScript memory after a collection: when all caches were full, and now. */
  readonly heap: { readonly before: number | undefined; readonly now: number }
  readonly failure: Failure | undefined
  /** Additional statistics of cases by name; empty before the end. */
  readonly finished: Readonly<Record<string, Finished>>
}

const sliceMs = 200

/** The share of the time after which caches count as full. */
const warm = 0.3

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const { seed, seconds, cases: named } = workerData as WorkerData
const all = await openCases()
const cases = all.filter(({ name }) => named.length === 0 || named.includes(name))
const inputs: Record<string, number> = Object.fromEntries(cases.map(({ name }) => [name, 0]))
const started = performance.now()
const ends = started + seconds * 1000
let before: number | undefined
let failure: Failure | undefined

while (failure === undefined && performance.now() < ends) {
  for (const fuzzCase of cases) await slice(fuzzCase)
  if (before === undefined && performance.now() > started + (ends - started) * warm) before = heap()
  report(false)
}
const finished: Record<string, Finished> = {}
// Why not after a failure: the server to measure may have ended.
for (const { name, finish } of cases) if (finish && failure === undefined) finished[name] = await finish()
report(true, finished)
// Why all: an unused case may listen, too, and would keep the thread running.
await Promise.all(all.map(({ close }) => close?.()))

async function slice(fuzzCase: FuzzCase): Promise<void> {
  if (failure !== undefined) return
  const until = Math.min(ends, performance.now() + sliceMs)
  const from = inputs[fuzzCase.name] ?? 0
  const run = await runCase(fuzzCase, { seed, from, goesOn: () => performance.now() < until })
  inputs[fuzzCase.name] = from + run.inputs
  if (run.failure === undefined) return
  // Why before it is reduced: reducing takes time, and may be interrupted.
  failure = run.failure
  report(false)
  failure = await smallest(fuzzCase, run.failure)
}

async function smallest(fuzzCase: FuzzCase, found: Failure): Promise<Failure> {
  const relaxed = fuzzCase.relax?.(found.input) ?? found.input
  if ((await judge(fuzzCase, relaxed)) === undefined) return found
  const input = await reduce(relaxed, async smaller => (await judge(fuzzCase, smaller)) !== undefined)
  return { ...found, input, problem: (await judge(fuzzCase, input)) ?? found.problem }
}

function heap(): number {
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

function report(done: boolean, finished: Readonly<Record<string, Finished>> = {}): void {
  const now = done ? heap() : 0
  parentPort?.postMessage({ done, inputs, heap: { before, now }, failure, finished } satisfies WorkerReport)
}
