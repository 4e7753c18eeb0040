import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { answer } from '../../../src/dialects/answer.ts'
import { outlookJson } from '../../../src/dialects/outlook/json.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { answerOf, type Request } from '../../support/dialects/answer-of.ts'
import { serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const settings = (servers: string, more = '') =>
  `providers: [{ id: example, name: Example, domains: [example.com, "*.customers.example"], ${more} servers: [${servers}] }]`
const imap = '{ protocol: imap, host: imap.example.com }'
const eas = '{ protocol: activesync, url: "https://eas.%EMAILDOMAIN%/Microsoft-Server-ActiveSync" }'
const withEas = settings(`${imap}, ${eas}`)

const ask = (request: Request, table = tableOf(withEas)) => {
  const response = answerOf(outlookJson, table, { url: `/autodiscover/autodiscover.json?${request.query}`, ...request })
  return response && { ...response, json: JSON.parse(response.body) }
}
const protocol = (name: string, table?: ReturnType<typeof tableOf>) =>
  ask({ query: `Email=jane%40example.com&Protocol=${name}` }, table)

const xml = { Protocol: 'AutodiscoverV1', Url: 'https://autodiscover.example.com/autodiscover/autodiscover.xml' }
const activeSync = { Protocol: 'ActiveSync', Url: 'https://eas.example.com/Microsoft-Server-ActiveSync' }

t.test('outlook-json: any table and address gives JSON with the URL of the protocol, or a refusal', async () => {
  const request = anyTable.chain(({ table, domain }) =>
    fc.record({
      table: fc.constant(table),
      address: anyAddressAt(fc.constant(domain)),
      form: fc.constantFrom('ActiveSync', 'AutodiscoverV1'),
      inPath: fc.boolean()
    })
  )
  let answered = 0
  fc.assert(
    fc.property(request, ({ table, address, form, inPath }) => {
      const typed = encodeURIComponent(address.text)
      const query = inPath ? `Protocol=${form}` : `Email=${typed}&Protocol=${form}`
      const url = `/autodiscover/autodiscover.json${inPath ? `/v1.0/${typed}` : ''}?${query}`
      const response = ask({ url, query }, table)
      const service = table.settings.providers[0]?.servers.find(server => server.protocol === 'activesync')
      if (response?.status !== 200) {
        assert(response === undefined || response.json.ErrorCode === 'InvalidProtocol')
        assert(form !== 'ActiveSync' || service === undefined)
        return
      }
      answered += 1
      const expected =
        form === 'ActiveSync'
          ? new URL(service?.url?.replaceAll('%EMAILDOMAIN%', address.domain) ?? '').href
          : `https://autodiscover.${address.domain}/autodiscover/autodiscover.xml`
      assert.deepEqual(response.json, { Protocol: form, Url: expected })
    })
  )
  assert(answered > 10, 'many tables are answered')
})

t.test('outlook-json: Protocol and the names of parameters match in any letter case', async t => {
  for (const name of ['AutodiscoverV1', 'Autodiscoverv1', 'AUTODISCOVERV1', 'autodiscoverv1']) {
    t.match(protocol(name), { status: 200, json: xml }, name)
  }
  for (const name of ['ActiveSync', 'activesync', 'ACTIVESYNC']) {
    t.match(protocol(name), { status: 200, json: activeSync }, name)
  }
  for (const query of [
    'email=jane@example.com&protocol=activesync',
    'PROTOCOL=ActiveSync&EMAIL=jane%40example.com',
    'Email=jane@example.com&RedirectCount=1&Protocol=ActiveSync&x=y'
  ]) {
    t.match(ask({ query }), { status: 200, json: activeSync }, query)
  }
})

t.test('outlook-json: the address may be in the path, raw or encoded', async t => {
  const { app } = serveApp(t, withEas)
  const local = 'x'.repeat(64)
  const long = `${local}@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(45)}.customers.example`
  const encoded = [...long].map(letter => `%${letter.charCodeAt(0).toString(16)}`).join('')
  for (const address of [
    'jane@example.com',
    'jane%40example.com',
    'a+b@example.com',
    'a%2Bb%40example.com',
    'a&b@example.com',
    'a=b@example.com',
    'a%2Fb%40example.com',
    'a%3Fb%40example.com',
    'j%C3%A4ne%40example.com',
    long,
    encoded
  ]) {
    for (const path of ['/autodiscover/autodiscover.json/v1.0/', '/Autodiscover/AUTODISCOVER.json/V1.0/']) {
      for (const end of ['?Protocol=Autodiscoverv1', '/?Protocol=Autodiscoverv1&RedirectCount=1']) {
        const { statusCode, body } = await app.inject(`${path}${address}${end}`)
        t.equal(statusCode, 200, `${path}${address}${end}`)
        t.equal(JSON.parse(body).Protocol, 'AutodiscoverV1')
      }
    }
  }
})

t.test(
  'outlook-json: an address in the path overrides that in the query, and the query is not part of the path',
  async t => {
    const inPath = '/autodiscover/autodiscover.json/v1.0/jane@a.customers.example'
    const query = 'Email=jane@example.com&Protocol=AutodiscoverV1'
    t.match(ask({ url: `${inPath}?${query}`, query })?.json.Url, 'https://autodiscover.a.customers.example/')
    const trick = `${query}&x=/v1.0/eve@a.customers.example`
    t.same(ask({ query: trick })?.json, xml)
  }
)

t.test('outlook-json: answers 400 InvalidProtocol for ActiveSync if the provider has no ActiveSync', async t => {
  const table = tableOf(settings(imap))
  t.match(protocol('ActiveSync', table), {
    status: 400,
    headers: { jsonerror: 'true' },
    json: { ErrorCode: 'InvalidProtocol' }
  })
  t.match(protocol('AutodiscoverV1', table), { status: 200, json: xml })
})

t.test('outlook-json: answers 400 InvalidProtocol for AutodiscoverV1 if Autodiscover in XML is off', async t => {
  const table = tableOf(settings(`${imap}, ${eas}`, 'dialects: { outlook: false },'))
  t.match(protocol('AutodiscoverV1', table), { status: 400, json: { ErrorCode: 'InvalidProtocol' } })
  t.match(protocol('ActiveSync', table), { status: 200, json: activeSync })
})

t.test('outlook-json: answers 400 InvalidProtocol for protocols that only Exchange has', async t => {
  for (const name of ['Ews', 'EWS', 'Rest', 'Substrate', 'AutodiscoverV2', '__proto__', 'constructor', ' ']) {
    t.match(protocol(encodeURIComponent(name)), { status: 400, json: { ErrorCode: 'InvalidProtocol' } }, name)
  }
})

t.test('outlook-json: answers 400 InvalidProtocol to a question that names no protocol', async t => {
  const table = tableOf(withEas)
  const { document } = answer(outlookJson, table, { domain: 'example.com' }, undefined)
  t.equal(document?.status, 400)
})

t.test('outlook-json: answers 400 MandatoryParameterMissing without Protocol or without an address', async t => {
  for (const [query, what] of [
    ['Email=jane@example.com', 'Protocol'],
    ['Email=jane@example.com&Protocol=', 'Protocol'],
    ['', 'Protocol'],
    ['Protocol=ActiveSync', 'smtp address'],
    ['Protocol=ActiveSync&Email=', 'smtp address'],
    ['Protocol=ActiveSync&Email=%zz', 'smtp address']
  ] as const) {
    const response = ask({ query })
    t.match(response, { status: 400, headers: { jsonerror: 'true' }, json: { ErrorCode: 'MandatoryParameterMissing' } })
    t.match(response?.json.ErrorMessage, what)
  }
})

t.test('outlook-json: answers 400 InvalidUserId for an invalid address', async t => {
  for (const address of ['jane', '@example.com', 'jane@', 'jane%20doe@example.com', 'a@b@example.com%0d%0a']) {
    t.match(
      ask({ query: `Email=${address}&Protocol=ActiveSync` }),
      { status: 400, headers: { jsonerror: 'true' }, json: { ErrorCode: 'InvalidUserId' } },
      address
    )
  }
})

t.test('outlook-json: answers 404 NotFound after ten redirects', async t => {
  const redirected = (count: string) =>
    ask({ query: `Email=jane@example.com&Protocol=ActiveSync&RedirectCount=${count}` })
  for (const count of ['10', '11', '1e9']) {
    t.match(redirected(count), { status: 404, headers: { jsonerror: 'true' }, json: { ErrorCode: 'NotFound' } }, count)
  }
  for (const count of ['0', '1', '9', '', 'x', '-1']) t.equal(redirected(count)?.status, 200, count)
})

t.test('outlook-json: an unknown domain is not answered, whether or not the protocol is known', async t => {
  for (const name of ['ActiveSync', 'AutodiscoverV1', 'Ews']) {
    t.equal(ask({ query: `Email=jane@other.example&Protocol=${name}` }), undefined)
  }
})

t.test('outlook-json: is not served for a provider with neither protocol', async t => {
  t.equal(
    protocol('AutodiscoverV1', tableOf(settings('{ protocol: caldav, url: https://dav.example.com/ }'))),
    undefined
  )
})

t.test('outlook-json: reflects neither data of the request nor its host', async t => {
  const { app } = serveApp(t, withEas)
  const headers = { host: 'autodiscover.example.com', 'x-forwarded-host': 'evil.example' }
  for (const url of [
    '/autodiscover/autodiscover.json?Email=evil@example.com&Protocol=AutodiscoverV1',
    '/autodiscover/autodiscover.json?Email=evil@example.com&Protocol=ActiveSync',
    '/autodiscover/autodiscover.json?Email=evil@example.com&Protocol=%3Cscript%3Eevil%3C/script%3E',
    '/autodiscover/autodiscover.json?Email=%3Cscript%3Eevil%3C/script%3E&Protocol=ActiveSync',
    '/autodiscover/autodiscover.json/v1.0/evil?Protocol=ActiveSync'
  ]) {
    const answer = await app.inject({ url, headers })
    t.notMatch(answer.body, /evil|script/)
    t.match(answer.headers, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    })
  }
  const spoofed = { host: 'evil.example' }
  const url = '/autodiscover/autodiscover.json?Email=jane@example.com&Protocol=AutodiscoverV1'
  t.same(JSON.parse((await app.inject({ url, headers: spoofed })).body), xml)
})

