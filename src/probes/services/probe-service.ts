/**
 * What one advertised URL answers to a program that has not logged in yet.
 */
import { type HttpResponse, WorldError } from '../../clients/model/world.ts'
import { printable } from '../../settings/load/finding.ts'
import type { ServiceProtocol } from '../../settings/provider.ts'
import { type FaultDetails, type FaultName, toFault } from '../faults.ts'
import type { Fault, ServiceNetwork, ServiceProbe, ServiceToProbe } from '../probe.ts'
import { activesync } from './activesync.ts'
import { challenges } from './challenges.ts'
import { caldav, carddav, webdav } from './dav.ts'
import { jmap } from './jmap.ts'
import type { Inquiry } from './service.ts'

const inquiries: Readonly<Record<ServiceProtocol, Inquiry>> = { caldav, carddav, webdav, jmap, activesync }
const mostRedirects = 5

/** @returns what was found; whatever goes wrong stands in `faults` */
export async function probeService(service: ServiceToProbe, network: ServiceNetwork): Promise<ServiceProbe> {
  const started = network.now()
  const inquiry = inquiries[service.protocol]
  const faults: Fault[] = []
  const tell: Tell = (name, url, details = {}) => {
    const { title: protocol, request } = inquiry
    faults.push(toFault(name, { url, protocol, method: request.method, ...details }))
  }
  if (!service.url.startsWith('https:')) tell('serviceInClear', service.url)
  const { response, url } = await follow(service.url, inquiry, { network, tell })
  const answer = response === undefined ? nothing : judge(response, inquiry, { url, tell })
  return { service, status: response?.status, url, ...answer, faults, ms: network.now() - started }
}

type Tell = (name: FaultName, url: string, details?: FaultDetails) => void
type Answer = Pick<ServiceProbe, 'capabilities' | 'authentication'>

const nothing: Answer = { capabilities: [], authentication: [] }

interface FollowOptions {
  readonly network: ServiceNetwork
  readonly tell: Tell
}

interface Followed {
  readonly response: HttpResponse | undefined
  readonly url: string
}

/** @returns the first answer that is no redirect, and where it came from */
async function follow(start: string, { request }: Inquiry, { network, tell }: FollowOptions): Promise<Followed> {
  for (let url = start, hops = 0; ; hops++) {
    const response = await network.exchange({ ...request, url }).catch(error => {
      if (!(error instanceof WorldError)) throw error
      tell('serviceNoAnswer', url, { reason: error.message })
      return undefined
    })
    const location = response?.headers.location
    if (response === undefined || location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) {
      return { response, url }
    }
    if (hops === mostRedirects) {
      tell('serviceRedirectLoop', start, { most: mostRedirects })
      return { response: undefined, url }
    }
    const target = URL.parse(location, url)
    if (target?.protocol !== 'https:') {
      tell('serviceRedirectInvalid', url, { target: location })
      return { response: undefined, url }
    }
    tell('serviceRedirect', url, { target: target.href })
    url = target.href
  }
}

function judge(response: HttpResponse, inquiry: Inquiry, { url, tell }: { url: string; tell: Tell }): Answer {
  const { status, headers } = response
  if (status === 401) {
    const header = headers['www-authenticate']
    if (header === undefined) tell('serviceNoChallenge', url)
    return { capabilities: [], authentication: challenges(header ?? '') }
  }
  if (status !== inquiry.status) {
    tell(faultOf(status), url, { status, expected: `401 or ${inquiry.status}` })
    return nothing
  }
  const reading = inquiry.read(response)
  if ('fault' in reading) {
    tell(reading.fault, url, reading.details)
    return nothing
  }
  return { capabilities: reading.capabilities.map(printable), authentication: [] }
}

function faultOf(status: number): FaultName {
  if (status === 404 || status === 410) return 'serviceNotFound'
  if (status === 403) return 'serviceForbidden'
  return status >= 500 ? 'serviceFails' : 'serviceUnexpected'
}
