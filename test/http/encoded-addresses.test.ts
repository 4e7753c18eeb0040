/**
 * Addresses that a client has percent-encoded twice.
 */
import t from 'tap'
import { poxRequest } from '../support/pox-request.ts'
import { serveApp } from '../support/served-app.ts'

const settings = `
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: activesync, url: https://eas.example.com/ }
  - id: other
    name: Other Mail
    domains: [other.example]
    servers:
      - { protocol: imap, host: imap.other.example }
      - { protocol: smtp, host: smtp.other.example }
      - { protocol: activesync, url: https://eas.other.example/ }
`

/** @returns a request of each dialect that accepts an address */
function requestsFor(address: string) {
  return [
    { url: `/mail/config-v1.1.xml?emailaddress=${address}` },
    { url: `/autodiscover/autodiscover.json?Email=${address}&Protocol=ActiveSync` },
    { url: `/autodiscover/autodiscover.json/v1.0/${address}?Protocol=ActiveSync` },
    { url: `/email.mobileconfig?email=${address}` },
    { url: `/mobileconfig?emailaddress=${address}` },
    { url: `/api/settings?email=${address}` },
    { url: `/setup?email=${address}` },
    { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest(decodeURIComponent(address)) }
  ] as const
}

const headers = { host: 'autoconfig.other.example' }

t.test('encoded addresses: an address that is encoded twice gets the same response as one encoded once', async t => {
  const { app } = serveApp(t, settings)
  const twice = requestsFor('jane%252Btag%2540example.com')
  for (const [at, request] of requestsFor('jane%2Btag%40example.com').entries()) {
    const expected = await app.inject({ ...request, headers })
    t.equal(expected.statusCode, 200, request.url)
    t.match(expected.body, 'example.com')
    const answer = await app.inject({ ...request, ...twice[at], headers })
    t.equal(answer.statusCode, 200, request.url)
    t.equal(answer.body.replace(/nonce="[^"]*"/g, ''), expected.body.replace(/nonce="[^"]*"/g, ''))
  }
})

t.test('encoded addresses: a domain that is encoded twice, beside an @ that is not, is the domain', async t => {
  const { app } = serveApp(t, settings.replace('[example.com]', '[bücher.example]'))
  for (const address of [
    'jane@b%25C3%25BCcher.example',
    'jane%40b%25C3%25BCcher.example',
    'jane@b%25C3%25BCCHER.example.'
  ]) {
    for (const request of requestsFor(address).slice(0, -1)) {
      const answer = await app.inject({ ...request, headers })
      t.equal(answer.statusCode, 200, request.url)
      t.notOk(/(?:imap|eas)\.other\.example/.test(answer.body), request.url)
    }
  }
})

t.test('encoded addresses: for an unreadable address, programs get the settings of the host', async t => {
  const { app } = serveApp(t, settings)
  for (const address of ['jane%252540example.com', 'jane%2525252540example.com']) {
    const [autoconfig, json] = requestsFor(address)
    for (const request of [autoconfig, json]) {
      const answer = await app.inject({ ...request, headers })
      t.equal(answer.statusCode, 200, request.url)
      t.match(answer.body, 'other.example')
    }
  }
  const garbage = await app.inject({
    url: '/autodiscover/autodiscover.json?Email=jane&Protocol=AutodiscoverV1',
    headers
  })
  t.equal(garbage.statusCode, 400)
})
