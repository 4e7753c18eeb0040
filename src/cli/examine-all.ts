/**
 * The examination of many domains for `signpost doctor --all`: a few at a time, and shared servers once.
 */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type ExamineDomainOptions,
  type ExaminedDomain,
  examineDomain,
  type ProbeOnce
} from '../doctor/examine-domain.ts'
import { neutralSubject } from '../doctor/look/examined-domain.ts'
import type { DomainResult } from '../doctor/report/overview.ts'
import { affectedPrograms } from '../doctor/report/verdict.ts'
import { SignpostError } from '../errors.ts'
import { createLimit } from '../network/network-world.ts'
import type { Probe } from '../probes/probe.ts'
import { probeServer } from '../probes/probe-server.ts'

export interface ExamineAllOptions
  extends Pick<ExamineDomainOptions, 'network' | 'clients' | 'davClients' | 'orderProblemOf'> {
  /** Whether results contain everything that was observed. Why not always: it includes every response. */
  readonly keepsEvidence: boolean
  readonly progress: (state: ExaminationState) => void
}

export interface ExaminationState {
  readonly done: number
  readonly all: number
  /** Domains with errors or warnings. */
  readonly faulty: number
  /** What is going on, such as the name of the last domain. */
  readonly text: string
}

export interface ExaminedResult extends DomainResult {
  /** Undefined unless it is kept. */
  readonly examined: ExaminedDomain | undefined
}

/**
 * Domains that are examined at the same time. Why so few: each of them has up to six connections to each of five hosts, which
 * usually are one and the same server.
 */
const atOnce = 4

/** How often a domain is examined again because a server limited the requests (429). */
const mostRepeats = 2

/** @param domains as A-labels. @returns their results in the same order */
export async function examineAll(domains: readonly string[], options: ExamineAllOptions): Promise<ExaminedResult[]> {
  const inTurn = createLimit(atOnce)
  const probe = createSharedProbe()
  const pause = createPause()
  let done = 0
  let faulty = 0
  const report = (text: string) => options.progress({ done, all: domains.length, faulty, text })
  report('')
  return await Promise.all(
    domains.map(domain =>
      inTurn(async () => {
        const result = await examineOne(domain, { ...options, probe, pause, report })
        done++
        if (result.failure !== undefined || result.findings.some(({ severity }) => severity !== 'info')) faulty++
        report(domain)
        return result
      })
    )
  )
}

interface ExamineOneOptions extends ExamineAllOptions {
  readonly probe: ProbeOnce
  readonly pause: Pause
  readonly report: (text: string) => void
}

async function examineOne(domain: string, options: ExamineOneOptions): Promise<ExaminedResult> {
  const { network, clients, davClients = [], orderProblemOf, keepsEvidence, probe, pause, report } = options
  try {
    for (let repeats = 0; ; repeats++) {
      let waitMs: number | undefined
      await pause.end()
      const examined = await examineDomain(neutralSubject(domain), {
        ...{ network, clients, davClients, orderProblemOf, probe, progress: () => undefined },
        limited(ms) {
          waitMs = Math.max(ms, waitMs ?? 0)
        }
      })
      if (waitMs === undefined || repeats === mostRepeats) return toResult(domain, examined, keepsEvidence)
      report(`limited (429), waiting ${Math.ceil(waitMs / 1000)} s`)
      pause.extend(waitMs)
    }
  } catch (error) {
    if (!(error instanceof SignpostError)) throw error
    return { domain, findings: [], failure: error.message, examined: undefined }
  }
}

function toResult(domain: string, examined: ExaminedDomain, keepsEvidence: boolean): ExaminedResult {
  const { evidence, findings } = examined
  return {
    domain,
    findings: findings.map(finding => ({ ...finding, affects: affectedPrograms(finding, evidence).hurt })),
    failure: undefined,
    examined: keepsEvidence ? examined : undefined
  }
}

export interface Pause {
  /** Makes everyone wait for at least this time. */
  extend(ms: number): void
  /** Resolves when the pause is over. */
  end(): Promise<void>
}

/** Why one for all: the domains usually have the same server, which counts all requests together. */
export function createPause(): Pause {
  let until = 0
  return {
    extend(ms) {
      until = Math.max(until, performance.now() + ms)
    },
    async end() {
      // Why a loop: the pause may have become longer meanwhile.
      while (performance.now() < until) await wait(until - performance.now())
    }
  }
}

/** @returns a probe that connects to each server once, even if many domains advertise it */
export function createSharedProbe(): ProbeOnce {
  const started = new Map<string, Promise<{ readonly probe: Probe; readonly isCut: boolean }>>()
  return async (server, network, signal) => {
    const { username: _, ...rest } = server
    const key = JSON.stringify(rest)
    const run = async () => {
      const probe = await probeServer(server, network)
      return { probe, isCut: signal.aborted }
    }
    const own = started.get(key) ?? run()
    started.set(key, own)
    const { probe, isCut } = await own
    // Why: the connection ended with the time of another domain.
    return isCut && !signal.aborted ? await probeServer(server, network) : { ...probe, server }
  }
}
