// One load: wrk with 64 connections against one server, for some seconds or until every request was sent.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchCase } from './cases.ts'
import { type Core, startChild } from './children.ts'
import { Failure } from './failure.ts'
import type { ServerProcess } from './server-process.ts'
import { processorTime } from './usage.ts'

export const CONNECTIONS = 64

export type Load = {
  perSecond: number
  /** 99th percentile of the response time in milliseconds. */
  p99: number
  /** Requests per second of processor time of the server, if the system reports it. */
  perProcessorSecond: number | undefined
  /** The share of one core that the server used. */
  busy: number | undefined
}

type Totals = { requests: number; seconds: number; refused: number; socketErrors: number; p99: number }

/** The expected response. */
export type Expected = Pick<BenchCase, 'name' | 'status'>

/** The server that gets the load, and whose processor time is counted. */
type Loaded = Pick<ServerProcess, 'pid' | 'port'> & {
  /** The core of wrk. Default: core 1, which no server uses. */
  wrkCore?: Core | 'any'
}

const ONCE_AT_MOST_SECONDS = 300
const THROUGH = 'through\n'

const script = fileURLToPath(new URL('ring.lua', import.meta.url))

export const requireWrk = (): void => {
  if (spawnSync('wrk', ['--version']).error)
    throw new Failure('wrk is not installed (Debian and Ubuntu: apt-get install wrk)', 2)
}

export const load = (server: Loaded, expected: Expected, ring: string, seconds: number): Promise<Load> =>
  drive(server, expected, { args: [ring], seconds })

/** Sends the sequence of requests once. */
export const loadOnce = (server: Loaded, expected: Expected, ring: string): Promise<Load> =>
  drive(server, expected, { args: [ring, 'once'], seconds: ONCE_AT_MOST_SECONDS })

const drive = async (
  server: Loaded,
  expected: Expected,
  { args, seconds }: { args: readonly string[]; seconds: number }
): Promise<Load> => {
  const { wrkCore = 1 } = server
  const url = `http://127.0.0.1:${server.port}`
  const before = processorTime(server.pid)
  const child = startChild(
    'wrk',
    // Why a timeout: by default, wrk counts responses after more than two seconds as errors, and a busy machine may need longer.
    ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--timeout', '20s', '-s', script, url, '--', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'], core: wrkCore === 'any' ? undefined : wrkCore }
  )
  const output = await outputOf(child)
  const after = processorTime(server.pid)
  const totals = readTotals(output)
  checkTotals(totals, expected)
  const used = before === undefined || after === undefined ? undefined : after - before
  return {
    perSecond: totals.requests / totals.seconds,
    p99: totals.p99,
    perProcessorSecond: used && totals.requests / used,
    busy: used && used / totals.seconds
  }
}

// Why a signal: wrk has no other way to end before its time is over, and still prints its totals.
const outputOf = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Failure('wrk has no output')
  const ended = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    if (!output.includes(THROUGH) && (output + chunk).includes(THROUGH)) child.kill('SIGINT')
    output += chunk
  }
  await ended
  return output
}

const readTotals = (output: string): Totals => {
  const line = output.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Failure(`wrk gave no totals\n${output}`)
  return JSON.parse(line)
}

const checkTotals = ({ requests, refused, socketErrors }: Totals, { name, status }: Expected) => {
  if (requests === 0) throw new Failure(`${name}: no request was answered`)
  if (socketErrors > 0) throw new Failure(`${name}: ${socketErrors} socket errors`)
  // Why: wrk counts only statuses above 399. The other kinds were distinguished when the sequence was checked.
  const expected = status > 399 ? requests : 0
  if (refused !== expected) throw new Failure(`${name}: ${refused} of ${requests} answers had a status above 399`)
}
