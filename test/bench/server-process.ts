// A server under measurement: its own process, its own port, and its standard output in a file.
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchAnswer } from './answer.ts'
import { type BenchRequest, probe } from './cases.ts'
import { type Core, hasEnded, startChild, stopChild } from './children.ts'
import { Failure } from './failure.ts'
import { freePort } from './free-port.ts'

export type ServerProcess = {
  pid: number
  port: number
  /** Milliseconds from the start of the process to its first response. */
  startTime: number
  /** Bytes that the server wrote to its standard output since the last call. Empties the file. */
  takeOutput: () => number
  stop: () => Promise<void>
}

export type Program = {
  command: string
  /** Creates the arguments for a port to listen on. */
  args: (port: number) => string[]
}

type Launch = Program & {
  outputFile: string
  core?: Core
  /** The status that shows that the server has started. Default: any. */
  startedStatus?: number
  /** The request with that status. Default: one for the shipped settings. */
  started?: BenchRequest
}

const GIVE_UP_MS = 30_000
const POLL_MS = 2

export const startServer = async ({
  command,
  args,
  outputFile,
  core,
  startedStatus,
  started: request = probe
}: Launch): Promise<ServerProcess> => {
  const port = await freePort()
  const errorFile = `${outputFile}.stderr`
  const output = openSync(outputFile, 'a')
  const errors = openSync(errorFile, 'w')
  const started = performance.now()
  const child = startChild(command, args(port), { stdio: ['ignore', output, errors], core })
  closeSync(output)
  closeSync(errors)
  await firstAnswer(child, errorFile, { port, request, status: startedStatus })
  const startTime = performance.now() - started
  return {
    pid: child.pid ?? 0,
    port,
    startTime,
    takeOutput: () => {
      const { size } = statSync(outputFile)
      truncateSync(outputFile)
      return size
    },
    stop: () => stopChild(child)
  }
}

type Wanted = { port: number; request: BenchRequest; status: number | undefined }

const firstAnswer = async (child: ChildProcess, errorFile: string, { port, request, status }: Wanted) => {
  const giveUp = performance.now() + GIVE_UP_MS
  let seen = 'no answer'
  const failure = (what: string) => new Failure(`${what}: ${seen}\n${readFileSync(errorFile, 'utf8').trim()}`)
  while (performance.now() < giveUp) {
    if (hasEnded(child)) throw failure('the server ended while it was starting')
    const answer = await fetchAnswer(port, request).catch(() => undefined)
    if (answer && answer.status === (status ?? answer.status)) return
    if (answer) seen = `${answer.status} for ${request.target}`
    await sleep(POLL_MS)
  }
  throw failure(`the server did not start within ${GIVE_UP_MS / 1000} s`)
}
