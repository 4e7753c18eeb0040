// Domains that Thunderbird can find only by Autodiscover, or only by SRV records: the model compared with the real program.

import t from 'tap'
import { createNetworkWorld } from './network-world.ts'
import { compareDiscovery } from './thunderbird-comparison.ts'
import { startWorld } from './world.ts'

const settings = 'test/real/settings/thunderbird-autodiscover.yaml'

/** Domains without the name of the way, and the incoming servers that Thunderbird finds for them. */
const tables = [
  { name: 'address', finds: 'imap.example.test:993' },
  { name: 'local', finds: 'imap.example.test:993' },
  { name: 'composed', finds: 'imap.example.test:993' },
  { name: 'lower', user: 'Jane.DOE', finds: 'imap.example.test:993' },
  { name: 'two-names', finds: 'imap.example.test:993' },
  { name: 'starttls', finds: 'imap.example.test:143' },
  { name: 'pop3', finds: 'pop3.example.test:995' },
  { name: 'pop3-first', finds: 'imap.example.test:993' },
  { name: 'two-smtp', finds: 'imap.example.test:993' },
  { name: 'ports', finds: 'imap.example.test:1993' },
  { name: 'starttls-ports', finds: 'imap.example.test:1143' },
  { name: 'plaintext', finds: 'imap.example.test:143' },
  { name: 'ntlm', finds: 'imap.example.test:993' },
  { name: 'open-smtp', finds: 'imap.example.test:993' },
  { name: 'oauth2', finds: undefined },
  { name: 'host-per-domain', user: 'jane+tag', finds: 'imap.%DOMAIN%:993' },
  { name: 'dav', finds: 'imap.example.test:993' },
  { name: 'exchange', finds: undefined },
  { name: 'no-outlook', finds: undefined },
  { name: 'xn--bcher-kva', finds: 'imap.%DOMAIN%:993' },
  { name: 'any.wildcard', finds: 'imap.%DOMAIN%:993' }
]

/** The host of `http.publicUrl`, to which requests over http are redirected. */
const redirectTarget = 'signpost.http.test'

/** The only names of a domain that exist. */
const ways = [
  { way: 'host', title: 'the host autodiscover.' },
  { way: 'domain', title: 'the domain itself' },
  { way: 'srv', title: 'an SRV record of Autodiscover' },
  { way: 'http', title: 'the host autodiscover. over http, which redirects to another host' }
]

const domainsOf = (way: string) => tables.map(({ name }) => `${name}.${way}.test`)

// Spec: RFC 6186, RFC 8314: SRV records of the mail servers themselves.
const mailRecords = ['tls', 'starttls'].map(security => `${security}.mail-srv.test`)

const world = await startWorld({
  settings,
  webHosts: [
    ...domainsOf('host').map(domain => `autodiscover.${domain}`),
    ...domainsOf('domain'),
    ...domainsOf('srv').map(domain => `signpost.${domain}`),
    redirectTarget
  ],
  hostsWithoutCertificate: domainsOf('http').map(domain => `autodiscover.${domain}`),
  srv: Object.fromEntries([
    ...domainsOf('srv').map(domain => [`_autodiscover._tcp.${domain}`, { host: `signpost.${domain}`, port: 443 }]),
    ...mailRecords.flatMap(domain => [
      [`_imaps._tcp.${domain}`, { host: `imap.${domain}`, port: 993 }],
      [`_imap._tcp.${domain}`, { host: `imap.${domain}`, port: 143 }],
      [`_submission._tcp.${domain}`, { host: `smtp.${domain}`, port: 587 }]
    ])
  ])
})
t.teardown(world.stop)
const compared = { ...world, network: await createNetworkWorld(world.trustedRoot) }

for (const { way, title } of ways) {
  for (const { name, user = 'jane', finds } of tables) {
    const domain = `${name}.${way}.test`
    t.test(`thunderbird: the real program and the model agree by ${title}: ${name}`, t =>
      compareDiscovery(t, compared, { address: `${user}@${domain}`, finds: finds?.replace('%DOMAIN%', domain) })
    )
  }
}

for (const domain of mailRecords) {
  t.test(`thunderbird: the real program and the model find nothing by SRV records of mail servers: ${domain}`, t =>
    compareDiscovery(t, compared, { address: `jane@${domain}`, finds: undefined })
  )
}
