/**
 * One process of a driver, as the service holds it. It is killed when it does not react.
 *
 * Why a process and not a thread. Observed: in a worker thread of Node 24.21, one large allocation aborts the whole
 * process in spite of `resourceLimits`, and slow key derivation occupies the thread pool that files and names need.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { memoryLimits } from './memory-limits.ts'
import type { DriverTask, FromDriver, ToDriver } from './message.ts'

export interface DriverProcess {
  tell(message: ToDriver): void
  /** The code of what ended it: its last words, a signal, or `exit-1`. */
  readonly ended: Promise<string>
  kill(): void
}

export interface DriverProcessOptions {
  readonly hear: (message: FromDriver) => void
  /** Default: the entry of drivers. */
  readonly script?: URL
  /** Between two pings, in milliseconds. */
  readonly pingMs?: number
}

/** Unanswered pings, after which the process counts as hung. */
const mostUnanswered = 5

/** To load the driver, in milliseconds. Why longer: on a busy machine a process may take long to start. */
const startMs = 30_000

const entry = new URL(`directory-process${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

export function startDriverProcess(
  task: DriverTask,
  { hear, script = entry, pingMs = 1000 }: DriverProcessOptions
): DriverProcess {
  const { promise: ended, resolve } = Promise.withResolvers<string>()
  const { heap } = memoryLimits(task.settings)
  const child = fork(script, {
    execArgv: [`--max-old-space-size=${heap}`, '--max-semi-space-size=4'],
    // Why: what a driver or V8 prints may hold bytes of an answer.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
  let lastWords: string | undefined
  let unanswered = 0
  let allowed = startMs / pingMs

  const tell = (message: ToDriver) => void child.send(message, () => undefined)
  const kill = () => void child.kill('SIGKILL')
  // Why: one that hangs does not notice that the service is gone.
  process.once('exit', kill)

  const pinging = setInterval(() => {
    if (unanswered >= allowed) {
      lastWords = 'hung'
      kill()
    }
    unanswered += 1
    tell({ type: 'ping' })
  }, pingMs).unref()

  function end(code: string): void {
    clearInterval(pinging)
    process.off('exit', kill)
    resolve(lastWords ?? code)
  }

  child.on('message', (message: FromDriver) => {
    if (message.type === 'failed') lastWords = message.code
    if (message.type === 'pong') unanswered = 0
    if (message.type === 'ready') {
      allowed = mostUnanswered
      release(child)
    }
    hear(message)
  })
  child.on('error', ({ code }: NodeJS.ErrnoException) => end(code ?? 'unknown'))
  child.on('exit', (code, signal) => end(signal ?? `exit-${code}`))
  tell({ type: 'open', task })
  return { tell, ended, kill }
}

/** Why: a command that has failed must be able to end, and this process ends with it. */
function release(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
}
