/**
 * Runs inputs of one case, one after the other or several at once, until the time is up or one has a problem.
 */
import type { FuzzCase, Input } from './fuzz-case.ts'
import { createRandom } from './random.ts'

export interface Failure {
  readonly name: string
  readonly seed: number
  readonly at: number
  readonly problem: string
  readonly input: Input
}

export interface Run {
  /** Number of checked inputs. */
  readonly inputs: number
  readonly failure: Failure | undefined
}

export interface RunOptions {
  readonly seed: number
  /** The number of the first input. */
  readonly from: number
  /** @param inputs number of checked inputs. @returns whether to continue */
  readonly goesOn: (inputs: number) => boolean
}

export async function runCase(fuzzCase: FuzzCase, { seed, from, goesOn }: RunOptions): Promise<Run> {
  let inputs = 0
  let failure: Failure | undefined
  async function lane(): Promise<void> {
    while (failure === undefined && goesOn(inputs)) {
      const at = from + inputs++
      const input = inputOf(fuzzCase, seed, at)
      const problem = judge(fuzzCase, input)
      // Why not always awaited: most cases are synchronous, and a microtask would take longer than they do.
      const found = problem instanceof Promise ? await problem : problem
      if (found !== undefined) failure ??= { name: fuzzCase.name, seed, at, problem: found, input }
    }
  }
  await Promise.all(Array.from({ length: fuzzCase.lanes ?? 1 }, lane))
  return { inputs, failure }
}

/** @returns the same input for the same seed and number */
export function inputOf({ name, make }: Pick<FuzzCase, 'name' | 'make'>, seed: number, at: number): Input {
  return make(createRandom(seed, at, ...Buffer.from(name.slice(0, 4))))
}

/** @returns the problem, including exceptions */
export function judge(fuzzCase: FuzzCase, input: Input): string | undefined | Promise<string | undefined> {
  const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))
  try {
    const problem = fuzzCase.judge(input)
    return problem instanceof Promise ? problem.catch(textOf) : problem
  } catch (error) {
    return textOf(error)
  }
}
