/**
 * FairEmail, the edition from GitHub; the one from the Play Store requests only the ISPDB. It collects candidates from SRV
 * records, autoconfig and autodiscover, and uses the one with the highest score. The model omits its table of providers and the
 * port scan that follows.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import type { HttpRequest } from '../model/world.ts'
import {
  autodiscoverRequest,
  type Candidate,
  isStarttlsPort,
  isValid,
  readAutodiscover,
  readClientConfig,
  type Server,
  type Servers,
  type User
} from './documents.ts'

export const fairemail: Client = {
  name: 'fairemail',
  title: 'FairEmail',
  release: 'source of 2026-08, edition of GitHub',
  source: 'M66B/FairEmail e23dd9d (2026-08)',
  takes:
    'the first servers, if they are imap and smtp; SRV records come before documents, unless a document has another login name',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const candidates = await searchDomain(mailbox.domain, mailbox, tracer)
  candidates.push(...(await searchExchanger(candidates.length > 0, mailbox, tracer)))
  // Observed: M66B/FairEmail e23dd9d, app/src/main/java/eu/faircode/email/EmailProvider.java: fromEmail uses a stable
  // sort.
  const [best] = candidates.toSorted((a, b) => b.score - a.score)
  if (best === undefined) return 'scans the usual ports of imap., smtp., mail. and mx. below the domain'
  const toServer = (protocol: 'imap' | 'smtp'): FoundServer => {
    const { host, port, starttls } = best[protocol]
    // Observed: …/EmailProvider.java: Server does not support connections without TLS.
    return { protocol, host, port, security: starttls ? 'starttls' : 'tls', username: usernameOf(best, mailbox) }
  }
  return { incoming: toServer('imap'), outgoing: toServer('smtp'), from: best.from }
}

// Observed: M66B/FairEmail, app/src/main/java/eu/faircode/email/FragmentQuickSetup.java: this is the first of the
// user names that it tries.
function usernameOf({ user: { type, literal } }: Candidate, { address, localPart }: Mailbox): string {
  if (type === 'EMAIL') return address
  if (type === 'LOCAL') return localPart
  return literal.startsWith('*@') ? `${localPart}${literal.slice(1)}` : literal
}

/**
 * Observed: …/EmailProvider.java: fromEmail: without a candidate, it searches at the best exchanger and then at its parents. The
 * exchanger itself is a candidate in any case, if its name resolves. Why up to one label: the program stops at public
 * suffixes, and these are the ones that the model knows.
 */
async function searchExchanger(isFound: boolean, mailbox: Mailbox, tracer: Tracer): Promise<Candidate[]> {
  const [best] = (await tracer.dns.mx(mailbox.domain)).toSorted((a, b) => a.priority - b.priority)
  const host = best?.exchange.replace(/\.$/, '').toLowerCase() ?? ''
  let target = host
  let candidates: Candidate[] = []
  while (!isFound && candidates.length === 0 && target.includes('.')) {
    candidates = await searchDomain(target, mailbox, tracer)
    target = target.slice(target.indexOf('.') + 1)
  }
  return host !== '' && (await tracer.dns.isHost(host)) ? [...candidates, exchangerAsServer(host)] : candidates
}

/** Observed: …/EmailProvider.java: fromEmail: this is mx1; mx2 has port 465 and comes after it with the same score. */
function exchangerAsServer(host: string): Candidate {
  const imap = { host, port: 993, starttls: false }
  return { imap, smtp: { host, port: 587, starttls: true }, user: addressAsUser, score: 0, from: `MX ${host}` }
}

// Observed: …/EmailProvider.java: _fromDomain uses all three, in this order.
async function searchDomain(domain: string, mailbox: Mailbox, tracer: Tracer): Promise<Candidate[]> {
  const candidates = [
    await searchDns(domain, tracer),
    await searchClientConfig(domain, mailbox, tracer),
    await searchAutodiscover(domain, mailbox, tracer)
  ]
  return candidates.filter(candidate => candidate !== undefined)
}

const addressAsUser = { type: 'EMAIL', literal: '' } as const

