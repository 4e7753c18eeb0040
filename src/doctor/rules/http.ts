/**
 * Rules about HTTP responses at the discovery URLs, regardless of their contents.
 */
import { isElsewhere } from '../../clients/outlook/search.ts'
import type { Exchange } from '../../network/http-exchange.ts'
import type { Finding } from '../finding.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import type { Subject } from '../look/examined-domain.ts'
import { hostsOfSoft404, isPage, isSoft404 } from '../look/read-document.ts'
import { affected, affectedByHost, isAnyFailing } from './affected.ts'
import type { Evidence } from './evidence.ts'

export function httpRules(evidence: Evidence): Finding[] {
  const softHosts = hostsOfSoft404(evidence.visits)
  const visits = evidence.visits.filter(({ asked }) => !asked.isNonsense)
  return [
    ...evidence.visits.filter(isSoft404).map(visit => softFinding(visit, evidence)),
    ...unanswered(visits, evidence),
    ...slow(visits, evidence),
    ...visits.flatMap(visit => answerFindings(visit, evidence)),
    // Why: another rule reports the common cause.
    ...visits.filter(visit => !softHosts.has(hostOf(visit))).flatMap(visit => pageFindings(visit, evidence))
  ]
}

function hostOf({ asked }: Visit): string {
  return new URL(asked.request.url).hostname
}

function softFinding(visit: Visit, { programs }: Evidence): Finding {
  return {
    rule: 'http.soft-404',
    severity: 'error',
    subject: new URL(urlOf(visit)).origin,
    message: `The server responds with status ${lastOf(visit).response?.status} to ${urlOf(visit)}, which does not exist. Programs mistake that for settings.`,
    remedy: 'Respond with 404 and a short text if a document does not exist.',
    clients: affectedByHost(programs, hostOf(visit))
  }
}

function pageFindings(visit: Visit, evidence: Evidence): Finding[] {
  const { response } = lastOf(visit)
  if (response === undefined || !isPage(response)) return []
  return [
    {
      rule: 'http.html',
      severity: 'error',
      subject: urlOf(visit),
      message: 'The server responds with a web page and status 200 where programs look for settings.',
      remedy: 'Serve the document there, or respond with 404.',
      clients: affectedBy(visit, evidence)
    }
  ]
}

/** @returns one finding for each host and port. Why: many programs send many requests to the same server. */
function unanswered(visits: readonly Visit[], evidence: Evidence): Finding[] {
  const failed = visits.map(({ first }) => first).filter(({ fault }) => fault !== undefined)
  const places = new Map(failed.map(each => [`${new URL(each.request.url).origin} ${each.fault?.kind}`, each]))
  return [...places.values()].flatMap(exchange => unansweredFinding(exchange, evidence))
}

function unansweredFinding({ request, fault }: Exchange, evidence: Evidence): Finding[] {
  const { origin, hostname, protocol } = new URL(request.url)
  const clients = affectedByHost(evidence.programs, hostname, protocol === 'https:' ? 'https' : 'http')
  const text = fault && unansweredTexts[fault.kind]
  if (text === undefined || fault === undefined) return []
  // Why: a host without https or without http is no problem as long as no program needs it.
  const severity = fault.kind !== 'refused' || isAnyFailing(evidence, clients) ? 'error' : 'info'
  return [{ ...text, severity, subject: origin, message: `${text.message}: ${fault.message}.`, clients }]
}

type Text = Pick<Finding, 'rule' | 'message' | 'remedy'>

/** Other kinds of faults belong to other rules. */
const unansweredTexts: Readonly<Record<string, Text>> = {
  timeout: {
    rule: 'http.no-answer',
    message: 'The server does not answer, and every program waits until it times out',
    remedy: 'Open the port in the firewall, or remove the host from the DNS.'
  },
  refused: {
    rule: 'http.refused',
    message: 'No server listens there',
    remedy: 'Start the web server there, or remove the host from the DNS.'
  },
  tls: {
    rule: 'http.no-tls',
    message: 'The server does not speak TLS',
    remedy: 'Enable TLS on port 443, with a certificate for this host.'
  },
  broken: {
    rule: 'http.broken',
    message: 'The response of the server is malformed',
    remedy: 'Check the logs of the web server and of the proxy in front of it.'
  },
  'too-large': {
    rule: 'http.too-large',
    message: 'The response is too long for settings',
    remedy: 'Serve the document there, or respond with 404.'
  }
}

