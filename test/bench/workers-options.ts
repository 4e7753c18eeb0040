// The flags of the benchmark of several workers.
import { type BenchCase, cases } from './cases.ts'
import { caseNamed, parseFlags, wholeNumber } from './flags.ts'

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

const FLAGS = {
  workers: { type: 'string', default: '2' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '3' },
  only: { type: 'string', default: 'autoconfig' },
  server: { type: 'string', default: 'src/main.ts' },
  config: { type: 'string', default: 'config/signpost.yaml' },
  help: { type: 'boolean', default: false }
} as const

export const readWorkersOptions = (args: readonly string[]): WorkersOptions | 'help' => {
  const values = parseFlags(args, FLAGS)
  if (values.help) return 'help'
  return {
    workers: wholeNumber('--workers', values.workers, { least: 2, most: 99 }),
    rounds: wholeNumber('--rounds', values.rounds, { most: 99 }),
    seconds: wholeNumber('--seconds', values.seconds, { most: 99 }),
    benchCase: caseNamed(values.only),
    server: values.server,
    config: values.config
  }
}
