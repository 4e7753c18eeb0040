/**
 * What is wrong with the documents: of the wrong type, not to be read, missing, or at odds with each other.
 */

import type { Finding } from '../finding.ts'
import type { AdvertisedServer } from '../look/advertisement.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import { isPage } from '../look/is-page.ts'
import { readDocument } from '../look/read-document.ts'
import { hostsOfSoft404 } from '../look/soft-404.ts'
import { affected, isAnyFailing, refusing } from './affected.ts'
import { placeOf } from './agreed-settings.ts'
import type { Reading } from './evidence.ts'

export function documentRules(reading: Reading): Finding[] {
  const softHosts = hostsOfSoft404(reading.visits)
  return [
    ...reading.visits
      // Why: one cause, told once.
      .filter(({ asked }) => !softHosts.has(new URL(asked.request.url).hostname))
      .flatMap(visit => contentFindings(visit, reading)),
    ...missing(reading),
    ...differences(reading)
  ]
}

function contentFindings(visit: Visit, reading: Reading): Finding[] {
  const { response } = lastOf(visit)
  const read = readDocument(visit, reading.subject.address)
  if (response === undefined || read === undefined || isPage(response)) return []
  const subject = urlOf(visit)
  const type = response.headers['content-type'] ?? ''
  if (read.refusal !== undefined) {
    return [
      {
        rule: 'document.unreadable',
        severity: 'error',
        subject,
        message: `What is served here is refused: ${read.refusal}.`,
        remedy: `Serve ${documents[read.kind].title} here, or answer 404.`,
        clients: affected(reading.programs, asked => asked.endsWith(` ${subject}`))
      }
    ]
  }
  if (documents[read.kind].type.test(type)) return []
  return [
    {
      rule: 'document.content-type',
      severity: 'error',
      subject,
      message: `The document is served as ${type === '' ? 'nothing (no content-type)' : type}.`,
      remedy: `Serve it as ${documents[read.kind].mediaType}.`,
      clients: refusing(reading.programs, subject)
    }
  ]
}

const documents = {
  // Observed: Thunderbird (2026-08), FetchHTTP.sys.mjs: in small letters, from the start.
  autoconfig: { title: 'an autoconfig document', mediaType: 'text/xml', type: /^(?:text|application)\/xml/ },
  autodiscover: { title: 'an Autodiscover document', mediaType: 'text/xml', type: /^(?:text|application)\/xml/ },
  profile: {
    title: 'a configuration profile',
    mediaType: 'application/x-apple-aspen-config',
    type: /^application\/x-apple-aspen-config(?:$|[\s;])/
  },
  pacc: { title: 'a PACC document', mediaType: 'application/json', type: /^application\/json/i }
}

/** Why not of profiles and PACC: few have them, and no program that is set up by hand needs them. */
function missing(reading: Reading): Finding[] {
  const { advertisements, subject, visits } = reading
  return (['autoconfig', 'autodiscover'] as const).flatMap((kind): Finding[] => {
    if (advertisements.some(advertisement => advertisement.kind === kind)) return []
    const urls = visits.filter(({ asked }) => asked.family === kind && !asked.isNonsense).map(urlOf)
    const clients = affected(reading.programs, asked => urls.some(url => asked.endsWith(` ${url}`)))
    const isNeeded = isAnyFailing(reading, clients)
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

function differences({ advertisements, reference, programs }: Reading): Finding[] {
  if (reference === undefined) return []
  const { incoming, outgoing } = reference
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
        message: `It says ${odd.map(({ found }) => found).join(' and ')}; elsewhere it is ${odd.map(({ expected }) => expected).join(' and ')}.`,
        remedy: 'Let every document name the same servers.',
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
