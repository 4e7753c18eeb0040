// The flags of the benchmark of several workers.
import { parseArgs } from 'node:util'
import { type BenchCase, cases } from './cases.ts'
import { Failure } from './failure.ts'

export type WorkersOptions = {
  workers: number
  rounds: number
  seconds: number
  benchCase: BenchCase
  server: string
  config: string
}

export const HELP = `Usage: npm run bench:workers -- [flags]

Loads Signpost with one worker and with several, in turn, with nothing pinned to a core, and prints their ratio.

  --workers N    how many (default 2)
  --rounds N     a load of each in every round (default 5)
  --seconds N    seconds for each load (default 3)
  --only A       the case: ${cases.map(({ name }) => name).join(', ')} (default autoconfig)
  --server FILE  the server to measure (npm run bench:workers: dist/main.js, compiled as it is installed)
  --config FILE  its settings file (default config/signpost.yaml)
  --help         this text

Exit code: 0 measured (an aim missed is marked, no more), 1 a wrong answer or an error, 2 wrong usage or no wrk.
`

export const readWorkersOptions = (args: readonly string[]): WorkersOptions | 'help' => {
  const { values } = parse(args)
  if (values.help) return 'help'
  return {
    workers: wholeNumber('--workers', values.workers, 2),
    rounds: wholeNumber('--rounds', values.rounds, 1),
    seconds: wholeNumber('--seconds', values.seconds, 1),
    benchCase: caseNamed(values.only),
    server: values.server,
    config: values.config
  }
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workers: { type: 'string', default: '2' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        only: { type: 'string', default: 'autoconfig' },
        server: { type: 'string', default: 'src/main.ts' },
        config: { type: 'string', default: 'config/signpost.yaml' },
        help: { type: 'boolean', default: false }
      }
    })
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2)
  }
}

const wholeNumber = (flag: string, value: string, least: number): number => {
  if (/^\d{1,2}$/.test(value) && Number(value) >= least) return Number(value)
  throw new Failure(`${flag} takes a whole number from ${least} to 99, not "${value}"`, 2)
}

const caseNamed = (name: string): BenchCase => {
  const found = cases.find(benchCase => benchCase.name === name)
  if (found) return found
  throw new Failure(`no case "${name}"; there are ${cases.map(benchCase => benchCase.name).join(', ')}`, 2)
}
