// The settings that Signpost comes with, config/signpost.yaml, as real mail programs see them.

import t from 'tap'
import { askWeb } from './curl.ts'
import { checkMailPrograms } from './mail-checks.ts'
import { startWorld } from './world.ts'

const ADDRESS = 'john.doe@mailbox.org'
const PASSWORD = 'secret'

const imap = {
  type: 'imap',
  hostname: 'imap.mailbox.org',
  port: 993,
  security: 'SSL',
  authentication: 'passwordCleartext',
  username: ADDRESS
}
const pop3 = { ...imap, type: 'pop3', hostname: 'pop3.mailbox.org', port: 995 }
const smtp = { ...imap, type: 'smtp', hostname: 'smtp.mailbox.org', port: 465 }

const world = await startWorld({
  settings: 'config/signpost.yaml',
  webHosts: ['mailbox.org', 'unserved.test'].flatMap(domain => [
    domain,
    `autoconfig.${domain}`,
    `autodiscover.${domain}`
  ]),
  mx: { 'mailbox.org': 'mx1.mailbox.org', 'customer.test': 'mx1.mailbox.org' },
  mail: {
    hosts: ['imap.mailbox.org', 'pop3.mailbox.org', 'smtp.mailbox.org'],
    ports: [993, 995, 465],
    address: ADDRESS,
    password: PASSWORD
  }
})
t.teardown(world.stop)

t.test("thunderbird: finds imap.mailbox.org and smtp.mailbox.org for the seed's domain", async t => {
  const account = await world.thunderbird.discover(ADDRESS, PASSWORD)
  t.same(account, {
    source: 'xml-from-isp-https',
    url: 'https://autoconfig.mailbox.org/mail/config-v1.1.xml',
    incoming: imap,
    incomingAlternatives: [pop3],
    outgoing: smtp
  })
})

t.test("the seed's domain: real servers accept the settings that thunderbird has found", async t => {
  const account = await world.thunderbird.discover(ADDRESS, PASSWORD)
  if (account === null) return t.fail('thunderbird has found nothing')
  checkMailPrograms(t, { world, account, address: ADDRESS, password: PASSWORD })
})

t.test("thunderbird: finds the hoster's servers for a customer's domain through its mail exchanger", async t => {
  const username = 'jane@customer.test'
  const account = await world.thunderbird.discover(username, PASSWORD)
  t.match(account, {
    url: 'https://autoconfig.mailbox.org/mail/config-v1.1.xml',
    incoming: { ...imap, username },
    outgoing: { ...smtp, username }
  })
})

t.test('thunderbird: finds nothing for a domain that is not served', async t => {
  t.equal(await world.thunderbird.discover('jane@unserved.test', PASSWORD), null)

  const expected = [
    'GET https://autoconfig.unserved.test/mail/config-v1.1.xml',
    'GET https://unserved.test/.well-known/autoconfig/mail/config-v1.1.xml',
    'GET http://autoconfig.unserved.test/mail/config-v1.1.xml',
    'GET http://unserved.test/.well-known/autoconfig/mail/config-v1.1.xml',
    'POST https://autodiscover.unserved.test/autodiscover/autodiscover.xml',
    'POST https://unserved.test/autodiscover/autodiscover.xml',
    'POST http://autodiscover.unserved.test/autodiscover/autodiscover.xml'
  ]
  const requests = (await world.requests(expected)).filter(({ asked }) => asked.includes('unserved.test/'))
  const asked = new Set(requests.map(request => request.asked))
  for (const request of expected) t.ok(asked.has(request), `${request} was sent`)
  t.same([...new Set(requests.map(({ status }) => status))], [404], 'every response was 404')
})

t.test('curl: gets the same autoconfig document over http and https', async t => {
  const path = 'autoconfig.mailbox.org/mail/config-v1.1.xml'
  const [plain, secure] = await Promise.all(
    ['http', 'https'].map(scheme => askWeb(`${scheme}://${path}`, world.trustedRoot))
  )
  t.equal(secure?.status, 200)
  t.same(plain, secure)
})

t.test('curl: Autodiscover over plain http is redirected to https', async t => {
  const path = 'autodiscover.mailbox.org/autodiscover/autodiscover.xml'
  const { status, location } = await askWeb(`http://${path}`, world.trustedRoot)
  t.equal(status, 302)
  t.equal(location, `https://${path}`)
})
