// The model of Thunderbird in src/clients, held against the real one: the same server, the same network, the same addresses.

import { domainToASCII } from 'node:url'
import t from 'tap'
import type { FoundServer, FoundAccount as ModelAccount, Step } from '../../src/clients/model/client.ts'
import { thunderbird as model } from '../../src/clients/thunderbird/thunderbird.ts'
import { createNetworkWorld } from './network-world.ts'
import type { ProxiedRequest } from './nginx.ts'
import type { FoundAccount, MailServer } from './thunderbird.ts'
import { startWorld } from './world.ts'

// Why: what Thunderbird asks before a password is typed; the model knows none.
const NO_PASSWORD = ''

const world = await startWorld({
  settings: 'test/real/settings/thunderbird-model.yaml',
  webHosts: [
    ...['starttls', 'pop3', 'two-smtp', 'oauth2', 'digits', 'xn--bcher-kva', 'xn--grn-hoa'].flatMap(allHosts),
    ...['host-per-domain', 'upper-case', 'tagged', 'hoster', 'mail.hoster', 'unserved'].flatMap(allHosts),
    'well-known.test',
    ...['autodiscover.pox-only.test', 'autodiscover.digits-by-pox.test', 'elsewhere.pox-by-srv.test'],
    'live.thunderbird.net'
  ],
  hostsWithoutCertificate: ['autoconfig.http-only.test', 'autodiscover.pox-over-http.test'],
  mx: { 'starttls.test': 'mx1.starttls.test', 'customer.test': 'mx1.mail.hoster.test' },
  srv: { '_autodiscover._tcp.pox-by-srv.test': { host: 'elsewhere.pox-by-srv.test', port: 443 } },
  // Why: Thunderbird's own setting, so that both ask the same URL. It leads to Signpost, which lists nobody there.
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
  { title: 'a domain that is not served', address: 'jane@unserved.test', finds: undefined }
]) {
  t.test(`thunderbird: the real one and the model ask and find the same: ${title}`, async t => {
    const account = await world.thunderbird.discover(address, NO_PASSWORD)
    const discovery = await model.discover(address, network)
    t.same(ofModel(discovery.account), ofReal(account), 'the account')
    t.equal(placeOf(discovery.account?.incoming), finds, 'its incoming server')

    const answered = discovery.trace.filter(({ asked, result }) => /^(?:GET|POST) /.test(asked) && /^\d/.test(result))
    const needed = neededOf(answered)
    const requests = await world.requests(needed.map(({ asked }) => asked.replace(/\?.*/, '')))
    const ofThisTest = [domainToASCII(address.slice(address.lastIndexOf('@') + 1)), ...domains]
    const askedByReal = new Set(
      requests
        .filter(({ agent }) => agent.includes('Thunderbird/'))
        .map(textOfRequest)
        .filter(text => ofThisTest.some(domain => text.includes(domain)))
    )
    const askedByModel = new Set(answered.map(textOfStep))
    t.same(askedByReal.difference(askedByModel), new Set(), 'the real one asks nothing that the model does not')
    t.same(new Set(needed.map(textOfStep)).difference(askedByReal), new Set(), 'the real one asks all that it must')
    t.equal(
      needed.some(({ result }) => result.endsWith(', used')),
      finds !== undefined,
      'the winner is among it'
    )
  })
}

function allHosts(name: string): string[] {
  return ['', 'autoconfig.', 'autodiscover.'].map(prefix => `${prefix}${name}.test`)
}

/**
 * Why not all: Thunderbird asks everything at the same time and takes back what is of less weight than a success, whether
 * or not it is sent already. It waits for what is of more weight. Autodiscover is a search of its own.
 */
function neededOf(steps: readonly Step[]): Step[] {
  const isAutodiscover = ({ asked }: Step) => asked.endsWith('/autodiscover.xml')
  return [steps.filter(step => !isAutodiscover(step)), steps.filter(isAutodiscover)].flatMap(search => {
    const success = search.findIndex(({ result }) => result.startsWith('200'))
    return success === -1 ? search : search.slice(0, success + 1)
  })
}

/** Why: each program encodes the address in the query as it likes. */
function textOfStep({ asked }: Step): string {
  const [method, url = ''] = asked.split(' ')
  const { origin, pathname, search } = new URL(url)
  return `${method} ${origin}${pathname} ${new URLSearchParams(search).get('emailaddress') ?? ''}`
}

function textOfRequest({ asked, query }: ProxiedRequest): string {
  return `${asked} ${new URLSearchParams(query).get('emailaddress') ?? ''}`
}

function ofModel(account: ModelAccount | undefined) {
  return (
    account && {
      url: account.from.replace(/\?.*/, ''),
      incoming: account.incoming,
      outgoing: account.outgoing
    }
  )
}

/** @returns the same in the words of the model */
function ofReal(account: FoundAccount | null) {
  if (account === null) return undefined
  return { url: account.url, incoming: serverOfReal(account.incoming), outgoing: serverOfReal(account.outgoing) }
}

const securities = new Map<string, FoundServer['security']>([
  ['SSL', 'tls'],
  ['alwaysSTARTTLS', 'starttls'],
  ['plain', 'none']
])

function serverOfReal({ type, hostname, port, security, username }: MailServer) {
  return { protocol: type, host: hostname, port, security: securities.get(security), username }
}

function placeOf(server: FoundServer | undefined): string | undefined {
  return server && `${server.host}:${server.port}`
}
