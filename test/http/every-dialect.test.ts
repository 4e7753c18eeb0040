/**
 * Rules that apply to the responses of every dialect.
 */
import t from 'tap'
import type { Dialect, Method } from '../../src/dialects/dialect.ts'
import { dialects } from '../../src/dialects/index.ts'
import { hasNone } from '../support/has-none.ts'
import { exampleSettings, type ServedApp, serveApp } from '../support/served-app.ts'

/** Nearly all settings that affect the documents of dialects. */
const settings = exampleSettings.replace(
  'servers:',
  `servers:
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
      - { protocol: carddav, url: "https://dav.example.com/card/" }
      - { protocol: jmap, url: "https://jmap.example.com/session" }
      - { protocol: activesync, url: "https://eas.example.com/Microsoft-Server-ActiveSync" }`
)

/** A marker for every place that a client can write to. */
const marker = 'zqmarkerqz'

interface InjectedRequest {
  readonly method: Method
  readonly url: string
}

/** @returns a request for each route of a dialect, with an address in each parameter that clients use for it */
function requestsOf({ routes }: Dialect, address: string, value = 'AutodiscoverV1'): InjectedRequest[] {
  const encoded = encodeURIComponent(address)
  const query = `emailaddress=${encoded}&Email=${encoded}&Protocol=${value}&name=${value}&form=${value}&${value}=${value}`
  return routes.map(({ method, path }) => ({ method, url: `${path.replace(':address', encoded)}?${query}` }))
}

const headers = { host: 'example.com' }

/** @returns the response without the parts that depend on the time */
async function ask({ app }: ServedApp, request: InjectedRequest & { headers?: Record<string, string> }) {
  const { statusCode, headers, body } = await app.inject(request as { method: 'GET'; url: string })
  return { status: statusCode, headers: { ...headers, date: undefined }, body }
}

