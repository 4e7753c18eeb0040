/**
 * No response reflects data from the client.
 */
import t from 'tap'
import { openWire } from '../support/http/wire.ts'
import { poxRequest } from '../support/pox-request.ts'
import { exampleSettings, serveApp } from '../support/served-app.ts'

const autoconfig = '/mail/config-v1.1.xml'
const autodiscover = '/autodiscover/autodiscover.xml'
const profile = '/email.mobileconfig'

/** A marker for every place that a client can write to. No response may contain it. */
const marker = 'zqmarkerqz'
const markup = `<script>${marker}</script>"'&;\u00e9`
const encoded = encodeURIComponent(markup)

const headers = {
  accept: `text/html, ${marker}/xml`,
  'accept-language': marker,
  authorization: `Basic ${marker}`,
  cookie: `${marker}=${marker}`,
  'content-type': `text/xml; charset=${marker}`,
  from: `${marker}@example.com`,
  origin: `https://${marker}.example`,
  referer: `https://${marker}.example/`,
  'user-agent': `${marker}/1.0`,
  'x-anchormailbox': `${marker}@example.com`,
  'x-forwarded-for': marker,
  'x-forwarded-host': `${marker}.example`,
  'x-forwarded-proto': marker,
  forwarded: `host=${marker}.example;proto=http`,
  'access-control-request-method': marker,
  'access-control-request-headers': marker,
  [marker]: marker
}

t.test('reflection: data from the client is not reflected', async t => {
  const { app } = serveApp(t, exampleSettings.replace('http: {', 'http: { publicUrl: https://signpost.example.net,'))
  const served = poxRequest('jane@example.com')
  for (const request of [
    { url: `${autoconfig}?emailaddress=${marker}@example.com` },
    { url: `${autoconfig}?emailaddress=${encoded}%40example.com&${marker}=${encoded}` },
    { url: `${autoconfig}?emailaddress=jane@${marker}.example` },
    { url: `/${marker}` },
    { url: `/${encoded}` },
    { url: `/%zz${marker}` },
    { url: `${autoconfig}/${marker}` },
    { method: 'PUT', url: `${autoconfig}?${marker}`, payload: marker },
    { method: 'OPTIONS', url: `${autoconfig}?${marker}` },
    { method: 'OPTIONS', url: `/${marker}` },
    { url: `${autodiscover}?${marker}` },
    { method: 'POST', url: autodiscover, payload: marker },
    { method: 'POST', url: autodiscover, payload: markup.repeat(2_000) },
    { method: 'POST', url: autodiscover, payload: poxRequest(markup) },
    { method: 'POST', url: autodiscover, payload: poxRequest('jane@example.com', marker) },
    { method: 'POST', url: autodiscover, payload: served.replaceAll('xmlns="', `xmlns="${marker}`) },
    {
      method: 'POST',
      url: autodiscover,
      payload: served.replace('<Request>', `<Request><${marker}>${marker}</${marker}>`)
    },
    { method: 'POST', url: autodiscover, payload: served.replace('<EMail', `<LegacyDN>${marker}</LegacyDN><EMail`) },
    { url: `${profile}?email=${marker}` },
    { url: `${profile}?email=${encoded}@example.com` },
    { url: `${profile}?email=jane@example.com&name=${marker}%0ax` },
    { url: `${profile}?email=jane@example.com&${marker}=${marker}` }
  ] as const) {
    for (const host of ['example.com', `${marker}.example`, `example.com:${marker}`, `${marker}@example.com`, markup]) {
      for (const scheme of ['https', 'http', marker]) {
        // Why: the redirect of a profile must preserve the query.
        if (scheme === 'http' && request.url.startsWith(profile)) continue
        const answer = await app.inject({ ...request, headers: { ...headers, host, 'x-forwarded-proto': scheme } })
        t.ok(answer.statusCode < 500)
        t.notMatch(`${answer.statusMessage} ${JSON.stringify(answer.headers)} ${answer.body}`.toLowerCase(), marker)
      }
    }
  }
})

