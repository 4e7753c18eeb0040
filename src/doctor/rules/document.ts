/**
 * Rules about documents: a wrong media type, unreadable, missing, or contradictory.
 */
import type { Finding } from '../finding.ts'
import type { AdvertisedServer } from '../look/advertisement.ts'
import { placeOf } from '../look/advertisement.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import { hostsOfSoft404, isPage, readDocument } from '../look/read-document.ts'
import { affected, isAnyFailing, refusing } from './affected.ts'
import type { Evidence } from './evidence.ts'

export function documentRules(evidence: Evidence): Finding[] {
  const softHosts = hostsOfSoft404(evidence.visits)
  return [
    ...evidence.visits
      // Why: another rule reports the common cause.
      .filter(({ asked }) => !softHosts.has(new URL(asked.request.url).hostname))
      .flatMap(visit => contentFindings(visit, evidence)),
    ...missing(evidence),
    ...differences(evidence)
  ]
}

function contentFindings(visit: Visit, evidence: Evidence): Finding[] {
  const { response } = lastOf(visit)
  const read = readDocument(visit, evidence.subject.address)
  if (response === undefined || read === undefined || isPage(response)) return []
  const subject = urlOf(visit)
  const type = response.headers['content-type'] ?? ''
  if (read.refusal !== undefined) {
    return [
      {
        rule: 'document.unreadable',
        severity: 'error',
        subject,
        message: `The document is unreadable: ${read.refusal}.`,
        remedy: `Serve ${documents[read.kind].title} here, or respond with 404.`,
        clients: affected(evidence.programs, asked => asked.endsWith(` ${subject}`))
      }
    ]
  }
  if (documents[read.kind].type.test(type)) return []
  return [
    {
      rule: 'document.content-type',
      severity: 'error',
      subject,
      message: `The document is served as ${type === '' ? 'unknown type (no content-type)' : type}.`,
      remedy: `Serve it as ${documents[read.kind].mediaType}.`,
      clients: refusing(evidence.programs, subject)
    }
  ]
}

const documents = {
  // Observed: Thunderbird (2026-08), FetchHTTP.sys.mjs, compares the start of the type, in lower case.
  autoconfig: { title: 'an autoconfig document', mediaType: 'text/xml', type: /^(?:text|application)\/xml/ },
  autodiscover: { title: 'an Autodiscover document', mediaType: 'text/xml', type: /^(?:text|application)\/xml/ },
  profile: {
    title: 'a configuration profile',
    mediaType: 'application/x-apple-aspen-config',
    type: /^application\/x-apple-aspen-config(?:$|[\s;])/
  },
  pacc: { title: 'a PACC document', mediaType: 'application/json', type: /^application\/json/i }
}

/** Why not profiles and PACC: few domains have them, and programs can be set up without them. */
function missing(evidence: Evidence): Finding[] {
  const { advertisements, programs, subject, visits } = evidence
  const usesExchange = programs.some(({ discovery }) => discovery.account?.incoming.protocol === 'exchange')
  return (['autoconfig', 'autodiscover'] as const).flatMap((kind): Finding[] => {
    if (advertisements.some(advertisement => advertisement.kind === kind)) return []
    if (kind === 'autodiscover' && usesExchange) return []
    const tried = visits.filter(({ asked }) => asked.family === kind && !asked.isNonsense)
    if (isUnreachable(tried)) return []
    const urls = tried.map(urlOf)
    const clients = affected(evidence.programs, asked => urls.some(url => asked.endsWith(` ${url}`)))
    const isNeeded = isAnyFailing(evidence, clients)
    return [
      {
        rule: `document.no-${kind}`,
        severity: isNeeded ? 'error' : 'info',
        subject: subject.domain,
        message: `No URL of the domain has ${documents[kind].title}.`,
        remedy: `Serve one at ${urls[kind === 'autoconfig' ? 0 : 1]}.`,
        clients: isNeeded ? clients : []
      }
    ]
  })
}

/** @returns whether the hosts exist, but none of them responds: other rules report the cause */
function isUnreachable(visits: readonly Visit[]): boolean {
  const faults = visits.map(({ first }) => first.fault?.kind)
  return faults.every(fault => fault !== undefined) && faults.some(fault => fault !== 'no-host')
}

function differences({ advertisements, agreed, programs }: Evidence): Finding[] {
  if (agreed === undefined) return []
  const { incoming, outgoing } = agreed
  return advertisements.flatMap(({ from, kind, servers }): Finding[] => {
    if (kind === 'srv') return []
    const odd = [incoming, outgoing].flatMap(expected => differenceOf(servers, expected))
    if (odd.length === 0) return []
    const subject = from.replace(/\?.*/, '')
    return [
      {
        rule: 'document.differs',
        severity: 'error',
        subject,
        message: `This document names ${odd.map(({ found }) => found).join(' and ')}; other documents name ${odd.map(({ expected }) => expected).join(' and ')}.`,
        remedy: 'Make all documents name the same servers.',
        clients: programs
          .filter(({ discovery }) => discovery.account?.from === from || discovery.account?.from === subject)
          .map(({ client }) => client.name)
      }
    ]
  })
}

interface Difference {
  readonly found: string
  readonly expected: string
}

function differenceOf(servers: readonly AdvertisedServer[], expected: AdvertisedServer | undefined): Difference[] {
  const found = servers.find(({ protocol }) => protocol === expected?.protocol)
  if (found === undefined || expected === undefined || placeOf(found) === placeOf(expected)) return []
  return [{ found: placeOf(found), expected: placeOf(expected) }]
}
