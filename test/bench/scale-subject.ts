// A server with a number of domains in one source: at startup and under load.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAnswer } from './answer.ts'
import { Failure } from './failure.ts'
import { freePort } from './free-port.ts'
import { type Expected, type Load, load, loadOnce } from './load.ts'
import { type LookUps, readLookUps } from './look-ups.ts'
import { median } from './median.ts'
import { customerAt, hostOf } from './population.ts'
import { ringFile } from './ring.ts'
import type { ScaleOptions } from './scale-options.ts'
import type { ScaleSource } from './scale-source.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { draw, MOST_PER_SECOND, requestAt, type Traffic, walk } from './traffic.ts'
import { residentMemory } from './usage.ts'

export type Scale = {
  domains: number
  /** Milliseconds from the start of the process to the first response for one of the domains. */
  startTime: number
  /** Resident memory in MiB, if the system reports it. */
  memory: { atStart: number | undefined; afterLoad: number | undefined }
  /** While the cache was filled, with a different domain in every request; undefined without a cache, or with few domains. */
  uncached: Load | undefined
  /** By round. */
  loads: Record<Traffic, readonly Load[]>
  /** The share of lookups that the cache answered; undefined without lookups. */
  hits: Record<Traffic, number | undefined>
}

export type Subject = {
  port: number
  /** @param turn the same number results in the same requests. @returns the file with the requests */
  load: (traffic: Traffic, turn: number) => Promise<string>
  /** Stops the server. */
  finish: () => Promise<Scale>
}

export type Plan = { options: ScaleOptions; dir: string }

export const EXPECTED: Expected = { name: 'autoconfig', status: 200 }

const ENOUGH_TO_MEASURE = 20_000
const SAMPLE = 200
const WARM_UP_SECONDS = 3

export const startSubject = async (source: ScaleSource, domains: number, plan: Plan): Promise<Subject> => {
  const settings = await source.fill(domains)
  const startTime = await measureStart(settings, plan)
  const admin = await freePort()
  const server = await startSignpost(settings, plan, ['--listen-admin', `127.0.0.1:${admin}`])
  const atStart = residentMemory(server.pid)
  await checkAnswers(server.port, source, domains)
  const uncached = source.isDatabase ? await fillCache(server, domains, plan) : undefined
  const { seconds } = plan.options
  const ringOf = (traffic: Traffic, turn: number): string => {
    const ring = join(plan.dir, `${traffic}.ring`)
    write(ring, draw(traffic, domains, { turn, count: MOST_PER_SECOND * seconds }))
    return ring
  }
  await load(server, EXPECTED, ringOf('zipf', 0), WARM_UP_SECONDS)
  const loads: Record<Traffic, Load[]> = { zipf: [], uniform: [] }
  const lookUps: Record<Traffic, LookUps> = { zipf: { all: 0, kept: 0 }, uniform: { all: 0, kept: 0 } }
  return {
    port: server.port,
    load: async (traffic, turn) => {
      const ring = ringOf(traffic, turn)
      const before = await readLookUps(admin)
      loads[traffic].push(await load(server, EXPECTED, ring, seconds))
      const after = await readLookUps(admin)
      server.takeOutput()
      lookUps[traffic].all += after.all - before.all
      lookUps[traffic].kept += after.kept - before.kept
      return ring
    },
    finish: async () => {
      const memory = { atStart, afterLoad: residentMemory(server.pid) }
      await server.stop()
      return {
        domains,
        startTime,
        memory,
        uncached,
        loads,
        hits: { zipf: shareOf(lookUps.zipf), uniform: shareOf(lookUps.uniform) }
      }
    }
  }
}

const shareOf = ({ all, kept }: LookUps): number | undefined => (all > 0 ? kept / all : undefined)

// Why without pinning: servers are not pinned in normal operation.
const measureStart = async (settings: string, plan: Plan): Promise<number> => {
  const times: number[] = []
  for (let start = 0; start < plan.options.starts; start++) {
    const server = await startSignpost(settings, plan)
    times.push(server.startTime)
    await server.stop()
  }
  return median(times)
}

/** @param pinned flags of a server under load. Default: it may run on any core */
const startSignpost = (settings: string, { options, dir }: Plan, pinned?: readonly string[]): Promise<ServerProcess> =>
  startServer({
    command: process.execPath,
    args: port => [options.server, 'serve', '--config', settings, '--listen', `127.0.0.1:${port}`, ...(pinned ?? [])],
    outputFile: join(dir, 'access.log'),
    started: requestAt(0),
    startedStatus: 200,
    ...(pinned ? { core: 0 } : {})
  })

/** Why: a response with wrong servers would be equally fast. */
const checkAnswers = async (port: number, { isDatabase }: ScaleSource, domains: number): Promise<void> => {
  for (const rank of draw('uniform', domains, { turn: 0, count: SAMPLE })) {
    const customer = customerAt(rank)
    const { status, body } = await fetchAnswer(port, requestAt(rank))
    const host = hostOf(isDatabase ? customer : { ...customer, host: undefined })
    if (status !== 200 || !body.includes(`<hostname>${host}</hostname>`))
      throw new Failure(`${customer.domain} of ${domains}: ${status} and not ${host}`)
  }
}

const fillCache = async (server: ServerProcess, domains: number, { options, dir }: Plan): Promise<Load | undefined> => {
  const ring = join(dir, 'walk.ring')
  write(ring, walk(Math.min(domains, options.filled)))
  const filled = await loadOnce(server, EXPECTED, ring)
  server.takeOutput()
  return domains < ENOUGH_TO_MEASURE ? undefined : filled
}

const write = (file: string, ranks: readonly number[]): void => writeFileSync(file, ringFile(ranks.map(requestAt)))
