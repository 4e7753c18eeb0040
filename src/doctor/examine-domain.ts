/**
 * The examination of one domain for `signpost doctor`: looks at it over the network, and applies the rules.
 */
import { randomBytes } from 'node:crypto'
import type { DavClient } from '../clients/dav/dav-client.ts'
import type { Client } from '../clients/model/client.ts'
import type { HttpResponse } from '../clients/model/world.ts'
import { errors } from '../errors.ts'
import type { NetworkOptions } from '../network/network-access.ts'
import { withNetwork } from '../network/network-access.ts'
import type { NetworkWorld } from '../network/network-world.ts'
import type { Resolver } from '../network/resolver.ts'
import type { Network, Probe, ServerToProbe } from '../probes/probe.ts'
import { probeServer } from '../probes/probe-server.ts'
import { probeService } from '../probes/probe-service.ts'
import { diagnose } from './diagnose.ts'
import { bySeverity, type Finding } from './finding.ts'
import type { Examination } from './look/examination.ts'
import { examine } from './look/examine.ts'
import type { Subject } from './look/examined-domain.ts'
import { type Evidence, toEvidence } from './rules/evidence.ts'
import { type OrderProblem, orderFinding } from './rules/order.ts'

/** All answers together may take this many times the timeout of a single one. */
export const examinationBudget = 4

export interface ExamineDomainOptions {
  readonly network: NetworkOptions
  readonly clients: readonly Client[]
  /** Programs for calendars and contacts. Default: none. */
  readonly davClients?: readonly DavClient[]
  /** To log in with. */
  readonly password?: string | undefined
  /** Called with a text for people whenever a step is done. */
  readonly progress: (text: string) => void
  /** Called for each response that says the server limits requests (429), with the milliseconds to wait. */
  readonly limited?: (waitMs: number) => void
  /** Default: probes each server. */
  readonly probe?: ProbeOnce
  /** What this service knows of the certificate that it orders for a domain. Never rejects. */
  readonly orderProblemOf?: OrderProblemOf | undefined
}

/** @param domain as A-labels. @returns undefined if there is no problem, or the service does not order its certificate */
export type OrderProblemOf = (domain: string) => Promise<OrderProblem | undefined>

/** Probes a server. @param signal aborts when the time for the whole examination is over */
export type ProbeOnce = (server: ServerToProbe, network: Network, signal: AbortSignal) => Promise<Probe>

export interface ExaminedDomain {
  readonly evidence: Evidence
  readonly findings: readonly Finding[]
  /** How long it took. */
  readonly ms: number
}

/** Rejects with AC_NO_RESOLVER if every DNS lookup failed, so that nothing is known about the domain. */
export async function examineDomain(subject: Subject, options: ExamineDomainOptions): Promise<ExaminedDomain> {
  const { network, clients, davClients = [], password, progress, limited = () => undefined } = options
  const { probe = (server, access) => probeServer(server, access, password) } = options
  const started = performance.now()
  const examination = await withNetwork(
    network,
    async ({ world, connect, signal, now }) => {
      const { timeoutMs, ca, allowPrivate } = network
      const seen = await examine(subject, {
        ...{
          world: reportingLimits(world, limited),
          clients,
          davClients,
          timeoutMs,
          allowPrivate,
          now,
          signal,
          progress
        },
        nonsense: randomBytes(12).toString('hex'),
        probeServer: server => probe(server, { connect, ca, timeoutMs, now }, signal),
        probeService: service => probeService(service, { exchange: world.exchange, now })
      })
      checkDns(seen, world.resolver)
      return seen
    },
    { budget: examinationBudget }
  )
  const evidence = toEvidence(examination)
  const problem = await options.orderProblemOf?.(subject.domain)
  const ofOrders = problem === undefined ? [] : [orderFinding(subject.domain, problem, evidence.now)]
  return { evidence, findings: bySeverity([...ofOrders, ...diagnose(evidence)]), ms: performance.now() - started }
}

/** @throws AC_NO_RESOLVER */
function checkDns({ dns }: Examination, { servers }: Resolver): void {
  if (!dns.every(({ fault }) => fault === 'unreachable' || fault === 'timeout')) return
  const reason = [...new Set(dns.map(({ fault }) => fault))].join(', ')
  throw errors.noResolver({ resolver: servers.join(', '), reason })
}

/** @returns the world, which reports responses with status 429 */
function reportingLimits(world: NetworkWorld, limited: (waitMs: number) => void): NetworkWorld {
  const report = ({ status, headers }: HttpResponse) => {
    if (status === 429) limited(waitOf(headers['retry-after']))
  }
  return {
    ...world,
    async observe(request) {
      const exchange = await world.observe(request)
      if (exchange.response !== undefined) report(exchange.response)
      return exchange
    },
    async exchange(request) {
      const response = await world.exchange(request)
      report(response)
      return response
    }
  }
}

/** Seconds. Why limited: a server may name any time. */
const longestWait = 120

/** Spec: RFC 9110 10.2.3. A date is not read. @returns milliseconds */
function waitOf(retryAfter = ''): number {
  const seconds = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : 60
  return Math.min(seconds, longestWait) * 1000
}
