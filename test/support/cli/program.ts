/**
 * Signpost in a separate process, as people run it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { uncovered } from '../child-processes.ts'

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Program {
  readonly pid: number
  /** @returns the first match in standard output and standard error, as soon as there is one */
  readonly says: (pattern: RegExp) => Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Options of node itself. */
  readonly node?: readonly string[]
  /** A file descriptor for standard output, or `closed` for a pipe without a reader. */
  readonly stdout?: number | 'closed'
  /** A file descriptor for standard error. Default: a pipe. */
  readonly stderr?: number
  /** Maximum number of file descriptors. Default: that of this process. */
  readonly descriptors?: number
  /**
   * Whether its coverage counts, or only that of the process that starts workers. Default: no coverage. Why: a process then
   * starts in half the time, and few processes run lines that no other test runs.
   */
  readonly coverage?: boolean | 'primary'
}

/** Runs in the primary process after its own coverage has started. */
const leavesOutWorkers = `data:text/javascript,Object.assign(process.env, ${JSON.stringify(uncovered)})`

export const root = fileURLToPath(new URL('../../../', import.meta.url))

export function startProgram(t: Test, args: readonly string[], options: ProgramOptions = {}): Program {
  const { env = {}, node = [], stdout, stderr = 'pipe', descriptors, coverage = false } = options
  const { SIGNPOST_CONFIG: _config, SIGNPOST_LISTEN: _listen, ...inherited } = process.env
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors};`
  // Why: tap adds its own options to every process.
  const alone = coverage ? '' : 'unset NODE_OPTIONS;'
  const child = spawn(
    'sh',
    [
      '-c',
      `${limit} ${alone} exec "$0" "$@"`,
      process.execPath,
      ...node,
      ...(coverage === 'primary' ? ['--import', leavesOutWorkers] : []),
      'src/main.ts',
      ...args
    ],
    {
      cwd: root,
      env: { ...inherited, ...(!coverage && uncovered), ...env },
      stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', stderr]
    }
  )
  t.teardown(() => child.kill('SIGKILL'))
  // Why: each pattern that a test waits for adds a listener until the end.
  child.setMaxListeners(0)
  if (stdout === 'closed') child.stdout?.destroy()
  return watch(child)
}

/** @returns the exit code and the output */
export async function runProgram(t: Test, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return await startProgram(t, args, options).ended
}

function watch(child: ChildProcess): Program {
  let out = ''
  let err = ''
  child.stdout?.on('data', chunk => {
    out += chunk
    child.emit('output')
  })
  child.stderr?.on('data', chunk => {
    err += chunk
    child.emit('output')
  })
  return {
    pid: child.pid ?? 0,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(`${out}${err}`)
        if (match !== null) return match[0]
        const [what] = await Promise.race([
          once(child, 'output').then(() => ['output']),
          once(child, 'close').then(() => ['end'])
        ])
        if (what === 'end') throw new Error(`ended without ${pattern}: ${out}${err}`)
      }
    },
    kill: signal => void child.kill(signal),
    ended: once(child, 'close').then(([code]) => ({ code, out, err }))
  }
}
