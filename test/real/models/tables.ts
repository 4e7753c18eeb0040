// Settings tables that mail programs could read differently from their models. Each has its own domain and host names, so that
// one Signpost serves all of them at the same time.

import { domainToASCII } from 'node:url'
import type { Zone } from '../dns-stub.ts'

export interface ModelTable {
  /** Completes "the program and its model find the same: …". */
  readonly title: string
  /** The address that a person types. */
  readonly address: string
  /** The provider as in a settings file. Undefined: no provider has the domain. */
  readonly provider?: Provider
  /** Host names that lead to Signpost over http and https. */
  readonly webHosts: readonly string[]
  /** Host names that lead to Signpost, but have no certificate: https fails. */
  readonly hostsWithoutCertificate?: readonly string[]
  /** Names of DNS records that belong to the table. */
  readonly records?: Omit<Zone, 'hosts'>
}

interface Provider {
  readonly id: string
  readonly name: string
  readonly domains: readonly string[]
  readonly servers: readonly Server[]
  readonly [field: string]: unknown
}

type Server = Readonly<Record<string, unknown>> & { readonly protocol: string }

/** The prefixes of all host names that the DNS guide recommends. */
const allNames = ['', 'autoconfig.', 'autodiscover.', 'ua-auto-config.']

interface Variation extends Partial<Omit<ModelTable, 'title' | 'provider' | 'webHosts'>> {
  readonly servers?: readonly Server[]
  /** Further fields of the provider. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** Prefixes of the domain's host names that lead to Signpost. Default: all. */
  readonly names?: readonly string[]
  readonly webHosts?: readonly string[]
}

/** @param domain also the source of the id; it has an address `jane.doe@` unless the variation names another */
function table(title: string, domain: string, variation: Variation = {}): ModelTable {
  const { servers = usualServers(domain), fields = {}, names = allNames, webHosts = [], ...rest } = variation
  const ascii = domainToASCII(domain)
  const { records, hostsWithoutCertificate } = rest
  return {
    title,
    address: rest.address ?? `jane.doe@${domain}`,
    provider: { id: ascii, name: `Mail of ${domain}`.slice(0, 60), domains: [domain], servers, ...fields },
    webHosts: [...names.map(name => `${name}${ascii}`), ...webHosts],
    ...(hostsWithoutCertificate !== undefined && { hostsWithoutCertificate }),
    ...(records !== undefined && { records })
  }
}

function usualServers(domain: string, change: Readonly<Record<string, unknown>> = {}): Server[] {
  return ['imap', 'smtp'].map(protocol => ({ protocol, host: `${protocol}.${domain}`, ...change }))
}

function srv(name: string, host: string, port: number): Omit<Zone, 'hosts'> {
  return { srv: { [name]: { host, port } } }
}

const mailRecords = (domain: string) => ({
  srv: {
    [`_imaps._tcp.${domain}`]: { host: `srv-imap.${domain}`, port: 993 },
    [`_submissions._tcp.${domain}`]: { host: `srv-smtp.${domain}`, port: 465 }
  }
})

const noDialects = { thunderbird: false, outlook: false, 'outlook-json': false, apple: false, pacc: false }

