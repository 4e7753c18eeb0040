// The flags of the benchmark.
import { type BenchCase, cases, type LogMode } from './cases.ts'
import { Failure } from './failure.ts'
import { caseNamed, parseFlags, wholeNumber } from './flags.ts'

export type Options = {
  rounds: number
  seconds: number
  cases: readonly BenchCase[]
  logModes: readonly LogMode[]
  server: string
  config: string
  /** Another build to measure in the same rounds. */
  before: string | undefined
}

export const HELP = `Usage: npm run bench -- [flags]

Loads Signpost in turn with a bare node:http server that sends the same responses, a plain one that sends the same bodies
with content-type and content-length only and, if it is installed, nginx with static files. Prints the ratios of Signpost
to each of them, and the processor time per request.

  --rounds N     rounds for each case, a load of either server each (default 5)
  --seconds N    seconds for each load (default 3)
  --only A,B     only these cases: ${cases.map(({ name }) => name).join(', ')}
  --log on|off   only with the access log on (as shipped) or off
  --server FILE  the server to measure (npm run bench: dist/main.js, compiled as it is installed)
  --config FILE  its settings file (default config/signpost.yaml)
  --before FILE  another build's dist/main.js, measured in the same rounds
  --help         this text

Exit code: 0 measured (aims missed are marked, no more), 1 a wrong answer or an error, 2 wrong usage or no wrk.
`

const FLAGS = {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '3' },
  only: { type: 'string' },
  log: { type: 'string' },
  server: { type: 'string', default: 'src/main.ts' },
  config: { type: 'string', default: 'config/signpost.yaml' },
  before: { type: 'string' },
  help: { type: 'boolean', default: false }
} as const

export const readOptions = (args: readonly string[]): Options | 'help' => {
  const values = parseFlags(args, FLAGS)
  if (values.help) return 'help'
  return {
    rounds: wholeNumber('--rounds', values.rounds, { most: 9999 }),
    seconds: wholeNumber('--seconds', values.seconds, { most: 9999 }),
    cases: values.only === undefined ? cases : values.only.split(',').map(caseNamed),
    logModes: values.log === undefined ? ['on', 'off'] : [logMode(values.log)],
    server: values.server,
    config: values.config,
    before: values.before
  }
}

const logMode = (value: string): LogMode => {
  if (value === 'on' || value === 'off') return value
  throw new Failure(`--log takes on or off, not "${value}"`, 2)
}
