// Real programs as child processes: one that runs to its end, and one that stays until it is stopped.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Outcome {
  exitCode: number | null
  output: string
}

const START_LIMIT = 60_000
const STOP_LIMIT = 5_000

/** Runs a program to its end. Why not a synchronous call: the DNS stub runs in this process. */
export async function run(command: string, args: string[]): Promise<Outcome> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  const [exitCode] = await once(child, 'close')
  return { exitCode, output }
}

export interface Listener {
  host: string
  port: number
}

export interface RunningOptions {
  log: string
  env?: NodeJS.ProcessEnv
  /** The program is ready when it accepts connections at each of these addresses. */
  ready: Listener[]
}

export interface RunningProgram {
  /** Undefined if there are several. */
  pid?: number | undefined
  stop(): Promise<void>
}

/** Starts a program in its own process group and waits until it listens. */
export async function start(command: string, args: string[], options: RunningOptions): Promise<RunningProgram> {
  const log = openSync(options.log, 'a')
  const env = { ...process.env, ...options.env }
  const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true, env })
  closeSync(log)
  const killGroup = () => signalGroup(child, 'SIGKILL')
  process.once('exit', killGroup)

  const program: RunningProgram = {
    pid: child.pid,
    async stop() {
      if (isRunning(child)) {
        const closed = once(child, 'close')
        child.kill('SIGTERM')
        await Promise.race([closed, sleep(STOP_LIMIT, undefined, { ref: false })])
      }
      killGroup()
      process.off('exit', killGroup)
    }
  }

  for (const listener of options.ready) {
    if (!(await listens(child, listener))) {
      await program.stop()
      throw new Error(
        `${command} does not listen on ${listener.host}:${listener.port}:\n${readFileSync(options.log, 'utf8')}`
      )
    }
  }
  return program
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is empty because all processes have ended.
  }
}

async function listens(child: ChildProcess, listener: Listener): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT
  while (Date.now() < deadline && isRunning(child)) {
    if (await accepts(listener)) return true
    await sleep(50)
  }
  return false
}

function accepts({ host, port }: Listener): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, host)
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