t.test('reflection: responses do not contain an unserved domain', async t => {
  const { app } = serveApp(t)
  for (const request of [
    { url: `${autoconfig}?emailaddress=jane@${marker}.example` },
    { url: `${profile}?email=jane@${marker}.example` },
    { method: 'POST', url: autodiscover, payload: poxRequest(`${marker}@${marker}.example`) }
  ] as const) {
    const { statusCode, headers, body } = await app.inject({ ...request, headers: { host: `${marker}.example` } })
    t.equal(statusCode, 404)
    t.notMatch(`${JSON.stringify(headers)} ${body}`, marker)
  }
})

t.test('reflection: responses do not contain invalid HTTP data', async t => {
  const { app } = serveApp(t)
  for (const request of [
    `${marker}\r\n\r\n`,
    `GET /${marker} HTTP/1.1\r\n${marker}\r\n\r\n`,
    `${marker} / HTTP/1.1\r\nHost: ${marker}\r\n\r\n`,
    `GET https://${marker}.example/${marker} HTTP/1.1\r\nHost: ${marker}\r\nExpect: ${marker}\r\nConnection: close\r\n\r\n`,
    `TRACE / HTTP/1.1\r\nHost: ${marker}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n`,
    `GET /nothing HTTP/1.1\r\nHost: ${marker}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${marker}\r\n\r\n`
  ]) {
    const wire = await openWire(t, app)
    wire.send(request)
    const { status, headers, body } = await wire.receive()
    t.ok(status >= 400 && status < 500, `${status}`)
    t.notMatch(`${JSON.stringify(headers)} ${body}`, marker)
  }
})

t.test('reflection: an address is only in the response to its own request, and escaped', async t => {
  const { app } = serveApp(t)
  const address = "o'zq&amp;markerqz@example.com"
  const posted = await app.inject({ method: 'POST', url: autodiscover, payload: poxRequest(address) })
  t.match(posted.body, '<LoginName>o&apos;zq&amp;markerqz@example.com</LoginName>')
  t.notMatch(JSON.stringify(posted.headers), 'markerqz')
  const query = `email=${encodeURIComponent("o'zq&markerqz@example.com")}&name=${encodeURIComponent('<b>"J" & J</b>')}`
  const { body, headers } = await app.inject(`${profile}?${query}`)
  t.match(body, '<string>o&apos;zq&amp;markerqz@example.com</string>')
  t.match(body, '<string>&lt;b&gt;&quot;J&quot; &amp; J&lt;/b&gt;</string>')
  t.notMatch(JSON.stringify(headers), 'markerqz')
  const led = await app.inject({
    url: `${profile}?${query}`,
    headers: { host: 'example.com', 'x-forwarded-proto': 'http' }
  })
  t.match(led.headers.location, /^https:\/\/example\.com\/email\.mobileconfig\?email=[\w.%']+&name=[\w.%]+$/)
  t.equal(led.body, '')
})

t.test('reflection: an address cannot add elements', async t => {
  const { app } = serveApp(t)
  for (const address of [
    'a&lt;/LoginName&gt;&lt;Server&gt;evil&lt;/Server&gt;@example.com',
    'jane@example.com&lt;/LoginName&gt;&lt;Server&gt;evil',
    '<![CDATA[</LoginName><Server>evil</Server>]]>@example.com',
    'jane&#10;@example.com',
    'jane&#0;@example.com',
    'jane&#xFFFE;@example.com',
    'jane&#xFDD0;0&#xFDD1;@example.com',
    'jane\u0001@example.com',
    'jane\ufffe@example.com'
  ]) {
    const { statusCode, body } = await app.inject({ method: 'POST', url: autodiscover, payload: poxRequest(address) })
    t.equal(statusCode, 200)
    t.match(body, /<ErrorCode>(?:500|600)<\/ErrorCode>/, address)
    t.notMatch(body, 'evil')
  }
})
