/**
 * Hand-made examinations for rules: a healthy domain, except for what a test changes.
 */

import type { DavServers } from '../../../src/clients/dav/dav-client.ts'
import { davClients } from '../../../src/clients/dav/index.ts'
import { clients } from '../../../src/clients/index.ts'
import type { FoundAccount, Step } from '../../../src/clients/model/client.ts'
import type { HttpResponse } from '../../../src/clients/model/world.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import type { DavProgram } from '../../../src/doctor/look/dav-programs.ts'
import type { Family } from '../../../src/doctor/look/discovery-requests.ts'
import type { Examination, Program, Visit } from '../../../src/doctor/look/examination.ts'
import { type Evidence, toEvidence } from '../../../src/doctor/rules/evidence.ts'
import type { Exchange } from '../../../src/network/http-exchange.ts'
import { type FaultKind, NetworkFault } from '../../../src/network/network-fault.ts'
import type { DnsAnswer, DnsData, RecordType } from '../../../src/network/resolver.ts'
import type { TlsDetails } from '../../../src/network/tls-details.ts'
import type { ServiceProbe } from '../../../src/probes/probe.ts'
import { clientConfig, imap, smtp } from '../clients/plain-document.ts'

export const now = Date.parse('2026-11-24T12:00:00Z')
export const day = 24 * 60 * 60 * 1000

export const account: FoundAccount = { incoming: imap, outgoing: smtp, from: 'https://autoconfig.example.com/x' }

export const certificate: TlsDetails = {
  ...{ protocol: 'TLSv1.3', subject: 'example.com', names: ['example.com'], issuer: 'Test Root', chain: [] },
  ...{ validFrom: now - day, validTo: now + 90 * day, fault: undefined }
}

/** @param fault why the lookup failed, or that the name does not exist */
export function answer<Type extends RecordType>(
  type: Type,
  name: string,
  records: readonly DnsData[Type][],
  fault?: DnsAnswer['fault'] | 'missing'
): DnsAnswer<Type> {
  const isMissing = fault === 'missing'
  return { type, name, records, fault: fault === 'missing' ? undefined : fault, isMissing }
}

/** @param came a body with status 200, a response, or a kind of fault */
export function exchange(
  url: string,
  came: string | Partial<HttpResponse> | { readonly kind: FaultKind },
  more: Partial<Exchange> = {}
): Exchange {
  const known = { request: { method: 'GET', url, headers: {} }, tls: undefined, ms: 12, ...more }
  if (typeof came === 'object' && 'kind' in came) {
    return { ...known, response: undefined, fault: new NetworkFault(came.kind, 'it failed') } as Exchange
  }
  const response = { status: 200, headers: {}, body: '', ...(typeof came === 'string' ? { body: came } : came) }
  return { ...known, response, fault: undefined } as Exchange
}

export function visit(
  family: Family,
  exchanges: readonly [Exchange, ...Exchange[]],
  more: Partial<Visit & { isNonsense: boolean }> = {}
): Visit {
  const { isNonsense = false, isLoop = false } = more
  const [first, ...redirects] = exchanges
  return { asked: { family, request: first.request, isNonsense }, first, redirects, isLoop }
}

/** @param found the account, or the reason why there is none */
export function program(name: string, found: FoundAccount | string, trace: readonly Step[] = []): Program {
  const client = clients.find(each => each.name === name)
  if (client === undefined) throw new Error(`no program ${name}`)
  const discovery =
    typeof found === 'string'
      ? { account: undefined, reason: found, trace }
      : { account: found, reason: undefined, trace }
  return { client, discovery }
}

/** @param found the URLs of the servers that it finds */
export function davProgram(name: string, found: Partial<DavServers>, trace: readonly Step[] = []): DavProgram {
  const client = davClients.find(each => each.name === name)
  if (client === undefined) throw new Error(`no program ${name}`)
  return { client, discovery: { caldav: undefined, carddav: undefined, ...found, trace } }
}

/** A probe of a service without faults. */
export function davProbe(protocol: 'caldav' | 'carddav', faults: ServiceProbe['faults'] = []): ServiceProbe {
  const url = `https://dav.example.com/${protocol}/`
  return { service: { protocol, url }, url, status: 401, capabilities: [], authentication: [], faults, ms: 5 }
}

const xml = { status: 200, headers: { 'content-type': 'text/xml' }, body: clientConfig }
export const autoconfigUrl = 'https://autoconfig.example.com/mail/config-v1.1.xml'

export function seen(parts: Partial<Examination>): Evidence {
  return toEvidence({
    subject: { domain: 'example.com', address: 'jane@example.com', isAddressTyped: true },
    dns: [answer('MX', 'example.com', [{ priority: 1, exchange: 'mx.example.com' }])],
    visits: [visit('autoconfig', [exchange(autoconfigUrl, xml)])],
    programs: [program('thunderbird', account)],
    ...{
      servers: [],
      services: [],
      oauth: [],
      davPrograms: [],
      now,
      timeoutMs: 5000,
      isCut: false,
      allowPrivate: false
    },
    ...parts
  })
}

/** @returns the findings without those that every domain without Autodiscover has */
export function findings(parts: Partial<Examination>): Finding[] {
  return diagnose(seen(parts)).filter(({ rule }) => rule !== 'document.no-autodiscover')
}
