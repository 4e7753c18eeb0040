/**
 * The process of a driver, seen from the service. It is killed when it does not respond.
 *
 * Why a process and not a thread. Observed: in a worker thread of Node 24.21, one large allocation aborts the whole
 * process in spite of `resourceLimits`, and slow key derivation occupies the thread pool that file and DNS access need.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { type DriverTask, type FromDriver, memoryLimits, type ToDriver } from './messages.ts'

export interface DriverProcess {
  send(message: ToDriver): void
  /** Resolves with the reason for the end: the code of a `failed` message, a signal, or `exit-1`. */
  readonly ended: Promise<string>
  kill(): void
}

export interface DriverProcessOptions {
  readonly onMessage: (message: FromDriver) => void
  /** Default: `directory-process.ts`. */
  readonly script?: URL
  /** Between two pings. */
  readonly pingMs?: number
}

/** The number of unanswered pings after which the process counts as hung. */
const maxUnanswered = 5

/** The time to load the driver. Why it is longer: on a busy machine a process may take long to start. */
const startMs = 30_000

const entry = new URL(`directory-process${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

export function startDriverProcess(
  task: DriverTask,
  { onMessage, script = entry, pingMs = 1000 }: DriverProcessOptions
): DriverProcess {
  const { promise: ended, resolve } = Promise.withResolvers<string>()
  const { heap } = memoryLimits(task.settings)
  const child = fork(script, {
    execArgv: [],
    // Why not arguments: the single executable takes those for Signpost's own.
    env: {
      ...process.env,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, `--max-old-space-size=${heap} --max-semi-space-size=4`].join(' ')
    },
    // Why ignored: what a driver or V8 prints may contain bytes of an answer.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
  let failedCode: string | undefined
  let unanswered = 0
  let allowed = startMs / pingMs

  const send = (message: ToDriver) => void child.send(message, () => undefined)
  const kill = () => void child.kill('SIGKILL')
  // Why: a process that hangs does not notice that the service has ended.
  process.once('exit', kill)

  const pinging = setInterval(() => {
    if (unanswered >= allowed) {
      failedCode = 'hung'
      kill()
    }
    unanswered += 1
    send({ type: 'ping' })
  }, pingMs).unref()

  function end(code: string): void {
    clearInterval(pinging)
    process.off('exit', kill)
    resolve(failedCode ?? code)
  }

  child.on('message', (message: FromDriver) => {
    if (message.type === 'failed') failedCode = message.code
    if (message.type === 'pong') unanswered = 0
    if (message.type === 'ready') {
      allowed = maxUnanswered
      unref(child)
    }
    onMessage(message)
  })
  child.on('error', ({ code }: NodeJS.ErrnoException) => end(code ?? 'unknown'))
  child.on('exit', (code, signal) => end(signal ?? `exit-${code}`))
  send({ type: 'open', task })
  return { send, ended, kill }
}

/** Why: a command that has failed must be able to exit, and the process of the driver exits with it. */
function unref(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
}
