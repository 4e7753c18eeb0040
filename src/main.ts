#!/usr/bin/env node
/**
 * The `signpost` program: runs the command that the arguments name, and sets the exit code.
 */
import { readFileSync } from 'node:fs'
import { describeUnknown, errorText, helpOf, parseCall, type Terminal } from './cli/command.ts'
import { commands } from './cli/commands.ts'
import { readInput } from './cli/read-input.ts'
import { errors, SignpostError } from './errors.ts'

const terminal: Terminal = {
  env: process.env,
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  input: () => readInput(process.stdin),
  isTerminal: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Why: in `signpost render … | head -1`, the reader closes the pipe early, which is not an error.
  if (error.code === 'EPIPE') return
  terminal.err(`signpost: cannot write: ${error.message}\n`)
  process.exit(2)
})

// Why: the disk of a redirected stream may be full, or its terminal closed. Without a listener, Node would end the service.
process.stderr.on('error', () => undefined)

// Why no top-level await: the single executable is one CommonJS file, which cannot have it.
run(process.argv.slice(2))
  .catch(toExitCode)
  .then(code => {
    process.exitCode = code
  })

async function run([name = '--help', ...rest]: readonly string[]): Promise<number> {
  if (name === '--version') {
    terminal.out(`signpost ${version()}\n`)
    return 0
  }
  if (['--help', '-h', 'help'].includes(name)) {
    terminal.out(await help())
    return 0
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    throw errors.usage({ problem: describeUnknown(name, Object.keys(commands)) })
  }
  const command = await load()
  const call = parseCall(command, rest, terminal)
  if (call.options.help === true) {
    terminal.out(helpOf(command))
    return 0
  }
  return await command.run(call)
}

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map(load => load()))
  const rows = all.map(({ name, parameters, summary }) => `  ${[name, ...parameters].join(' ').padEnd(30)} ${summary}`)
  return `Usage: signpost <command> [options]\n\nTells mail programs how to set up an account.\n\nCommands:\n${rows.join('\n')}\n
For details, run signpost <command> --help. For the version, run signpost --version.\n`
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

function toExitCode(error: unknown): number {
  if (!(error instanceof SignpostError)) throw error
  terminal.err(errorText(error))
  return 2
}
