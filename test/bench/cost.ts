// Measures the cost of every shape of request: `npm run bench:cost -- --help`
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureCost } from './cost-measure.ts'
import { type Signature, writeCostSettings } from './cost-settings.ts'
import { defaultLimits, type Shape, shapes } from './cost-shapes.ts'
import { Failure } from './failure.ts'
import { parseFlags, wholeNumber } from './flags.ts'
import { freePort } from './free-port.ts'
import { startServer } from './server-process.ts'

const HELP = `Usage: npm run bench:cost -- [flags]

Sends every shape of request to Signpost, with inputs of the greatest size that its limits let through, and prints the
processor time that each takes, the most expensive first.

  --requests N    requests of each shape at most (default 300)
  --most N        exit code 1 where a shape takes more than N microseconds (default: none)
  --rows N        how many rows to print (default 25)
  --only TEXT     only shapes whose name has the text in it
  --signing KIND  profiles are signed with a key of this kind: rsa (default), ec or none
  --server FILE   the server to measure (npm run bench:cost: dist/main.js, compiled as it is installed)
  --help          this text
`

const FLAGS = {
  requests: { type: 'string', default: '300' },
  most: { type: 'string' },
  rows: { type: 'string', default: '25' },
  only: { type: 'string', default: '' },
  signing: { type: 'string', default: 'rsa' },
  server: { type: 'string', default: 'src/main.ts' },
  help: { type: 'boolean', default: false }
} as const

type Row = { shape: Shape; ms: number; status: string }

const WARM_UP = 10
const MOST_MS = 120

const run = async (): Promise<number> => {
  const values = parseFlags(process.argv.slice(2), FLAGS)
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const requests = wholeNumber('--requests', values.requests, { most: 100_000 })
  const dir = mkdtempSync(join(tmpdir(), 'signpost-cost-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  const settings = writeCostSettings(dir, signatureNamed(values.signing))
  const adminPort = await freePort()
  const server = await startServer({
    command: process.execPath,
    args: port => [
      values.server,
      'serve',
      ...['--config', settings],
      ...['--listen', `127.0.0.1:${port}`],
      ...['--listen-admin', `127.0.0.1:${adminPort}`]
    ],
    outputFile: join(dir, 'access.log'),
    started: { method: 'GET', target: '/robots.txt', headers: {} },
    core: 0
  })
  const rows: Row[] = []
  for (const shape of shapes(defaultLimits).filter(({ name }) => name.includes(values.only))) {
    const port = shape.listener === 'admin' ? adminPort : server.port
    const times = { warmUp: WARM_UP, requests, maxMs: MOST_MS }
    rows.push({ shape, ...(await measureCost({ pid: server.pid, port }, shape.request, times)) })
  }
  await server.stop()
  rows.sort((one, other) => other.ms - one.ms)
  process.stdout.write(table(rows.slice(0, wholeNumber('--rows', values.rows, { most: 10_000 }))))
  const most = values.most === undefined ? undefined : wholeNumber('--most', values.most, { most: 1_000_000 })
  return most !== undefined && rows.some(({ ms }) => ms * 1000 > most) ? 1 : 0
}

const signatureNamed = (kind: string): Signature => {
  if (kind === 'rsa' || kind === 'ec' || kind === 'none') return kind
  throw new Failure(`--signing takes rsa, ec or none, not "${kind}"`, 2)
}

const table = (rows: readonly Row[]): string =>
  [
    '| µs | status | shape |',
    '|---:|---:|---|',
    ...rows.map(({ shape, ms, status }) => `| ${(ms * 1000).toFixed(0)} | ${status} | ${shape.name} |`),
    ''
  ].join('\n')

try {
  process.exit(await run())
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`bench:cost: ${error.message}\n`)
  process.exit(error.exitCode)
}
