// The flags of the scale benchmark.
import { toCache } from '../../src/settings/lookup-defaults.ts'
import { Failure } from './failure.ts'
import { parseFlags, wholeNumber } from './flags.ts'

export const sourceNames = ['yaml', 'sqlite', 'postgres'] as const
export type SourceName = (typeof sourceNames)[number]

export type ScaleOptions = {
  /** In ascending order. All ratios are relative to the first. */
  domains: readonly number[]
  sources: readonly SourceName[]
  rounds: number
  seconds: number
  starts: number
  /** Capacity of the cache in domains. */
  kept: number
  /** How many domains are requested before, to fill the cache. */
  filled: number
  server: string
}

export const MOST_DOMAINS = 10_000_000

/** Why: a file that people edit does not contain more. */
export const MOST_IN_YAML = 100_000

const MOST_KEPT = 10_000_000

/** Default capacity of the cache in domains. */
const KEPT = toCache(undefined).domains

const FEW = 20_000

export const HELP = `Usage: npm run bench:scale -- [flags]

Loads Signpost with ten domains and with many, of each source in turn, and prints start, memory, requests a second and p99
as ratios to the fewest domains of the same source. Of PostgreSQL it starts one of its own (Debian: postgresql).

  --domains A,B   how many, the first to compare with (default 10,1000,100000,1000000; yaml: to ${MOST_IN_YAML})
  --sources A,B   only these: ${sourceNames.join(', ')}
  --cache N       how many domains the cache holds (default ${KEPT}, as shipped)
  --rounds N      rounds for each traffic, a load of every server each (default 3)
  --seconds N     seconds for each load (default 3)
  --quick         one round of one second, one start, a cache that is not full: no more than a hint
  --server FILE   the server to measure (npm run bench:scale: dist/main.js, compiled as it is installed)
  --help          this text

Exit code: 0 measured (aims missed are marked, no more), 1 a wrong answer or an error, 2 wrong usage or no wrk.
`

const FLAGS = {
  domains: { type: 'string', default: '10,1000,100000,1000000' },
  sources: { type: 'string' },
  cache: { type: 'string', default: String(KEPT) },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  server: { type: 'string', default: 'src/main.ts' },
  help: { type: 'boolean', default: false }
} as const

export const readScaleOptions = (args: readonly string[]): ScaleOptions | 'help' => {
  const values = parseFlags(args, FLAGS)
  if (values.help) return 'help'
  const { quick } = values
  const kept = wholeNumber('--cache', values.cache, { most: MOST_KEPT })
  return {
    domains: listOf(values.domains, count => wholeNumber('--domains', count, { most: MOST_DOMAINS })).sort(
      (a, b) => a - b
    ),
    sources: values.sources === undefined ? sourceNames : listOf(values.sources, sourceNamed),
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '1' : '3'), { most: 999 }),
    seconds: wholeNumber('--seconds', values.seconds ?? (quick ? '1' : '3'), { most: 60 }),
    starts: quick ? 1 : 3,
    kept,
    filled: quick ? Math.min(FEW, kept) : kept,
    server: values.server
  }
}

const listOf = <T>(text: string, each: (item: string) => T): T[] => [...new Set(text.split(',').map(each))]

const sourceNamed = (name: string): SourceName => {
  const found = sourceNames.find(source => source === name)
  if (found) return found
  throw new Failure(`no source "${name}"; there are ${sourceNames.join(', ')}`, 2)
}
