// One load: wrk with 64 connections against one server for some seconds.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { BenchCase } from './cases.ts'
import { startChild } from './children.ts'
import { Failure } from './failure.ts'
import type { ServerProcess } from './server-process.ts'
import { processorTime } from './usage.ts'

export const CONNECTIONS = 64

export type Load = {
  perSecond: number
  /** Requests for each second of processor time that the server used, where the system tells it. */
  perProcessorSecond: number | undefined
  /** The share of one core that the server used. */
  busy: number | undefined
}

type Totals = { requests: number; seconds: number; refused: number; socketErrors: number }

const script = fileURLToPath(new URL('ring.lua', import.meta.url))

export const requireWrk = (): void => {
  if (spawnSync('wrk', ['--version']).error)
    throw new Failure('wrk is not installed (Debian and Ubuntu: apt-get install wrk)', 2)
}

export const load = async (
  server: ServerProcess,
  benchCase: BenchCase,
  ring: string,
  seconds: number
): Promise<Load> => {
  const url = `http://127.0.0.1:${server.port}`
  const before = processorTime(server.pid)
  const child = startChild(
    'wrk',
    ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', script, url, '--', ring],
    { stdio: ['ignore', 'pipe', 'inherit'], core: 1 }
  )
  if (!child.stdout) throw new Failure('wrk has no output')
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const after = processorTime(server.pid)
  const totals = readTotals(output)
  checkTotals(totals, benchCase)
  const used = before === undefined || after === undefined ? undefined : after - before
  return {
    perSecond: totals.requests / totals.seconds,
    perProcessorSecond: used && totals.requests / used,
    busy: used && used / totals.seconds
  }
}

const readTotals = (output: string): Totals => {
  const line = output.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Failure(`wrk gave no totals\n${output}`)
  return JSON.parse(line)
}

const checkTotals = ({ requests, refused, socketErrors }: Totals, { name, status }: BenchCase) => {
  if (requests === 0) throw new Failure(`${name}: no request was answered`)
  if (socketErrors > 0) throw new Failure(`${name}: ${socketErrors} socket errors`)
  // Why: wrk counts the answers above 399; the other kinds were told apart when the ring was checked.
  const expected = status > 399 ? requests : 0
  if (refused !== expected) throw new Failure(`${name}: ${refused} of ${requests} answers had a status above 399`)
}
