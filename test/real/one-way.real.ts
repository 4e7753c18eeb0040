// Domains with only some of the recommended names: Thunderbird tries several URLs, and one of them must be enough.

import t from 'tap'
import { startWorld } from './world.ts'

const world = await startWorld({
  settings: 'test/real/settings/one-way.yaml',
  webHosts: ['well-known.test', 'autodiscover.autodiscover-only.test'],
  hostsWithoutCertificate: ['autoconfig.no-certificate.test']
})
t.teardown(world.stop)

const tls = { security: 'SSL', authentication: 'passwordCleartext' }
const imap = { ...tls, type: 'imap', hostname: 'imap.one-way.test', port: 993 }
const pop3 = { ...tls, type: 'pop3', hostname: 'pop3.one-way.test', port: 995 }
const smtp = { ...tls, type: 'smtp', hostname: 'smtp.one-way.test', port: 465 }

for (const { title, domain, source, url } of [
  {
    title: 'finds the account by .well-known when the domain has no autoconfig host',
    domain: 'well-known.test',
    source: 'xml-from-isp-https',
    url: 'https://well-known.test/.well-known/autoconfig/mail/config-v1.1.xml'
  },
  {
    title: 'finds the account over plain http when the certificate lacks the autoconfig host',
    domain: 'no-certificate.test',
    source: 'xml-from-isp-http',
    url: 'http://autoconfig.no-certificate.test/mail/config-v1.1.xml'
  },
  {
    title: 'finds the account by Autodiscover alone when the domain has no other host',
    domain: 'autodiscover-only.test',
    source: 'exchange-from-url1',
    url: 'https://autodiscover.autodiscover-only.test/autodiscover/autodiscover.xml'
  }
]) {
  t.test(`thunderbird: ${title}`, async t => {
    const username = `john.doe@${domain}`
    t.same(await world.thunderbird.discover(username, 'secret'), {
      source,
      url,
      incoming: { ...imap, username },
      incomingAlternatives: [{ ...pop3, username }],
      outgoing: { ...smtp, username }
    })
  })
}
