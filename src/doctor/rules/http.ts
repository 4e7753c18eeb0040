/**
 * What is wrong with the answers at the discovery URLs, whatever stands in them.
 */
import type { Exchange } from '../../network/http-exchange.ts'
import type { Finding } from '../finding.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import { isPage } from '../look/is-page.ts'
import { hostsOfSoft404, isSoft404 } from '../look/soft-404.ts'
import { affected, affectedByHost, isAnyFailing } from './affected.ts'
import type { Reading } from './evidence.ts'

export function httpRules(reading: Reading): Finding[] {
  const softHosts = hostsOfSoft404(reading.visits)
  const visits = reading.visits.filter(({ asked }) => !asked.isNonsense)
  return [
    ...reading.visits.filter(isSoft404).map(visit => softFinding(visit, reading)),
    ...unanswered(visits, reading),
    ...slow(visits, reading),
    ...visits.flatMap(visit => answerFindings(visit, reading)),
    // Why: one cause, told once.
    ...visits.filter(visit => !softHosts.has(hostOf(visit))).flatMap(visit => pageFindings(visit, reading))
  ]
}

function hostOf({ asked }: Visit): string {
  return new URL(asked.request.url).hostname
}

function softFinding(visit: Visit, { programs }: Reading): Finding {
  return {
    rule: 'http.soft-404',
    severity: 'error',
    subject: new URL(urlOf(visit)).origin,
    message: `At ${urlOf(visit)} there is nothing, and the server answers ${lastOf(visit).response?.status}: programs take that for settings.`,
    remedy: 'Answer 404 with a short text where there is nothing.',
    clients: affectedByHost(programs, hostOf(visit))
  }
}

function pageFindings(visit: Visit, reading: Reading): Finding[] {
  const { response } = lastOf(visit)
  if (response === undefined || !isPage(response)) return []
  return [
    {
      rule: 'http.html',
      severity: 'error',
      subject: urlOf(visit),
      message: 'A page for people comes with status 200, where programs look for settings.',
      remedy: 'Serve the document there, or answer 404.',
      clients: affectedBy(visit, reading)
    }
  ]
}

/** One finding a host and port: sixteen programs ask the same server a dozen things. */
function unanswered(visits: readonly Visit[], reading: Reading): Finding[] {
  const failed = visits.map(({ first }) => first).filter(({ fault }) => fault !== undefined)
  const places = new Map(failed.map(each => [`${new URL(each.request.url).origin} ${each.fault?.kind}`, each]))
  return [...places.values()].flatMap(exchange => unansweredFinding(exchange, reading))
}

function unansweredFinding({ request, fault }: Exchange, reading: Reading): Finding[] {
  const { origin, hostname, protocol } = new URL(request.url)
  const clients = affectedByHost(reading.programs, hostname, protocol === 'https:' ? 'https' : 'http')
  const text = fault && unansweredTexts[fault.kind]
  if (text === undefined || fault === undefined) return []
  // Why: a website may well be without https, and a host without http, as long as nobody needs it.
  const severity = fault.kind !== 'refused' || isAnyFailing(reading, clients) ? 'error' : 'info'
  return [{ ...text, severity, subject: origin, message: `${text.message}: ${fault.message}.`, clients }]
}

type Text = Pick<Finding, 'rule' | 'message' | 'remedy'>

/** Faults that are told elsewhere are not here. */
const unansweredTexts: Readonly<Record<string, Text>> = {
  timeout: {
    rule: 'http.no-answer',
    message: 'The server does not answer, and every program waits for it',
    remedy: 'Open the port in the firewall, or take the host out of the DNS.'
  },
  refused: {
    rule: 'http.refused',
    message: 'There is no server',
    remedy: 'Start the web server there, or take the host out of the DNS.'
  },
  tls: {
    rule: 'http.no-tls',
    message: 'The server does not speak TLS',
    remedy: 'Let it speak TLS on port 443, with a certificate for this host.'
  },
  broken: {
    rule: 'http.broken',
    message: 'The server gives no answer that programs can read',
    remedy: 'Look into the log of the web server, and of the proxy in front of it.'
  },
  'too-large': {
    rule: 'http.too-large',
    message: 'The answer does not end where settings would',
    remedy: 'Serve the document there, or answer 404.'
  }
}

/** Of the time that an answer may take. Why: a program asks several URLs in turn. */
const slowPart = 0.4

function slow(visits: readonly Visit[], { programs, timeoutMs }: Reading): Finding[] {
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
    message: `The answer takes ${(ms / 1000).toFixed(1)} s, and programs give up after ${timeoutMs / 1000} s.`,
    remedy: 'Find out what the server waits for; settings need no look-up of the account.',
    clients: affectedByHost(programs, new URL(origin).hostname)
  }))
}

function answerFindings(visit: Visit, reading: Reading): Finding[] {
  const found = (text: Told): Finding[] => [{ ...text, subject: urlOf(visit), clients: affectedBy(visit, reading) }]
  const { response, fault, request } = lastOf(visit)
  if (visit.isLoop) {
    return found({
      rule: 'http.redirect-loop',
      severity: 'error',
      message: `Redirects go round in a circle, over ${request.url}.`,
      remedy: 'Answer with the document itself; redirect at most from http to https.'
    })
  }
  if (visit.redirects.length > 0 && fault?.kind === 'private-address') {
    return found({
      rule: 'http.redirect-private',
      severity: 'error',
      message: `A redirect leads to ${request.url}, a private address; it was not followed.`,
      remedy: 'Redirect to a public host, or use --allow-private to look at a network from inside.'
    })
  }
  if (response === undefined) return []
  if (visit.redirects.length > 0 && visit.asked.family === 'autoconfig' && response.status === 200) {
    return found({
      rule: 'http.redirect',
      severity: 'warning',
      message: `The document is behind a redirect to ${request.url}.`,
      remedy: 'Answer with the document itself, over https and http: not every program follows redirects.'
    })
  }
  return statusFindings(visit, response.status, found)
}

type Told = Omit<Finding, 'subject' | 'clients'>

function statusFindings({ asked }: Visit, status: number, found: (text: Told) => Finding[]): Finding[] {
  const isPointer = ['caldav', 'carddav', 'jmap'].includes(asked.family)
  if (status === 401 && !isPointer) {
    return found({
      rule: 'http.unauthorized',
      severity: 'error',
      message: 'The server asks for a log-in (401) before it tells any settings.',
      remedy: 'Answer without a log-in, or 404: only Exchange has a reason to ask.'
    })
  }
  if (status === 403 || status === 429) {
    return found({
      rule: 'http.forbidden',
      severity: 'warning',
      message: `The server refuses to answer (${status}).`,
      remedy: 'Take the path out of the rules of the web server or firewall that refuse it.'
    })
  }
  if (status < 500) return []
  return found({
    rule: 'http.server-error',
    severity: 'error',
    message: `The server fails (${status}).`,
    remedy: 'Look into the log of the web server, and of the proxy in front of it.'
  })
}

function affectedBy(visit: Visit, { programs }: Reading): string[] {
  const url = urlOf(visit)
  return affected(programs, asked => asked.endsWith(` ${url}`))
}