t.test('outlook-json: plain http is redirected to the https path with the same query', async t => {
  const { app } = serveApp(t, `http: { trustProxy: [127.0.0.1] }\n${withEas}`)
  const headers = { host: 'autodiscover.example.com', 'x-forwarded-proto': 'http' }
  const path = '/autodiscover/autodiscover.json'
  for (const url of [
    `${path}?Email=jane+x@example.com&Protocol=ActiveSync`,
    `${path}/v1.0/jane+x@example.com?Protocol=ActiveSync`
  ]) {
    const { statusCode, headers: response } = await app.inject({ url, headers })
    t.equal(statusCode, 302)
    t.equal(
      response.location,
      `https://autodiscover.example.com${path}?Email=jane%2Bx%40example.com&Protocol=activesync`
    )
  }
  const { headers: response } = await app.inject({ url: path, headers })
  t.equal(response.location, `https://autodiscover.example.com${path}?Email=&Protocol=`)
})

t.test('outlook-json: HEAD works like GET, OPTIONS lists the methods, and POST gets 405', async t => {
  const { app } = serveApp(t, withEas)
  const url = '/autodiscover/autodiscover.json?Email=jane@example.com&Protocol=ActiveSync'
  const statuses = ['HEAD', 'OPTIONS', 'POST'] as const
  t.same(
    await Promise.all(statuses.map(async method => (await app.inject({ method, url })).statusCode)),
    [200, 204, 405]
  )
})