// Observed: …/EmailProvider.java: fromDNS looks up imap first. Without it, submission is not looked up. Without both,
// it finds nothing.
async function searchDns(domain: string, tracer: Tracer): Promise<Candidate | undefined> {
  const imap = await lookUp('imap', ['imap', 'imaps'], domain, tracer)
  const smtp = imap && (await lookUp('smtp', ['submission', 'submissions'], domain, tracer))
  if (imap === undefined || smtp === undefined || !isValid({ imap, smtp })) return undefined
  return { imap, smtp, user: addressAsUser, score: 100, from: `SRV ${domain}` }
}

/** @param services first the service with STARTTLS, then the one with implicit TLS */
async function lookUp(
  protocol: keyof Servers,
  services: readonly [string, string],
  domain: string,
  { dns }: Tracer
): Promise<Server | undefined> {
  const [explicit, implicit] = services
  const without = (await dns.srv(`_${explicit}._tcp.${domain}`)).map(record => ({ ...record, isImplicit: false }))
  const withTls = (await dns.srv(`_${implicit}._tcp.${domain}`)).map(record => ({ ...record, isImplicit: true }))
  // Observed: …/EmailProvider.java: fromDNS prefers _imaps and _submission among equal records.
  const [best] = inSrvOrder(protocol === 'imap' ? [...withTls, ...without] : [...without, ...withTls])
  if (best === undefined) return undefined
  return {
    host: srvHost(best),
    port: best.port,
    starttls: !best.isImplicit && isStarttlsPort(protocol, best.port)
  }
}

// Observed: M66B/FairEmail e23dd9d, app/src/extra/java/eu/faircode/email/Misc.java: getISPDBUrls does not escape the
// address.
function searchClientConfig(domain: string, { address }: Mailbox, tracer: Tracer): Promise<Candidate | undefined> {
  const path = `/mail/config-v1.1.xml?emailaddress=${address}`
  const urls = [
    `https://autoconfig.${domain}${path}`,
    `https://${domain}/.well-known/autoconfig${path}`,
    `http://autoconfig.${domain}${path}`,
    `http://${domain}/.well-known/autoconfig${path}`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`
  ]
  const requests = urls.map(url => ({ method: 'GET', url, headers }) as const)
  return firstCandidate(requests, body => toCandidate(readClientConfig(body), address), tracer)
}

// Observed: …/Misc.java: getMSUrls.
function searchAutodiscover(domain: string, { address }: Mailbox, tracer: Tracer): Promise<Candidate | undefined> {
  const body = autodiscoverRequest(address)
  const requests = [domain, `autodiscover.${domain}`].map(host => {
    const url = `https://${host}/autodiscover/autodiscover.xml`
    return { method: 'POST', url, headers: formHeaders, body } as const
  })
  const read = (answer: string) => {
    const servers = readAutodiscover(answer)
    return servers && toCandidate({ ...servers, user: addressAsUser }, address)
  }
  return firstCandidate(requests, read, tracer)
}

// Observed: M66B/FairEmail, app/src/main/java/eu/faircode/email/ConnectionHelper.java: setUserAgent uses that of the
// WebView.
const headers = {
  'user-agent': 'Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Mobile Safari/537.36'
}

// Observed: HttpURLConnection sends a body as a form if the program sets no type.
const formHeaders = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }

/** Observed: …/EmailProvider.java: getScore rates a user name that differs from the address higher than SRV records. */
function toCandidate(read: (Servers & { readonly user: User }) | undefined, address: string) {
  if (read === undefined) return undefined
  const isOther = read.user.literal !== '' && read.user.literal.toLowerCase() !== address.toLowerCase()
  return { ...read, score: isOther ? 140 : 40 }
}

async function firstCandidate(
  requests: readonly HttpRequest[],
  read: (body: string) => Omit<Candidate, 'from'> | undefined,
  tracer: Tracer
): Promise<Candidate | undefined> {
  for (const request of requests) {
    const { response, url } = await tracer.follow(request, {
      // Observed: HttpURLConnection follows 20 redirects, but none that change the scheme.
      most: 20,
      postBecomesGet: true,
      mayFollow: ({ from, to }) => from.protocol === to.protocol
    })
    if (response?.status !== 200) continue
    const candidate = read(response.body)
    tracer.note(candidate === undefined ? 'refused: not both servers' : `a candidate, score ${candidate.score}`)
    if (candidate !== undefined) return { ...candidate, from: url }
  }
  return undefined
}
