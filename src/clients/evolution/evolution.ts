/**
 * Evolution: autoconfig for the domain and, where the ISPDB does not know it, for its mail exchanger; then, for each kind
 * of server by itself, SRV records. Its extension for Exchange is left out.
 */
import { createHash } from 'node:crypto'
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import { emptyPlaces, type Place, type Places, readMarkup } from './markup.ts'

export const evolution: Client = {
  name: 'evolution',
  title: 'Evolution',
  source: 'Evolution 3.46.4 (Debian 12) for the URLs, GNOME/evolution 6901b22 and 0d5a7a9 for the rest',
  discover: createDiscover(search)
}

interface Option {
  readonly server: FoundServer
  readonly from: string
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const published = await searchDocuments(mailbox, tracer)
  const named = await searchDns(mailbox, tracer)
  // Observed: GNOME/evolution 0d5a7a9, src/modules/config-lookup/e-srv-config-lookup.c: an SRV record comes 100 or 150 after
  // the document's server of its protocol, and POP3 1000 after IMAP; the receiving and the sending side apart.
  const incoming = [published.imap, named.imaps, named.imap, published.pop3, named.pop3s, named.pop3]
  const outgoing = [published.smtp, named.submissions, named.submission]
  const receiving = incoming.find(option => option !== undefined)
  const sending = outgoing.find(option => option !== undefined)
  if (receiving === undefined || sending === undefined) return 'asks for the server'
  return { incoming: receiving.server, outgoing: sending.server, from: receiving.from }
}

type Published = Partial<Record<keyof Places, Option | undefined>>

async function searchDocuments(mailbox: Mailbox, tracer: Tracer): Promise<Published> {
  const places = emptyPlaces()
  let asked = mailbox.domain
  let outcome = await lookUp(asked, places, mailbox, tracer)
  if (outcome === 'not found') {
    // Observed: GNOME/evolution 6901b22, src/mail/e-mail-autoconfig.c: mail_autoconfig_resolve_name_server: the first of the
    // lowest preference. 3.46.4 still asks for NS records here.
    const exchangers = (await tracer.dns.mx(mailbox.domain)).toSorted((a, b) => a.priority - b.priority)
    asked = exchangers[0]?.exchange.replace(/\.$/, '') ?? ''
  }
  // Observed: …/e-mail-autoconfig.c: mail_autoconfig_initable_init: one label after the other is taken off.
  while (outcome === 'not found' && asked.includes('.')) {
    outcome = await lookUp(asked, places, mailbox, tracer)
    asked = asked.slice(asked.indexOf('.') + 1)
  }
  if (typeof outcome === 'string') return {}
  const from = outcome.url
  const option = (protocol: keyof Places) => toOption(protocol, places[protocol], from)
  return { imap: option('imap'), pop3: option('pop3'), smtp: option('smtp') }
}

function toOption(protocol: keyof Places, { host, port, username, security }: Place, from: string): Option | undefined {
  if (host === undefined || port === undefined) return undefined
  return { server: { protocol, host, port, security, username }, from }
}

type Outcome = { readonly url: string } | 'not found' | 'failed'

/** Observed: …/e-mail-autoconfig.c: mail_autoconfig_lookup: the first that parses wins, whatever it says. */
async function lookUp(domain: string, places: Places, mailbox: Mailbox, tracer: Tracer): Promise<Outcome> {
  let status: number | undefined
  for (const asked of urlsOf(domain, mailbox)) {
    const headers = { 'user-agent': 'Evolution/3.46.4' }
    // Observed: libsoup 3: 20 redirects, to either scheme.
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers }, { most: 20 })
    status = response?.status
    if (response === undefined || response.status < 200 || response.status > 299) continue
    const isMarkup = readMarkup(response.body, places, mailbox)
    tracer.note(isMarkup ? 'used' : 'refused: a syntax error')
    if (isMarkup) return { url }
  }
  // Observed: …/e-mail-autoconfig.c: ERROR_IS_NOT_FOUND: only a 404 of the ISPDB, which is asked last, leads further.
  return status === 404 ? 'not found' : 'failed'
}

// Observed: Evolution 3.46.4, libevolution-mail.so: an invented local part, the domain that is looked up (be it an exchanger),
// and the MD5 of the address in small letters on all four. 6901b22 sends the address itself.
function urlsOf(domain: string, { address }: Mailbox): string[] {
  const digest = createHash('md5')
    .update(address.replace(/[A-Z]/g, letter => letter.toLowerCase()))
    .digest('hex')
  const path = `/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER%40${domain}&emailmd5=${digest}`
  return [
    `https://autoconfig.${domain}${path}`,
    `http://autoconfig.${domain}${path}`,
    `https://${domain}/.well-known/autoconfig${path}`,
    `http://${domain}/.well-known/autoconfig${path}`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`
  ]
}

type Service = 'imaps' | 'imap' | 'pop3s' | 'pop3' | 'submissions' | 'submission'

// Observed: GNOME/evolution 0d5a7a9, …/e-srv-config-lookup.c: known_services: a name that ends in s means implicit TLS, any
// other STARTTLS; the address is the user name.
async function searchDns(mailbox: Mailbox, { dns }: Tracer): Promise<Partial<Record<Service, Option>>> {
  const named: Partial<Record<Service, Option>> = {}
  for (const [service, protocol] of services) {
    const name = `_${service}._tcp.${mailbox.domain}`
    const [best] = inSrvOrder(await dns.srv(name))
    if (best === undefined) continue
    const security = service.endsWith('s') ? 'tls' : 'starttls'
    const server = { protocol, host: srvHost(best), port: best.port, security, username: mailbox.address } as const
    named[service] = { server, from: `SRV ${name}` }
  }
  return named
}

const services: readonly (readonly [Service, keyof Places])[] = [
  ['imaps', 'imap'],
  ['imap', 'imap'],
  ['pop3s', 'pop3'],
  ['pop3', 'pop3'],
  ['submissions', 'smtp'],
  ['submission', 'smtp']
]
