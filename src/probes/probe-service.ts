/**
 * Probes one advertised URL like a program that has not logged in yet.
 */
import { type HttpResponse, WorldError } from '../clients/model/world.ts'
import { printable } from '../settings/load/finding.ts'
import type { Authentication } from '../settings/schema.ts'
import { type FaultDetails, type FaultName, toFault } from './faults/faults.ts'
import type { Fault, ProbedService, ServiceNetwork, ServiceProbe, ServiceToProbe } from './probe.ts'
import { activesync, caldav, carddav, jmap, type ServiceCheck, webdav } from './service-checks.ts'

const checks: Readonly<Record<ProbedService, ServiceCheck>> = { caldav, carddav, webdav, jmap, activesync }
const mostRedirects = 5

/** @returns the result of the probe; everything that goes wrong is in `faults` */
export async function probeService(service: ServiceToProbe, network: ServiceNetwork): Promise<ServiceProbe> {
  const started = network.now()
  const check = checks[service.protocol]
  const faults: Fault[] = []
  const report: ReportFault = (name, url, details = {}) => {
    const { title: protocol, request } = check
    faults.push(toFault(name, { url, protocol, method: request.method, ...details }))
  }
  if (!service.url.startsWith('https:')) report('serviceInClear', service.url)
  const { response, url } = await follow(service.url, check, { network, report })
  const answer = response === undefined ? nothing : readResponse(response, check, { url, report })
  return { service, status: response?.status, url, ...answer, faults, ms: network.now() - started }
}

type ReportFault = (name: FaultName, url: string, details?: FaultDetails) => void
type Answer = Pick<ServiceProbe, 'capabilities' | 'authentication'>

const nothing: Answer = { capabilities: [], authentication: [] }

interface FollowOptions {
  readonly network: ServiceNetwork
  readonly report: ReportFault
}

interface Followed {
  readonly response: HttpResponse | undefined
  readonly url: string
}

/** @returns the first response that is not a redirect, and its URL */
async function follow(start: string, { request }: ServiceCheck, { network, report }: FollowOptions): Promise<Followed> {
  for (let url = start, hops = 0; ; hops++) {
    const response = await network.exchange({ ...request, url }).catch(error => {
      if (!(error instanceof WorldError)) throw error
      report('serviceNoAnswer', url, { reason: error.message })
      return undefined
    })
    const location = response?.headers.location
    if (response === undefined || location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) {
      return { response, url }
    }
    if (hops === mostRedirects) {
      report('serviceRedirectLoop', start, { most: mostRedirects })
      return { response: undefined, url }
    }
    const target = URL.parse(location, url)
    if (target?.protocol !== 'https:') {
      report('serviceRedirectInvalid', url, { target: location })
      return { response: undefined, url }
    }
    report('serviceRedirect', url, { target: target.href })
    url = target.href
  }
}

function readResponse(
  response: HttpResponse,
  check: ServiceCheck,
  { url, report }: { url: string; report: ReportFault }
): Answer {
  const { status, headers } = response
  if (status === 401) {
    const header = headers['www-authenticate']
    if (header === undefined) report('serviceNoChallenge', url)
    return { capabilities: [], authentication: challenges(header ?? '') }
  }
  if (status !== check.status) {
    report(faultOf(status), url, { status, expected: `401 or ${check.status}` })
    return nothing
  }
  const reading = check.read(response)
  if ('fault' in reading) {
    report(reading.fault, url, reading.details)
    return nothing
  }
  return { capabilities: reading.capabilities.map(printable), authentication: [] }
}

function faultOf(status: number): FaultName {
  if (status === 404 || status === 410) return 'serviceNotFound'
  if (status === 403) return 'serviceForbidden'
  return status >= 500 ? 'serviceFails' : 'serviceUnexpected'
}

/**
 * The authentication that a web server requires: RFC 9110 11.6.1.
 */

const authentications: Readonly<Record<string, Authentication>> = {
  basic: 'password',
  digest: 'encrypted-password',
  bearer: 'oauth2',
  negotiate: 'gssapi',
  ntlm: 'ntlm'
}

/**
 * Spec: challenges of a web server (RFC 9110 11.6.1).
 *
 * @param header the values of WWW-Authenticate, joined by commas
 * @returns the authentication in terms of the settings table
 */
export function challenges(header: string): Authentication[] {
  const parts = header.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs, '""').split(',')
  const schemes = parts.flatMap(part => {
    // Spec: a part is a scheme, a scheme with its first parameter (or token68), or one more parameter.
    const [, scheme] = /^([A-Za-z][\w-]*)(?:\s+[^\s=].*)?$/s.exec(part.trim()) ?? []
    return scheme === undefined ? [] : [scheme.toLowerCase()]
  })
  const known = schemes.map(scheme => (Object.hasOwn(authentications, scheme) ? authentications[scheme] : undefined))
  return [...new Set(known.filter(each => each !== undefined))]
}
