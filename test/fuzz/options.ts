/**
 * The flags of `npm run fuzz`.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Failure } from '../bench/failure.ts'

export interface Options {
  readonly seconds: number
  readonly seed: number
  readonly workers: number
  /** Empty: all. */
  readonly cases: readonly string[]
  /** A single input. */
  readonly at: number | undefined
}

export const help = `Usage: npm run fuzz -- [flags]

Sends Signpost what strangers could, from right to nonsense, and looks at every answer: no 5xx, no crash, nothing given
back but the address asked about, well-formed, redirects to hosts of the table only, no growth in memory. And answers
doctor and import as a stranger's domain could: no crash, nothing on the terminal that is not text, tables that pass the
check, no password without TLS, and a bound on the time.

The cases postgres, mysql, ldap and redis are servers that send Signpost malformed messages: it must keep answering, and log
nothing of them.

  --seconds N    how long (default 60)
  --seed N       the same seed gives the same inputs (default: from the clock; it is printed)
  --workers N    threads (default: one a processor)
  --case A,B     only these cases; an unknown one lists all
  --at N         only the input of this number, with --seed and --case: a failure again
  --help         this text

Exit code: 0 nothing found, 1 a failure (its smallest input is printed), 2 wrong usage.
`

/** @throws Failure */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  return {
    seconds: wholeNumber('--seconds', values.seconds),
    seed: values.seed === undefined ? Date.now() % 1_000_000_000 : wholeNumber('--seed', values.seed),
    workers: values.workers === undefined ? availableParallelism() : wholeNumber('--workers', values.workers),
    cases: values.case?.split(',') ?? [],
    at: values.at === undefined ? undefined : wholeNumber('--at', values.at)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string' },
        workers: { type: 'string' },
        case: { type: 'string' },
        at: { type: 'string' },
        help: { type: 'boolean', default: false }
      }
    })
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2)
  }
}

function wholeNumber(flag: string, value: string): number {
  if (!/^\d{1,12}$/.test(value)) throw new Failure(`${flag} takes a whole number, not "${value}"`, 2)
  return Number(value)
}
