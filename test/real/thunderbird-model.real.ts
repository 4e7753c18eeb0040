// The model of Thunderbird in src/clients, compared with the real program: the same server, the same network, the same addresses.

import t from 'tap'
import { createNetworkWorld } from './network-world.ts'
import { compareDiscovery } from './thunderbird-comparison.ts'
import { startWorld } from './world.ts'

const world = await startWorld({
  settings: 'test/real/settings/thunderbird-model.yaml',
  webHosts: [
    ...['starttls', 'pop3', 'two-smtp', 'oauth2', 'digits', 'xn--bcher-kva', 'xn--grn-ioa'].flatMap(allHosts),
    ...['host-per-domain', 'upper-case', 'tagged', 'hoster', 'mail.hoster', 'unserved'].flatMap(allHosts),
    'well-known.test',
    ...['autodiscover.pox-only.test', 'autodiscover.digits-by-pox.test', 'elsewhere.pox-by-srv.test'],
    'live.thunderbird.net'
  ],
  hostsWithoutCertificate: ['autoconfig.http-only.test', 'autodiscover.pox-over-http.test'],
  mx: { 'starttls.test': 'mx1.starttls.test', 'customer.test': 'mx1.mail.hoster.test' },
  srv: { '_autodiscover._tcp.pox-by-srv.test': { host: 'elsewhere.pox-by-srv.test', port: 443 } },
  // Why: this is Thunderbird's default, and the model requests the same URL. It leads to Signpost, which serves no domain there.
  ispdb: 'https://live.thunderbird.net/autoconfig/v1.1/'
})
t.teardown(world.stop)
const network = await createNetworkWorld(world.trustedRoot)

for (const { title, address, finds, domains = [] } of [
  { title: 'STARTTLS only', address: 'john.doe@starttls.test', finds: 'imap.starttls.test:143' },
  { title: 'POP3 only', address: 'john.doe@pop3.test', finds: 'pop3.pop3.test:995' },
  { title: 'two outgoing servers', address: 'john.doe@two-smtp.test', finds: 'imap.two-smtp.test:993' },
  { title: 'OAuth2 beside a password', address: 'john.doe@oauth2.test', finds: 'imap.oauth2.test:993' },
  { title: 'a user name of digits', address: '00123@digits.test', finds: 'imap.digits.test:993' },
  { title: 'the same by Autodiscover', address: '00123@digits-by-pox.test', finds: 'imap.digits.test:993' },
  { title: 'a domain with A-labels', address: 'jane@xn--bcher-kva.test', finds: 'imap.xn--bcher-kva.test:993' },
  { title: 'a domain with U-labels', address: 'jane@grün.test', finds: undefined },
  { title: 'a host for each domain', address: 'jane@host-per-domain.test', finds: 'mail.host-per-domain.test:993' },
  { title: 'capital letters', address: 'Jane@Upper-Case.TEST', finds: 'mail.upper-case.test:993' },
  { title: 'a tag', address: 'jane+a&b@tagged.test', finds: 'mail.tagged.test:993' },
  {
    title: 'a mail exchanger elsewhere',
    address: 'jane@customer.test',
    finds: 'imap.hoster.test:993',
    domains: ['hoster.test']
  },
  { title: '.well-known only', address: 'jane@well-known.test', finds: 'imap.few-ways.test:143' },
  { title: 'http only', address: 'jane@http-only.test', finds: 'imap.few-ways.test:143' },
  { title: 'Autodiscover only', address: 'jane@pox-only.test', finds: 'imap.few-ways.test:143' },
  { title: 'Autodiscover over http only', address: 'jane@pox-over-http.test', finds: undefined },
  { title: 'Autodiscover by SRV only', address: 'jane@pox-by-srv.test', finds: 'imap.few-ways.test:143' },
  { title: 'an unserved domain', address: 'jane@unserved.test', finds: undefined }
]) {
  t.test(
    `thunderbird: the real program and the model send the same requests and find the same settings: ${title}`,
    async t => {
      await compareDiscovery(t, { ...world, network }, { address, finds, domains })
    }
  )
}

function allHosts(name: string): string[] {
  return ['', 'autoconfig.', 'autodiscover.'].map(prefix => `${prefix}${name}.test`)
}
