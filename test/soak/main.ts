/**
 * `npm run soak`: a real server under load while its settings change every second. `npm run soak -- --help`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../bench/failure.ts'
import { machine } from '../bench/machine.ts'
import { startServer } from '../bench/server-process.ts'
import { startChanges } from './changes.ts'
import { startLanes } from './lanes.ts'
import { watchMemory } from './memory.ts'
import { help, type Options, readOptions } from './options.ts'

/** How often the log is emptied. Why: it would fill the disk. */
const emptyMs = 1000

try {
  const options = readOptions(process.argv.slice(2))
  process.exitCode = options === 'help' ? print(help) : await run(options)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`soak: ${error.message}\n`)
  process.exit(error.exitCode)
}

async function run({ minutes, lanes: count, server: program }: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'signpost-soak-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'signpost.yaml')
  const [shipped = ''] = readFileSync('config/signpost.yaml', 'utf8').split(/^# Every field/m)
  writeFileSync(file, shipped)
  const server = await startServer({
    command: process.execPath,
    args: port => [program, 'serve', '--config', file, '--listen', `127.0.0.1:${port}`],
    outputFile: join(directory, 'access.log'),
    startedStatus: 200
  })
  const emptying = setInterval(server.takeOutput, emptyMs)
  const changes = startChanges(server, shipped, file)
  // Why later: some requests need the default provider, which the first change adds.
  while (changes.counts.served === 0 && changes.counts.missed === 0) await sleep(20)
  const memory = watchMemory(server.pid)
  const lanes = startLanes(server.port, count)
  await sleep(minutes * 60_000)
  await lanes.stop()
  const { warm = Number.NaN, end = Number.NaN, slope = Number.NaN, isFlat = true } = memory() ?? {}
  await changes.stop()
  clearInterval(emptying)
  await server.stop()

  const { answered, failed } = lanes
  const { served, broken, signals, missed } = changes.counts
  const total = [...answered.values()].reduce((sum, each) => sum + each, 0)
  for (const [name, each] of answered) print(`| ${name.padEnd(18)} | ${whole(each).padStart(10)} |\n`)
  print(`| ${'all'.padEnd(18)} | ${whole(total).padStart(10)} |\n\n`)
  print(
    `- ${whole(total / minutes / 60)} requests a second for ${minutes} min, ${count} at once; failed: ${failed.count}\n`
  )
  print(`- changes served: ${served}, not served in time: ${missed}, broken ones: ${broken}, SIGHUP: ${signals}\n`)
  print(
    `- resident memory: ${warm.toFixed(1)} → ${end.toFixed(1)} MiB, ${slope.toFixed(2)} MiB a minute (${isFlat ? 'flat' : 'NOT flat'})\n`
  )
  print(`- ${machine()}\n`)
  for (const example of failed.examples) print(`FAILED ${example}\n`)
  return failed.count === 0 && missed === 0 && isFlat ? 0 : 1
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
