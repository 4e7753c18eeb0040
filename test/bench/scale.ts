// The scale benchmark: Signpost with ten domains compared with Signpost with a million. `npm run bench:scale -- --help`
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from './failure.ts'
import { requireWrk } from './load.ts'
import { measureSource, type SourceFindings } from './scale-measure.ts'
import { HELP, readScaleOptions, type ScaleOptions } from './scale-options.ts'
import { scaleReport } from './scale-report.ts'
import { openScaleSource } from './scale-source.ts'

const run = async (options: ScaleOptions): Promise<string> => {
  requireWrk()
  const root = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  process.on('exit', () => rmSync(root, { recursive: true, force: true }))
  const findings: SourceFindings[] = []
  const skipped: string[] = []
  for (const name of options.sources) {
    const dir = join(root, name)
    mkdirSync(dir)
    const source = await openScaleSource(name, dir, options)
    if (typeof source === 'string') {
      progress(`${name}: ${source}`)
      skipped.push(`${name}: ${source}`)
      continue
    }
    findings.push(await measureSource(source, { options, dir }, progress))
    await source.close()
  }
  return scaleReport({ findings, skipped }, options)
}

const progress = (line: string) => process.stderr.write(`bench:scale: ${line}\n`)

try {
  const options = readScaleOptions(process.argv.slice(2))
  process.stdout.write(options === 'help' ? HELP : await run(options))
} catch (error) {
  const failure = error instanceof Failure ? error : undefined
  progress(failure?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)))
  process.exit(failure?.exitCode ?? 1)
}
