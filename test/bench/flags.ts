// Parser for the flags of all benchmarks, with one error for each mistake.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type BenchCase, cases } from './cases.ts'
import { Failure } from './failure.ts'

export const parseFlags = <T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) => {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2)
  }
}

export const wholeNumber = (flag: string, value: string, { least = 1, most }: { least?: number; most: number }) => {
  const number = /^[1-9]\d*$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new Failure(`${flag} takes a whole number from ${least} to ${most}, not "${value}"`, 2)
}

export const caseNamed = (name: string): BenchCase => {
  const found = cases.find(benchCase => benchCase.name === name)
  if (found) return found
  throw new Failure(`no case "${name}"; there are ${cases.map(benchCase => benchCase.name).join(', ')}`, 2)
}