t.test('outlook-json: a request without an address is not redirected to Exchange', async t => {
  const table = tableOf(settings(imap, 'autodiscover: { redirect: "https://ex.example.net" },'))
  const question = { domain: 'example.com', form: 'activesync' }
  const { document } = answer(outlookJson, table, question, undefined)
  t.match(document, { status: 400, headers: { jsonerror: 'true' } })
})

t.test('outlook-json: the URL of AutodiscoverV1 is below publicUrl if it is set', async t => {
  const table = tableOf(`http: { publicUrl: "https://signpost.example.net:8443" }\n${withEas}`)
  t.same(protocol('AutodiscoverV1', table)?.json, {
    Protocol: 'AutodiscoverV1',
    Url: 'https://signpost.example.net:8443/autodiscover/autodiscover.xml'
  })
  t.same(protocol('ActiveSync', table)?.json, activeSync)
})

t.test('outlook-json: names the requested host for the XML if the table contains it, but not for Exchange', async t => {
  const two = (more = '') =>
    tableOf(`providers: [{ id: a, name: A, domains: [example.net, example.com], ${more} servers: [${imap}] }]`)
  const urlOf = (host: string, table = two()) =>
    ask({ query: 'Email=jane%40example.com&Protocol=AutodiscoverV1', host }, table)?.json.Url
  t.equal(urlOf('autodiscover.example.net'), 'https://autodiscover.example.net/autodiscover/autodiscover.xml')
  for (const host of ['evil.example', 'autodiscover.example.com', 'example.com']) {
    t.equal(urlOf(host), 'https://autodiscover.example.com/autodiscover/autodiscover.xml', host)
  }
  const url = 'https://exchange.example.org/autodiscover/autodiscover.xml'
  t.equal(urlOf('autodiscover.example.net', two(`autodiscover: { redirect: "${url}" },`)), url)
})

t.test('outlook-json: without Outlook autodiscover there is no URL of its XML', async t => {
  const table = tableOf(settings(`${imap}, ${eas}`, 'dialects: { outlook: false },'))
  t.equal(protocol('AutodiscoverV1', table)?.json.ErrorCode, 'InvalidProtocol')
})
