// A customer's domain that is in no list, as curl and a real Thunderbird see it: its MX record in the DNS is the only link.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createDnsExchange } from '../../src/network/dns-exchange.ts'
import { mailExchangers } from '../../src/network/mail-exchangers.ts'
import { poxRequest } from '../support/pox-request.ts'
import { askWeb } from './curl.ts'
import { run } from './program.ts'
import { startUnbound, UNBOUND_ADDRESS } from './unbound.ts'
import { startWorld } from './world.ts'

const world = await startWorld({
  settings: 'test/real/settings/mx.yaml',
  webHosts: [
    ...['autoconfig.hoster.test', 'autoconfig.mail.hoster.test', 'autodiscover.hoster.test'],
    ...['autoconfig.pointed.test', 'autodiscover.pointed.test', 'autoconfig.stranger.test']
  ],
  mx: {
    'mx-only.test': 'mx1.mail.hoster.test',
    'pointed.test': 'mx2.mail.hoster.test',
    'stranger.test': 'mx.elsewhere.test'
  }
})
t.teardown(world.stop)

t.test('curl: a domain with our MX is served in every dialect, and other domains are not', async t => {
  const { trustedRoot } = world
  const ask = (url: string) => askWeb(url, trustedRoot)
  for (const domain of ['mx-only.test', 'pointed.test']) {
    for (const [url, expected] of [
      [`https://autoconfig.hoster.test/mail/config-v1.1.xml?emailaddress=jane@${domain}`, `imap.${domain}`],
      [`https://autoconfig.hoster.test/v1.1/${domain}`, `imap.${domain}`],
      [`https://autoconfig.hoster.test/email.mobileconfig?email=jane@${domain}`, `imap.${domain}`],
      [`https://autoconfig.hoster.test/api/settings?email=jane@${domain}`, `imap.${domain}`],
      [`https://autoconfig.hoster.test/setup?email=jane@${domain}`, `imap.${domain}`],
      [
        `https://autodiscover.hoster.test/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email=jane@${domain}`,
        '"Protocol":"AutodiscoverV1"'
      ]
    ] as const) {
      const { status, body } = await ask(url)
      t.equal(status, 200, url)
      t.match(body, expected, url)
    }
    const pox = ['--data', poxRequest(`jane@${domain}`), '--header', 'Content-Type: text/xml']
    const url = 'https://autodiscover.hoster.test/autodiscover/autodiscover.xml'
    const { output } = await run('curl', ['--silent', '--cacert', trustedRoot, ...pox, url])
    t.match(output, `<Server>imap.${domain}</Server>`)
  }
  t.match((await ask('https://autoconfig.pointed.test/mail/config-v1.1.xml')).body, 'imap.pointed.test')
  t.equal((await ask('https://autoconfig.stranger.test/mail/config-v1.1.xml')).status, 404)
  t.equal((await ask('https://autoconfig.hoster.test/v1.1/stranger.test')).status, 404)
})

for (const { title, domain, url } of [
  {
    title: 'by its MX record alone',
    domain: 'mx-only.test',
    url: 'https://autoconfig.mail.hoster.test/mail/config-v1.1.xml'
  },
  {
    title: 'whose hosts lead to us',
    domain: 'pointed.test',
    url: 'https://autoconfig.pointed.test/mail/config-v1.1.xml'
  }
]) {
  t.test(`thunderbird: finds the account of a customer ${title}, with the customer’s own hosts`, async t => {
    const account = await world.thunderbird.discover(`jane@${domain}`, 'secret')
    t.match(account, {
      url,
      incoming: { hostname: `imap.${domain}`, port: 993, security: 'SSL', username: `jane@${domain}` },
      outgoing: { hostname: `smtp.${domain}`, port: 465 }
    })
  })
}

t.test('thunderbird: finds nothing for a domain with other mail exchangers', async t => {
  t.equal(await world.thunderbird.discover('jane@stranger.test', 'secret'), null)
})

const many = Array.from({ length: 40 }, (_, index) => `mx${index}.a-long-name-of-a-mail-exchanger.test`)
const scratch = await mkdtemp(join(tmpdir(), 'unbound-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
const unbound = await startUnbound(join(scratch, 'unbound'), 'test.', [
  'test. 3600 IN SOA ns.test. admin.test. 1 7200 900 604800 450',
  'one.test. 300 IN MX 10 mx1.hoster.test.',
  'one.test. 300 IN MX 20 mx2.hoster.test.',
  'null.test. 600 IN MX 0 .',
  'host.test. 600 IN A 127.0.0.1',
  ...many.map(host => `many.test. 120 IN MX 5 ${host}.`)
])
t.teardown(unbound.stop)

t.test('unbound: short and long responses are read, with their time to live', async t => {
  const exchange = createDnsExchange({ servers: [UNBOUND_ADDRESS], timeoutMs: 4000 })
  const ask = (domain: string) => mailExchangers(domain, exchange)
  t.same(await ask('one.test'), { hosts: ['mx1.hoster.test'], seconds: 300 })
  t.same(await ask('null.test'), { hosts: [], seconds: 600 }, 'accepts no mail')
  t.same(await ask('host.test'), { hosts: [], seconds: 450 }, 'no such record')
  t.same(await ask('missing.test'), { hosts: [], seconds: 450 }, 'no such name')
  const { hosts, seconds } = await ask('many.test')
  t.same([hosts.toSorted(), seconds], [many.toSorted(), 120], 'by TCP')
})
