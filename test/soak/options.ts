/**
 * The flags of `npm run soak`.
 */
import { parseArgs } from 'node:util'
import { Failure } from '../bench/failure.ts'

export interface Options {
  readonly minutes: number
  readonly lanes: number
  readonly server: string
}

export const help = `Usage: npm run soak -- [flags]

Asks a real Signpost in every dialect, without a pause, while its settings are rewritten every second, now and then with
broken ones, and read again on SIGHUP. No request may fail, every change must be served, and memory must stay flat.

  --minutes N    how long (default 5)
  --lanes N      requests under way at once (default 16)
  --server FILE  the server (npm run soak: dist/main.js, compiled as it is installed)
  --help         this text

Exit code: 0 all held, 1 something did not, 2 wrong usage.
`

/** @throws Failure */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  return {
    minutes: wholeNumber('--minutes', values.minutes),
    lanes: wholeNumber('--lanes', values.lanes),
    server: values.server
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '5' },
        lanes: { type: 'string', default: '16' },
        server: { type: 'string', default: 'src/main.ts' },
        help: { type: 'boolean', default: false }
      }
    })
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2)
  }
}

function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new Failure(`${flag} takes a whole number from 1, not "${value}"`, 2)
  return Number(value)
}
