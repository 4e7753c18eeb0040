// The benchmark: Signpost compared with bare node:http servers that send the same responses. `npm run bench -- --help`
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { LogMode } from './cases.ts'
import { type Comparison, compare } from './comparison.ts'
import { Failure } from './failure.ts'
import { requireWrk } from './load.ts'
import { median } from './median.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { report } from './report.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { settingsFor } from './settings.ts'
import { measureSignature } from './signature.ts'
import { residentMemory } from './usage.ts'

const STARTS = 5
const PROFILE_BYTES = 2600

/** Number of servers started so far, each of which has its own log. */
let started = 0

const run = async (options: Options): Promise<string> => {
  requireWrk()
  const dir = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))

  const startTime = await measureStart(options, dir)
  const comparisons: Comparison[] = []
  const memories: Record<'idle' | 'loaded' | 'before', number[]> = { idle: [], loaded: [], before: [] }
  for (const logMode of options.logModes) {
    const signpost = await startSignpost(options, logMode, dir, true)
    memories.idle.push(...known(residentMemory(signpost.pid)))
    const { before: server } = options
    const before = server === undefined ? undefined : await startSignpost({ ...options, server }, logMode, dir, true)
    for (const benchCase of options.cases) {
      progress(`${benchCase.name}, log ${logMode} …`)
      const comparison = await compare(signpost, benchCase, logMode, { ...options, dir, before })
      comparisons.push(comparison)
      progress(`${benchCase.name}, log ${logMode}: ${comparison.bare.ratio.toFixed(2)}`)
    }
    memories.loaded.push(...known(residentMemory(signpost.pid)))
    await signpost.stop()
    if (before === undefined) continue
    memories.before.push(...known(residentMemory(before.pid)))
    await before.stop()
  }
  const memory = { idle: most(memories.idle), loaded: most(memories.loaded), before: most(memories.before) }
  const signature = measureSignature(Buffer.alloc(PROFILE_BYTES, 'x'))
  return report({ comparisons, startTime, memory, signature }, options.rounds, options.seconds)
}

/**
 * The variables and the flags of Node with which the package of the build starts the server.
 *
 * Why they are read: another build may have others, and each is measured as it is shipped.
 */
const startOf = (server: string): { readonly variables: string[]; readonly flags: string[] } => {
  const file = resolve(dirname(server), '../package.json')
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { readonly scripts: { readonly start: string } }
  const words = scripts.start.split(' ')
  return {
    variables: words.filter(word => /^[A-Z_]+=/.test(word)),
    flags: words.filter(word => word.startsWith('--'))
  }
}

const startSignpost = (options: Options, logMode: LogMode, dir: string, pin: boolean): Promise<ServerProcess> => {
  const settings = settingsFor(logMode, options.config, dir)
  const { variables, flags } = startOf(options.server)
  return startServer({
    command: 'env',
    args: port => [
      ...variables,
      process.execPath,
      ...flags,
      options.server,
      'serve',
      '--config',
      settings,
      '--listen',
      `127.0.0.1:${port}`
    ],
    outputFile: join(dir, `access-${logMode}-${basename(dirname(options.server))}-${started++}.log`),
    startedStatus: 200,
    ...(pin ? { core: 0 } : {})
  })
}

// Why without pinning: servers are not pinned in normal operation.
const measureStart = async (options: Options, dir: string): Promise<number> => {
  const times: number[] = []
  for (let start = 0; start < STARTS; start++) {
    const signpost = await startSignpost(options, 'on', dir, false)
    times.push(signpost.startTime)
    await signpost.stop()
  }
  return median(times)
}

const known = (value: number | undefined): number[] => (value === undefined ? [] : [value])

const most = (values: readonly number[]): number | undefined => (values.length > 0 ? Math.max(...values) : undefined)

const progress = (line: string) => process.stderr.write(`bench: ${line}\n`)

try {
  const options = readOptions(process.argv.slice(2))
  process.stdout.write(options === 'help' ? HELP : await run(options))
} catch (error) {
  const failure = error instanceof Failure ? error : undefined
  progress(failure?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)))
  process.exit(failure?.exitCode ?? 1)
}