export const modelTables: readonly ModelTable[] = [
  // Servers
  table('TLS from the first byte', 'tls.test'),
  table('STARTTLS only', 'starttls.test', { servers: usualServers('starttls.test', { security: 'starttls' }) }),
  table('no TLS', 'plaintext.test', {
    servers: usualServers('plaintext.test', { security: 'none', allowPlaintext: true })
  }),
  table('POP3 only', 'pop3.test', {
    servers: [
      { protocol: 'pop3', host: 'pop3.pop3.test' },
      { protocol: 'smtp', host: 'smtp.pop3.test' }
    ]
  }),
  table('POP3 with STARTTLS', 'pop3-starttls.test', {
    servers: [
      { protocol: 'pop3', host: 'pop3.pop3-starttls.test', security: 'starttls' },
      { protocol: 'smtp', host: 'smtp.pop3-starttls.test', security: 'starttls' }
    ]
  }),
  table('several servers of each protocol', 'several.test', {
    servers: [
      { protocol: 'pop3', host: 'pop3.several.test' },
      { protocol: 'imap', host: 'first-imap.several.test' },
      { protocol: 'imap', host: 'second-imap.several.test', security: 'starttls' },
      { protocol: 'smtp', host: 'first-smtp.several.test', security: 'starttls' },
      { protocol: 'smtp', host: 'second-smtp.several.test' }
    ]
  }),
  table('other ports than usual', 'ports.test', {
    servers: [
      { protocol: 'imap', host: 'imap.ports.test', port: 1993 },
      { protocol: 'smtp', host: 'smtp.ports.test', port: 1465 }
    ]
  }),
  table('STARTTLS for SMTP alone', 'mixed.test', {
    servers: [
      { protocol: 'imap', host: 'imap.mixed.test' },
      { protocol: 'smtp', host: 'smtp.mixed.test', security: 'starttls' }
    ]
  }),
  table('a host for each domain', 'host-per-domain.test', {
    servers: usualServers('').map(server => ({ ...server, host: 'mail.%EMAILDOMAIN%' }))
  }),
  // Authentication
  table('OAuth2 beside a password', 'oauth2.test', {
    servers: usualServers('oauth2.test', { authentication: ['oauth2', 'password'] }),
    fields: {
      oauth: {
        issuer: 'https://auth.oauth2.test/',
        scope: 'mail',
        authorizationUrl: 'https://auth.oauth2.test/authorize',
        tokenUrl: 'https://auth.oauth2.test/token'
      },
      autoconfig: { include: ['oauth2'] }
    }
  }),
  table('passwords that are not sent in clear text', 'encrypted.test', {
    servers: usualServers('encrypted.test', { authentication: ['encrypted-password'] })
  }),
  table('SMTP without a login', 'open-smtp.test', {
    servers: [
      { protocol: 'imap', host: 'imap.open-smtp.test' },
      { protocol: 'smtp', host: 'smtp.open-smtp.test', authentication: ['none'] }
    ]
  }),
  // Login names
  table('the local part is the login name', 'local-part.test', { fields: { username: '%EMAILLOCALPART%' } }),
  table('a login name of digits', 'digits.test', {
    address: '00123@digits.test',
    fields: { username: '%EMAILLOCALPART%' }
  }),
  table('a login name with more than the address', 'prefixed.test', {
    fields: { username: 'mail-%EMAILLOCALPART%' }
  }),
  table('a login name that begins with the domain', 'domain-first.test', {
    fields: { username: '%EMAILDOMAIN%/%EMAILLOCALPART%' }
  }),
  table('the domain is the login name', 'domain-login.test', { fields: { username: '%EMAILDOMAIN%' } }),
  table('a login name with a percent sign', 'percent.test', { fields: { username: '%EMAILLOCALPART%%%mail' } }),
  table('a login name for each server', 'per-server.test', {
    servers: [
      { protocol: 'imap', host: 'imap.per-server.test', username: '%EMAILLOCALPART%' },
      { protocol: 'smtp', host: 'smtp.per-server.test' }
    ]
  }),
  table('login names in lower case', 'lower-case.test', {
    address: 'Jane.DOE@lower-case.test',
    fields: { usernameCase: 'lower' }
  }),
  table('characters that XML escapes', 'escaped.test', {
    fields: { name: 'Müller & Söhne <"Post">', username: '<%EMAILLOCALPART%&"\'>' }
  }),
  // Addresses
  table('an internationalised domain in A-labels', 'bücher.test', {
    address: 'jane@xn--bcher-kva.test',
    servers: [
      { protocol: 'imap', host: 'imap.%EMAILDOMAIN%' },
      { protocol: 'smtp', host: 'smtp.bücher.test' }
    ]
  }),
  table('an internationalised domain in U-labels', 'grün.test', { address: 'jane@grün.test' }),
  table('capital letters', 'capitals.test', { address: 'Jane@Capitals.TEST' }),
  table('U-labels without any name', 'größe.test', { address: 'jane@größe.test', names: [] }),
  table('capital letters without any name', 'no-capitals.test', { address: 'Jane@No-Capitals.TEST', names: [] }),
  table('a tag', 'tagged.test', { address: 'jane+a&b@tagged.test' }),
  table('rare characters', 'rare.test', { address: "o'neil!#$%*=?^{|}~@rare.test" }),
  table('a wildcard domain', '*.wildcard.test', {
    address: 'jane@branch.wildcard.test',
    servers: usualServers('').map(server => ({ ...server, host: 'mail.wildcard.test' })),
    names: [],
    webHosts: allNames.map(name => `${name}branch.wildcard.test`),
    fields: { id: 'wildcard.test' }
  }),
  // Ways to the settings
  table('.well-known only', 'well-known.test', { names: [''] }),
  table('http only', 'http-only.test', { names: [], hostsWithoutCertificate: ['autoconfig.http-only.test'] }),
  table('.well-known over http only', 'well-known-http.test', {
    names: [],
    hostsWithoutCertificate: ['well-known-http.test']
  }),
  table('Autodiscover only', 'autodiscover-only.test', { names: ['autodiscover.'] }),
  table('Autodiscover only, with STARTTLS', 'autodiscover-starttls.test', {
    names: ['autodiscover.'],
    servers: usualServers('autodiscover-starttls.test', { security: 'starttls' })
  }),
  table('Autodiscover by SRV only', 'autodiscover-srv.test', {
    names: [],
    webHosts: ['elsewhere.autodiscover-srv.test'],
    records: srv('_autodiscover._tcp.autodiscover-srv.test', 'elsewhere.autodiscover-srv.test', 443)
  }),
  table('no name of the domain', 'no-names.test', { names: [] }),
  table('no dialect', 'no-dialect.test', { fields: { dialects: noDialects } }),
  table('SRV records only', 'srv-only.test', {
    fields: { dialects: noDialects },
    records: mailRecords('srv-only.test')
  }),
  table('SRV records without any name', 'srv-no-names.test', { names: [], records: mailRecords('srv-no-names.test') }),
  table('SRV records with STARTTLS', 'srv-starttls.test', {
    fields: { dialects: noDialects },
    records: {
      srv: {
        '_imap._tcp.srv-starttls.test': { host: 'imap.srv-starttls.test', port: 143 },
        '_submission._tcp.srv-starttls.test': { host: 'smtp.srv-starttls.test', port: 587 }
      }
    }
  }),
  table('SRV records for POP3', 'srv-pop3.test', {
    fields: { dialects: noDialects },
    records: {
      srv: {
        '_pop3s._tcp.srv-pop3.test': { host: 'pop3.srv-pop3.test', port: 995 },
        '_submissions._tcp.srv-pop3.test': { host: 'smtp.srv-pop3.test', port: 465 }
      }
    }
  }),
  table('SRV records beside a document', 'srv-beside.test', { records: mailRecords('srv-beside.test') }),
  table('SRV records for IMAP beside a document with POP3', 'srv-imap-beside-pop3.test', {
    servers: [
      { protocol: 'pop3', host: 'pop3.srv-imap-beside-pop3.test' },
      { protocol: 'smtp', host: 'smtp.srv-imap-beside-pop3.test' }
    ],
    records: srv('_imaps._tcp.srv-imap-beside-pop3.test', 'imap.srv-imap-beside-pop3.test', 993)
  }),
  table('a customer’s domain with the mail exchanger of a hoster', 'hoster.test', {
    address: 'jane@customer.test',
    fields: { mx: ['*.mail.hoster.test'] },
    webHosts: [
      ...['autoconfig.mail.hoster.test', 'mail.hoster.test', 'autoconfig.mx1.mail.hoster.test'],
      ...['autodiscover.mail.hoster.test', 'mx1.mail.hoster.test']
    ],
    records: { mx: { 'customer.test': 'mx1.mail.hoster.test' } }
  }),
  table('a customer’s domain with the name server of a hoster', 'ns-hoster.test', {
    address: 'jane@ns-customer.test',
    fields: { mx: ['ns1.ns-hoster.test'] },
    webHosts: ['autoconfig.ns1.ns-hoster.test'],
    records: { ns: { 'ns-customer.test': 'ns1.ns-hoster.test' } }
  }),
  // Other services
  table('calendars and address books', 'dav.test', {
    servers: [
      ...usualServers('dav.test'),
      { protocol: 'caldav', url: 'https://dav.dav.test/calendars/' },
      { protocol: 'carddav', url: 'https://dav.dav.test/contacts/' }
    ],
    fields: { autoconfig: { include: ['dav', 'webmail', 'documentation'] }, webmail: 'https://webmail.dav.test/' }
  }),
  table('ActiveSync and JMAP beside IMAP', 'services.test', {
    servers: [
      ...usualServers('services.test'),
      { protocol: 'activesync', url: 'https://activesync.services.test/Microsoft-Server-ActiveSync' },
      { protocol: 'jmap', url: 'https://jmap.services.test/session' },
      { protocol: 'managesieve', host: 'sieve.services.test' }
    ]
  }),
  {
    title: 'a domain that is not served',
    address: 'jane@unserved.test',
    webHosts: allNames.map(name => `${name}unserved.test`)
  }
]

/** Tables of a world with `loginNames`. */
export const lookedUpTables: readonly ModelTable[] = [
  table('a login name that is looked up', 'looked-up.test'),
  { title: 'an address that is not known', address: 'nobody@looked-up.test', webHosts: [] }
]

export const loginNames = { 'jane.doe@looked-up.test': 'jd-0815' }
