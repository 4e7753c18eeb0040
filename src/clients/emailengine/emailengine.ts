/**
 * EmailEngine. Five lookups race, and the first that finds a host wins. Why this order: it is the order in which they
 * start, and the DNS answers fastest. The model omits its table of large providers' mail exchangers.
 */
import { escapeXml } from '../../formats/xml.ts'
import { readLenientTree } from '../../formats/xml-tree.ts'
import { srvHost } from '../dns/srv.ts'
import { type Client, type FoundAccount, type FoundServer, type Mailbox, orRefusal, Refusal } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import type { HttpRequest, SrvRecord } from '../model/world.ts'
import { type Named, readAutodiscover, readClientConfig } from './documents.ts'

export const emailengine: Client = {
  name: 'emailengine',
  title: 'EmailEngine',
  release: 'source of 2026-10, after 2.80.0',
  // Observed: postalsys/emailengine after 271d85c (2026-10), lib/autodetect-imap-settings.js and lib/egress-fetch.js.
  source: 'postalsys/emailengine after 271d85c (2026-10); its CHANGELOG.md has 271d85c in 2.80.0',
  takes: 'the first imap and the first smtp server of whichever lookup answers first',
  changes: ['After 2.80.0 (2026-09-09): at most five redirects, only to http and https.'],
  discover: createDiscover(search)
}

/** What one lookup found. A side without a server is undefined. */
interface Result {
  readonly imap: Named | undefined
  readonly smtp: Named | undefined
  readonly from: string
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain } = mailbox
  const document = (url: string) =>
    fetchAndRead({ method: 'GET', url, headers: {} }, tracer, body => readClientConfig(readLenientTree(body), mailbox))
  // Observed: …/autodetect-imap-settings.js: resolver. The well-known URL is requested over http only.
  const lookUps = [
    () => searchDns(mailbox, tracer),
    () => document(`http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
    () =>
      document(`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(mailbox.address)}`),
    () => document(`https://autoconfig.thunderbird.net/v1.1/${domain}`),
    () => searchAutodiscover(mailbox, tracer)
  ]
  for (const lookUp of lookUps) {
    const result = await lookUp()
    // Observed: …/autodetect-imap-settings.js: hasResolvedHost requires only one of the two sides.
    if (result?.imap?.host || result?.smtp?.host) return toAccount(result)
  }
  return 'nothing found'
}

function toAccount({ imap, smtp, from }: Result): FoundAccount | string {
  if (imap === undefined || imap.host === '') return `${from} names no imap server`
  if (Number.isNaN(imap.port) || Number.isNaN(smtp?.port)) return `${from} names no port`
  return { incoming: toServer(imap, 'imap'), outgoing: smtp && toServer(smtp, 'smtp'), from }
}

// Observed: ImapFlow and nodemailer make the connections. Without `secure`, they use STARTTLS if the server supports
// it.
function toServer({ host, port, secure, user }: Named, protocol: 'imap' | 'smtp'): FoundServer {
  return { protocol, host, port, security: secure ? 'tls' : 'starttls', username: user }
}

// Observed: …/autodetect-imap-settings.js: resolveUsingSRV.
async function searchDns({ domain }: Mailbox, { dns }: Tracer): Promise<Result | undefined> {
  const best = async (service: string) => lowest(await dns.srv(`_${service}._tcp.${domain}`))
  const imaps = await best('imaps')
  const imap = imaps ?? (await best('imap'))
  const submissions = await best('submissions')
  const submission = submissions ?? (await best('submission'))
  // Observed: the lookup of _submission is outside any `try`: without such a record, the imap server is lost too.
  if (submission === undefined) return undefined
  return {
    imap: imap && toNamed(imap, imap === imaps),
    // Observed: `secure: record.port === 465`.
    smtp: toNamed(submission, submission === submissions || submission.port === 465),
    from: `SRV ${domain}`
  }
}

function lowest(records: readonly SrvRecord[]): SrvRecord | undefined {
  return records.toSorted((a, b) => a.priority - b.priority)[0]
}

/**
 * Observed: Node's resolveSrv returns the target "." as an empty name, which counts as found, so no other service is
 * looked up.
 */
function toNamed(record: SrvRecord, secure: boolean): Named {
  return { host: srvHost(record), port: record.port, secure, user: undefined }
}

// Observed: …/autodetect-imap-settings.js: resolveUsingAutodiscovery, buildAutodiscoverRequest: it sends no password.
async function searchAutodiscover({ address, domain }: Mailbox, tracer: Tracer): Promise<Result | undefined> {
  const record = lowest(await tracer.dns.srv(`_autodiscover._tcp.${domain}`))
  const named = record && `${srvHost(record)}${record.port === 443 ? '' : `:${record.port}`}`
  const url = `https://${named ?? `autodiscover.${domain}`}/autodiscover/autodiscover.xml`
  if (!URL.canParse(url)) return undefined
  const body = `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>${escapeXml(address)}</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>`
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  return fetchAndRead({ method: 'POST', url, headers, body }, tracer, text => readAutodiscover(readLenientTree(text)))
}

const userAgent = { 'user-agent': 'emailengine-app (+https://emailengine.app/)' }

async function fetchAndRead(
  request: HttpRequest,
  tracer: Tracer,
  read: (body: string) => Omit<Result, 'from'>
): Promise<Result | undefined> {
  const { response, url } = await tracer.follow(
    { ...request, headers: { ...userAgent, ...request.headers } },
    // Observed: …/egress-fetch.js: fetchWithVettedRedirects.
    { most: 5, postBecomesGet: true, mayFollow: ({ to }) => ['http:', 'https:'].includes(to.protocol) }
  )
  if (response === undefined || response.status < 200 || response.status > 299) return undefined
  const result = orRefusal(() => read(response.body))
  if (result instanceof Refusal) {
    tracer.note(`refused: ${result.message}`)
    return undefined
  }
  tracer.note((result.imap ?? result.smtp) ? 'used' : 'refused: no server')
  return { ...result, from: url }
}
