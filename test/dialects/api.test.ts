import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { api } from '../../src/dialects/api.ts'
import { loginName } from '../../src/settings/names/login-name.ts'
import { anyAddressAt } from '../support/arbitraries/address.ts'
import { anyFullTable } from '../support/arbitraries/full-table.ts'
import { answerOf } from '../support/dialects/answer-of.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = `
http: { trustProxy: [127.0.0.1] }
providers:
  - id: example
    name: Example Mail
    shortName: Example
    domains: [example.com]
    mx: [mx.hoster.example]
    username: "%EMAILLOCALPART%"
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.example.com, security: starttls, authentication: [oauth2, password] }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: managesieve, host: imap.example.com }
      - { protocol: caldav, url: "https://dav.%EMAILDOMAIN%/" }
    password: { note: { en: Use an application password. }, url: https://example.com/passwords }
    documentation: [{ url: https://help.example.com/, text: { en: Help, de: Hilfe } }]
    website: https://example.com/
    webmail: https://webmail.example.com/
    oauth: { issuer: https://auth.example.com, scope: mail, authorizationUrl: https://auth.example.com/a, tokenUrl: https://auth.example.com/t }
  - id: off
    name: Off
    domains: [off.example]
    dialects: { api: false }
    servers: [{ protocol: imap, host: imap.off.example }]
`

const ask = (query: string, table = tableOf(settings), host = 'example.com') => {
  const response = answerOf(api, table, { query, host })
  return response && { ...response, json: JSON.parse(response.body) }
}

t.test('api: any table and address gives JSON that reads back to its values', async () => {
  const request = anyFullTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)) })
  )
  fc.assert(
    fc.property(request, ({ table, address }) => {
      const [provider] = table.providers
      assert(provider)
      const { id, name, shortName, website, webmail, servers, services, exchangeUrl, oauth, password, documentation } =
        provider
      const here = (text: string) => text.replaceAll('%EMAILDOMAIN%', address.domain)
      const local = () => encodeURIComponent(address.localPart)
      const response = ask(`email=${encodeURIComponent(address.text)}`, table)
      assert.equal(response?.status, 200)
      const expected = {
        address: address.text,
        username: loginName({ provider }, address),
        domain: address.domain,
        provider: { id, name, shortName, website, webmail },
        servers: servers.map(server => ({ ...server, host: here(server.host) })),
        services: services.map(service => ({ ...service, url: here(service.url).replace('%EMAILLOCALPART%', local) })),
        autodiscover: exchangeUrl && { redirect: here(exchangeUrl) },
        oauth,
        password,
        documentation
      }
      assert.deepEqual(response?.json, JSON.parse(JSON.stringify(expected)))
    })
  )
})

t.test('api: contains all settings of the table, including alternatives', async t => {
  t.same(ask('email=jane%40example.com')?.json, {
    address: 'jane@example.com',
    username: 'jane',
    domain: 'example.com',
    provider: {
      id: 'example',
      name: 'Example Mail',
      shortName: 'Example',
      website: 'https://example.com/',
      webmail: 'https://webmail.example.com/'
    },
    servers: [
      { protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', authentication: ['password'] },
      {
        protocol: 'smtp',
        host: 'smtp.example.com',
        port: 587,
        security: 'starttls',
        authentication: ['oauth2', 'password']
      },
      { protocol: 'smtp', host: 'smtp.example.com', port: 465, security: 'tls', authentication: ['password'] },
      {
        protocol: 'managesieve',
        host: 'imap.example.com',
        port: 4190,
        security: 'starttls',
        authentication: ['password']
      }
    ],
    services: [{ protocol: 'caldav', url: 'https://dav.example.com/', authentication: ['password'] }],
    oauth: {
      issuer: 'https://auth.example.com',
      scope: 'mail',
      authorizationUrl: 'https://auth.example.com/a',
      tokenUrl: 'https://auth.example.com/t'
    },
    password: { note: { en: 'Use an application password.' }, url: 'https://example.com/passwords' },
    documentation: [{ url: 'https://help.example.com/', text: { en: 'Help', de: 'Hilfe' } }]
  })
})

t.test("api: for a customer's domain, the domain is that of the provider at its mail exchanger", async t => {
  t.match(ask('email=jane@customer.example', undefined, 'mx.hoster.example')?.json, {
    address: 'jane@customer.example',
    domain: 'example.com'
  })
})

t.test('api: a missing or invalid address is refused in JSON, and not reflected', async t => {
  for (const query of ['', 'email=', 'email=evil', 'email=%3Cscript%3E@', 'email=evil%zz@example.com', 'mail=a@b.c']) {
    const response = ask(query)
    t.equal(response?.status, 400, query)
    t.match(response?.json, { error: /^The parameter email must be one mail address/ })
    t.notMatch(response?.body, /evil|script/)
  }
})

t.test('api: the writer also requires an address', async t => {
  const table = tableOf(settings)
  const [provider] = table.providers
  assert(provider)
  const withoutAddress = { provider, domain: 'example.com', address: undefined, personName: undefined }
  t.equal(api.compile(provider)?.(withoutAddress).status, 400)
})

t.test('api: an unknown domain gets 404, and so does a provider with the dialect switched off', async t => {
  t.equal(ask('email=jane@other.example', undefined, 'other.example'), undefined)
  t.equal(ask('email=jane@off.example'), undefined)
})

t.test('api: existing and unknown mailboxes get the same response, except for the address', async t => {
  const [jane = '', john = ''] = ['jane', 'john'].map(name => ask(`email=${name}@example.com`)?.body)
  t.equal(jane.replaceAll('jane', 'john'), john)
})

t.test('api: web pages may read the response, and caches must not store it', async t =>
  t.match(ask('email=jane@example.com')?.headers, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff'
  })
)

t.test('api: plain http is redirected to https with the same query', async t => {
  const { app } = serveApp(t, settings)
  const headers = { host: 'example.com', 'x-forwarded-proto': 'http' }
  const location = async (url: string) => (await app.inject({ url, headers })).headers.location
  t.equal(
    await location('/API/settings/?EMAIL=jane+x@example.com'),
    'https://example.com/api/settings?email=jane%2Bx%40example.com'
  )
  t.equal(await location('/api/settings?email=evil'), 'https://example.com/api/settings?email=')
})
