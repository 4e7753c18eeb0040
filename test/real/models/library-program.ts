// The libraries of a desktop program without its windows: a small C program, which is compiled here and answers commands, one a line.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { withTimeout } from '../../../src/timeout.ts'
import { run } from '../program.ts'

export interface LibraryProgramOptions {
  /** In C. */
  readonly source: URL
  /** Names of pkg-config. */
  readonly packages: readonly string[]
  /** Further libraries for the linker. */
  readonly libraries?: readonly string[]
  readonly args?: readonly string[]
  /** The command that runs the program. Default: none. */
  readonly wrapper?: readonly string[]
  /** Path of a root certificate, PEM, that GnuTLS trusts besides those of the system. */
  readonly trustedRoot: string
}

export interface LibraryProgram {
  /** Sends one line. @returns the line of the answer, as JSON */
  readonly ask: <Answer>(line: string) => Promise<Answer>
  readonly stop: () => Promise<void>
}

const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt'
const ANSWER_LIMIT_MS = 60_000

/** @param directory new; the home of the program */
export async function startLibraryProgram(directory: string, options: LibraryProgramOptions): Promise<LibraryProgram> {
  const { args = [], wrapper = [], trustedRoot } = options
  await mkdir(directory, { mode: 0o700 })
  const roots = join(directory, 'roots.pem')
  const certificates = await Promise.all([SYSTEM_ROOTS, trustedRoot].map(path => readFile(path, 'utf8')))
  await writeFile(roots, certificates.join('\n'))
  const command = [...wrapper, await compile(directory, options), ...args]

  // Why a mount: GnuTLS reads the roots of the system from one file. Only this program sees the other one.
  const script = `mount --bind "$1" ${SYSTEM_ROOTS} && shift && exec "$@"`
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', roots, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(directory) }
  })
  let messages = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    messages += text
  })
  // Why ignored: a program that has ended is reported with its messages.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  return {
    async ask<Answer>(line: string) {
      child.stdin.write(`${line}\n`)
      const { value: answer } = await withTimeout(lines.next(), ANSWER_LIMIT_MS).catch(cause => {
        throw new Error(`${command.join(' ')} does not answer “${line}”:\n${messages}`, { cause })
      })
      if (answer === undefined) throw new Error(`${command.join(' ')} has ended at “${line}”:\n${messages}`)
      return JSON.parse(answer) as Answer
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.stdin.end()
      await withTimeout(closed, ANSWER_LIMIT_MS)
    }
  }
}

function environmentOf(directory: string): NodeJS.ProcessEnv {
  return {
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    XDG_CONFIG_HOME: join(directory, 'config'),
    XDG_CACHE_HOME: join(directory, 'cache'),
    XDG_DATA_HOME: join(directory, 'data'),
    LC_ALL: 'C.UTF-8',
    GIO_USE_VFS: 'local',
    GIO_USE_PROXY_RESOLVER: 'dummy',
    GSETTINGS_BACKEND: 'memory'
  }
}

async function compile(directory: string, options: LibraryProgramOptions): Promise<string> {
  const { source, packages, libraries = [] } = options
  const path = fileURLToPath(source)
  const program = join(directory, basename(path, '.c'))
  const flags = await mustRun('pkg-config', ['--cflags', '--libs', ...packages])
  await mustRun('gcc', ['-o', program, path, ...flags.trim().split(/\s+/), ...libraries])
  return program
}

/** @returns what it prints */
export async function mustRun(command: string, args: string[]): Promise<string> {
  const { exitCode, output } = await run(command, args)
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${exitCode}\n${output}`)
  return output
}