for (const dialect of dialects) {
  const { name, crossOrigin, httpsPath } = dialect
  const requests = requestsOf(dialect, 'jane@example.com')
  const paths = [...new Set(requests.map(({ url }) => url))]

  t.test(`${name}: every route responds with nosniff and a cache lifetime, and does not name the software`, async t => {
    const service = serveApp(t, settings)
    for (const request of [
      ...requests,
      ...requests.map(({ method, url }) => ({ method, url: url.replace(/\?.*/, '') }))
    ]) {
      for (const host of ['example.com', 'autoconfig.a.customers.example', 'other.example']) {
        const { status, headers } = await ask(service, { ...request, headers: { host } })
        t.ok(status < 500 && ![401, 403].includes(status), `${status} ${request.method} ${request.url}`)
        t.match(headers, { 'x-content-type-options': 'nosniff', 'cache-control': String })
        hasNone(t, headers, ['www-authenticate', 'set-cookie', 'server', 'x-powered-by', 'strict-transport-security'])
      }
    }
  })

  t.test(`${name}: HEAD is GET without the body`, async t => {
    const service = serveApp(t, settings)
    for (const { url } of requests.filter(({ method }) => method === 'GET')) {
      const get = await ask(service, { method: 'GET', url, headers })
      const { app } = service
      const head = await app.inject({ method: 'HEAD', url, headers })
      t.equal(head.statusCode, get.status, url)
      t.same({ ...head.headers, date: undefined }, get.headers)
      t.equal(head.body, '')
    }
  })

  t.test(`${name}: OPTIONS gets 204 with the methods if the host is served, and any other method 405`, async t => {
    const { app } = serveApp(t, settings)
    for (const path of paths) {
      const url = path.replace(':domain', 'example.com')
      const { statusCode, headers: answered } = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { ...headers, 'access-control-request-method': 'GET' }
      })
      t.equal(statusCode, 204, url)
      t.equal(answered['access-control-allow-origin'], crossOrigin ? '*' : undefined)
      const allow = String(answered.allow).split(', ')
      for (const { method } of requests.filter(request => request.url === path)) t.ok(allow.includes(method))
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'] as const) {
        if (allow.includes(method)) continue
        const refused = await app.inject({ method, url })
        t.equal(refused.statusCode, 405, `${method} ${url}`)
        t.equal(refused.headers.allow, answered.allow)
      }
    }
  })

  t.test(`${name}: OPTIONS gets 404 if the host serves nothing`, async t => {
    const { app } = serveApp(t, settings)
    for (const path of paths) {
      const url = path.replace(':domain', 'other.example').replace(/\?.*/, '')
      for (const more of [{}, { origin: 'https://web.example', 'access-control-request-method': 'GET' }]) {
        const { statusCode, headers } = await app.inject({
          method: 'OPTIONS',
          url,
          headers: { host: 'autoconfig.other.example', ...more }
        })
        t.equal(statusCode, 404, url)
        hasNone(t, headers, ['allow', 'access-control-allow-origin', 'access-control-allow-methods'])
      }
    }
  })

  t.test(
    `${name}: over plain http ${httpsPath === undefined ? 'gets the same response' : 'is redirected to https'}`,
    async t => {
      const service = serveApp(t, settings)
      for (const request of requests) {
        const secure = await ask(service, { ...request, headers })
        const plain = await ask(service, { ...request, headers: { ...headers, 'x-forwarded-proto': 'http' } })
        if (httpsPath === undefined) t.same(plain, secure)
        else {
          t.equal(plain.status, 302)
          t.match(plain.headers.location, /^https:\/\/example\.com\/[!-~]+$/)
          t.equal(plain.body, '')
        }
      }
    }
  )

  t.test(`${name}: credentials and the existence of a mailbox make no difference`, async t => {
    const service = serveApp(t, settings)
    const authorization = `Basic ${Buffer.from('jane@example.com:secret').toString('base64')}`
    for (const request of requests) {
      const expected = await ask(service, { ...request, headers })
      t.same(await ask(service, { ...request, headers: { ...headers, authorization, cookie: 'a=b' } }), expected)
      const other = requestsOf(dialect, 'nope@example.com').find(({ method, url }) => {
        return method === request.method && url.replaceAll('nope', 'jane') === request.url
      })
      const { status, headers: fields, body } = await ask(service, { ...request, ...other, headers })
      // Why: identifiers are derived from the address.
      const plain = (text: string) =>
        text.replaceAll('nope', 'jane').replace(/[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}/gi, 'UUID')
      t.same({ status, headers: fields, body: plain(body) }, { ...expected, body: plain(expected.body) })
    }
  })

  t.test(`${name}: data from the client is not reflected`, async t => {
    const service = serveApp(t, settings)
    const strange = {
      referer: marker,
      'user-agent': marker,
      'x-forwarded-host': `${marker}.example`,
      origin: marker,
      cookie: marker
    }
    for (const [requests, host] of [
      [requestsOf(dialect, 'jane@example.com', `%3Cb%3E${marker}`).filter(() => name !== 'apple'), 'example.com'],
      [requestsOf(dialect, `${marker}@${marker}.example`, marker), `${marker}.example`],
      [requestsOf(dialect, `<b>${marker}`, marker), `"${marker}`]
    ] as const) {
      for (const request of requests) {
        const { status, headers, body } = await ask(service, { ...request, headers: { ...strange, host } })
        t.ok(status < 500, `${status} ${request.url}`)
        t.notMatch(`${JSON.stringify(headers)} ${body}`.toLowerCase(), marker)
      }
    }
  })

  t.test(`${name}: the log has one line for each request, and no address`, async t => {
    const { app, readLog } = serveApp(t, settings)
    for (const address of [`${marker}@example.com`, `${marker}@other.example`, marker, `${marker}@`]) {
      for (const request of requestsOf(dialect, address, marker)) {
        await app.inject({ ...(request as { method: 'GET'; url: string }), headers: { 'user-agent': marker } })
        const line = readLog()
        t.match(JSON.parse(line), { dialect: name, outcome: String, client: 'other', ms: Number })
        t.notMatch(line, marker)
      }
    }
  })
}
