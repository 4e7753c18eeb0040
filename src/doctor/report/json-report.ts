/**
 * The JSON report. Existing fields remain, and new ones may be added. docs/reference/doctor.md describes it.
 */
import type { FoundServer } from '../../clients/model/client.ts'
import type { Exchange } from '../../network/http-exchange.ts'
import type { TlsDetails } from '../../network/tls-details.ts'
import { type Finding, isGrave } from '../finding.ts'
import type { DavProgram } from '../look/dav-programs.ts'
import { lastOf, type OauthServer, type Visit } from '../look/examination.ts'
import type { Evidence, Verdict } from '../rules/evidence.ts'
import { remedyOf } from '../rules/program.ts'
import { dnsRows } from './dns-rows.ts'
import type { ReportOptions } from './report.ts'

/** @returns JSON without characters that control a terminal */
export function jsonReport(evidence: Evidence, options: Pick<ReportOptions, 'findings' | 'ms'>): string {
  return writeJsonReport(toJsonReport(evidence, options))
}

/** @returns the report of one domain */
export function toJsonReport(evidence: Evidence, { findings, ms }: Pick<ReportOptions, 'findings' | 'ms'>) {
  const { subject, servers, services, oauth, visits, verdicts, davPrograms, now } = evidence
  return {
    ...{ domain: subject.domain, address: subject.address, isAddressTyped: subject.isAddressTyped },
    ...{ at: new Date(now).toISOString(), ms: Math.round(ms), isWell: !findings.some(isGrave), findings },
    dns: dnsRows(evidence),
    urls: visits.map(toUrl),
    programs: verdicts.map(verdict => toProgram(verdict, evidence, findings)),
    davPrograms: davPrograms.map(toDavProgram),
    servers: servers.map(({ server, ...rest }) => ({ ...withoutLogin(server), ...rest })),
    services: services.map(({ service, url, ...rest }) => ({ ...service, answeredBy: url, ...rest })),
    oauth: oauth.map(toOauth)
  }
}

/** @returns JSON without characters that control a terminal */
export function writeJsonReport(report: object): string {
  // Why: JSON escapes only the control characters of ASCII.
  return `${JSON.stringify(report, undefined, 2).replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter)}\n`
}

function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}

function withoutLogin<Server extends { readonly username?: string | undefined }>({ username: _, ...server }: Server) {
  return server
}

function toUrl(visit: Visit) {
  const { asked, redirects, isLoop } = visit
  const { response, fault, tls, ms } = lastOf(visit)
  return {
    ...{ family: asked.family, method: asked.request.method, url: asked.request.url, isNonsense: asked.isNonsense },
    status: response?.status ?? null,
    contentType: response?.headers['content-type'] ?? null,
    fault: fault === undefined ? null : { kind: fault.kind, message: fault.message },
    redirects: redirects.map(({ request }: Exchange) => request.url),
    ...{ isLoop, ms: Math.round(ms), certificate: tls === undefined ? null : toCertificate(tls) }
  }
}

function toOauth({ announced, exchange }: OauthServer) {
  const { from, issuer, clientId = null } = announced
  const { request, response, fault } = exchange ?? {}
  return {
    ...{ from, issuer, clientId, metadataUrl: request?.url ?? null, status: response?.status ?? null },
    fault: fault === undefined ? null : { kind: fault.kind, message: fault.message }
  }
}

function toCertificate({ validFrom, validTo, ...rest }: TlsDetails) {
  return { ...rest, fault: rest.fault ?? null, validFrom: toDate(validFrom), validTo: toDate(validTo) }
}

function toDate(time: number): string | null {
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function toProgram(judged: Verdict, evidence: Evidence, findings: readonly Finding[]) {
  const { program, verdict, reason } = judged
  const { client, discovery } = program
  const causes = findings.filter(({ rule }) => !rule.startsWith('program.'))
  const remedy = verdict === 'same' ? '' : remedyOf(judged, evidence, causes)
  const { account, trace } = discovery
  return {
    ...{ client: client.name, title: client.title, verdict, reason, remedy, asked: trace },
    took: account === undefined ? null : { ...account, outgoing: orNull(account.outgoing) }
  }
}

function toDavProgram({ client, discovery }: DavProgram) {
  const { trace, caldav = null, carddav = null } = discovery
  return { client: client.name, title: client.title, caldav, carddav, asked: trace }
}

function orNull(server: FoundServer | undefined): FoundServer | null {
  return server ?? null
}
