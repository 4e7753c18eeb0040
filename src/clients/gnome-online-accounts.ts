/**
 * GNOME Online Accounts, the email account of GNOME Settings. It ignores ports and always uses the standard ones.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { exchangerDomains } from './dns/exchanger-domains.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import type { MxRecord } from './model/world.ts'

export const gnomeOnlineAccounts: Client = {
  name: 'gnome-online-accounts',
  title: 'GNOME Online Accounts',
  release: 'source of 2026',
  source: 'GNOME/gnome-online-accounts 0a85e7c',
  takes: 'the first imap and the first smtp server, without their ports; no TLS becomes implicit TLS',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { address, domain } = mailbox
  // Observed: GNOME/gnome-online-accounts 0a85e7c, src/goabackend/goamailclient.c: goa_mail_client_discover does not
  // escape the address.
  const own = [
    `https://autoconfig.${domain}/.well-known/mail-v1.xml?emailaddress=${address}`,
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${address}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    databaseUrl(domain)
  ]
  const found = await searchUrls(own, mailbox, tracer)
  if (found !== undefined) return found
  // Observed: …/goamailclient.c: goa_mail_client_mx_domain_cb tries the full name of the best exchanger, then its
  // base domain.
  const hosts = exchangerHosts(await tracer.dns.mx(domain))
  const urls = [
    ...hosts.map(host => `https://autoconfig.${host}/.well-known/mail-v1.xml?emailaddress=${address}`),
    ...hosts.map(databaseUrl)
  ]
  return (await searchUrls(urls, mailbox, tracer)) ?? 'asks for the servers'
}

function databaseUrl(domain: string): string {
  return `https://v1.ispdb.net/${domain}`
}

function exchangerHosts(records: readonly MxRecord[]): string[] {
  const [best] = records.toSorted((a, b) => a.priority - b.priority)
  const host = best?.exchange.replace(/\.$/, '').toLowerCase() ?? ''
  return [...new Set([host, ...exchangerDomains(records, '').slice(-1)])].filter(each => each !== '')
}

async function searchUrls(
  urls: readonly string[],
  mailbox: Mailbox,
  tracer: Tracer
): Promise<FoundAccount | string | undefined> {
  for (const asked of urls) {
    // Observed: libsoup 3 follows 20 redirects, to both schemes. goa_mail_client_autoconfig_cb accepts only
    // SOUP_STATUS_OK.
    const { response, url } = await tracer.follow(
      { method: 'GET', url: asked, headers: { 'user-agent': 'gnome-online-accounts' } },
      { most: 20 }
    )
    if (response?.status !== 200) continue
    const root = readXmlTree(withoutDoctype(response.body))
    if (root?.name !== 'clientConfig') {
      tracer.note('refused: no clientConfig')
      continue
    }
    tracer.note('used')
    return readConfig(root, mailbox, url)
  }
  return undefined
}

/**
 * Observed: …/goamailclient.c: mail_client_parse_autoconfig_xml: a clientConfig ends the search, even without
 * servers.
 */
function readConfig(root: XmlTree, mailbox: Mailbox, from: string): FoundAccount | string {
  const [provider] = elements(root, 'emailProvider')
  // Observed: src/goabackend/goaimapsmtpprovider.c: find_preferred_config compares types in any letter case. Incoming
  // servers come first.
  const servers = provider ? [...elements(provider, 'incomingServer'), ...elements(provider, 'outgoingServer')] : []
  const first = (protocol: 'imap' | 'smtp') => {
    const element = servers.find(({ attributes }) => attributes.type?.toLowerCase() === protocol)
    return element && toServer(element, protocol, mailbox)
  }
  const incoming = first('imap')
  if (incoming === undefined) return 'asks for the servers, because the document has no imap server'
  return { incoming, outgoing: first('smtp'), from }
}

function toServer(element: XmlTree, protocol: 'imap' | 'smtp', { address, localPart, domain }: Mailbox): FoundServer {
  const textOf = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('')
  // Observed: goaimapsmtpprovider.c: update_account_details_ui replaces GOA_TLS_TYPE_NONE with GOA_TLS_TYPE_SSL, and
  // has no field for the port.
  const security = textOf('socketType').toLowerCase() === 'starttls' ? 'starttls' : 'tls'
  const names = new Map([
    ['%emailaddress%', address],
    ['%emaillocalpart%', localPart],
    ['%emaildomain%', domain]
  ])
  return {
    protocol,
    host: textOf('hostname'),
    port: usualPorts[protocol][security],
    security,
    // Observed: goamailclient.c: goa_mail_config_new_from_autoconfig_xml replaces only whole values. Other names are
    // ignored.
    username: names.get(textOf('username').toLowerCase())
  }
}

// Observed: goaimapsmtpprovider.c: goa_mail_client_check.
const usualPorts = { imap: { tls: 993, starttls: 143 }, smtp: { tls: 465, starttls: 587 } }