/** Fraction of the timeout. Why: a program requests several URLs one after the other. */
const slowPart = 0.4

function slow(visits: readonly Visit[], { programs, timeoutMs }: Evidence): Finding[] {
  const slowest = new Map<string, Exchange>()
  for (const { first: exchange } of visits) {
    const { origin } = new URL(exchange.request.url)
    const isSlow = exchange.response !== undefined && exchange.ms > slowPart * timeoutMs
    if (isSlow && exchange.ms > (slowest.get(origin)?.ms ?? 0)) slowest.set(origin, exchange)
  }
  return [...slowest].map(([origin, { ms }]) => ({
    rule: 'http.slow',
    severity: 'warning',
    subject: origin,
    message: `The response takes ${(ms / 1000).toFixed(1)} s, and programs give up after ${timeoutMs / 1000} s.`,
    remedy: 'Find out what delays the server. Settings do not require a lookup of the account.',
    clients: affectedByHost(programs, new URL(origin).hostname)
  }))
}

function answerFindings(visit: Visit, evidence: Evidence): Finding[] {
  const found = (text: Told): Finding[] => [{ ...text, subject: urlOf(visit), clients: affectedBy(visit, evidence) }]
  const { response, fault, request } = lastOf(visit)
  if (visit.isLoop) {
    return found({
      rule: 'http.redirect-loop',
      severity: 'error',
      message: `The redirects form a loop at ${request.url}.`,
      remedy: 'Respond with the document itself, and redirect only from http to https.'
    })
  }
  if (visit.redirects.length > 0 && fault?.kind === 'private-address') {
    return found({
      rule: 'http.redirect-private',
      severity: 'error',
      message: `A redirect to ${request.url}, a private address, was not followed.`,
      remedy:
        'Redirect to a public host. To examine a network from inside, use signpost doctor --allow-private, or admin.doctor.allowPrivate for the console.'
    })
  }
  if (response === undefined) return []
  if (visit.redirects.length > 0 && visit.asked.family === 'autoconfig' && response.status === 200) {
    return found({
      rule: 'http.redirect',
      severity: 'warning',
      message: `The document is behind a redirect to ${request.url}.`,
      remedy: 'Respond with the document itself, over https and http. Not every program follows redirects.'
    })
  }
  return statusFindings(visit, response.status, { found, subject: evidence.subject })
}

type Told = Omit<Finding, 'subject' | 'clients'>

function statusFindings(
  visit: Visit,
  status: number,
  { found, subject }: { found: (text: Told) => Finding[]; subject: Subject }
): Finding[] {
  const { family } = visit.asked
  const isPointer = ['caldav', 'carddav', 'jmap'].includes(family)
  // Why: the domain sends Outlook to an Exchange server, which always requires a login.
  const isExchange = family.startsWith('autodiscover') && isElsewhere(lastOf(visit).request.url, subject)
  if (status === 401 && !isPointer && !isExchange) {
    return found({
      rule: 'http.unauthorized',
      severity: 'error',
      message: 'The server requires a login (401) before it sends settings.',
      remedy: 'Respond without a login, or with 404. Only Exchange has a reason to require one.'
    })
  }
  if (status === 403 || status === 429) {
    return found({
      rule: 'http.forbidden',
      severity: 'warning',
      message: `The server refuses the request (${status}).`,
      remedy: 'Exempt the path from the rules of the web server or firewall that refuse it.'
    })
  }
  if (status < 500) return []
  return found({
    rule: 'http.server-error',
    severity: 'error',
    message: `The server fails (${status}).`,
    remedy: 'Check the logs of the web server and of the proxy in front of it.'
  })
}

function affectedBy(visit: Visit, { programs }: Evidence): string[] {
  const url = urlOf(visit)
  return affected(programs, asked => asked.endsWith(` ${url}`))
}
