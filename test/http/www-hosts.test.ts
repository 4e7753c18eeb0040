/**
 * Websites that redirect `example.com` to `www.example.com` with the path, and proxy the paths of mail programs there.
 */
import t from 'tap'
import { createApp } from '../../src/app.ts'
import { createSource } from '../../src/sources/source.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { tableOf } from '../support/table-of.ts'

const table = tableOf(`
providers:
  - id: example
    name: Example Mail
    domains: [example.com, "*.example.com"]
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.%EMAILDOMAIN% }
      - { protocol: caldav, url: "https://dav.%EMAILDOMAIN%/dav/" }
      - { protocol: carddav, url: "https://dav.%EMAILDOMAIN%/dav/" }
      - { protocol: jmap, url: "https://jmap.%EMAILDOMAIN%/session" }
`)

const requests = [
  ['GET', '/mail/config-v1.1.xml'],
  ['GET', '/.well-known/autoconfig/mail/config-v1.1.xml'],
  ['GET', '/.well-known/mail-v1.xml'],
  ['GET', '/autodiscover/autodiscover.xml'],
  ['GET', '/.well-known/user-agent-configuration.json'],
  ['PROPFIND', '/.well-known/caldav'],
  ['GET', '/.well-known/carddav'],
  ['GET', '/.well-known/jmap'],
  ['GET', '/']
] as const

t.test('www: every path that depends on the host gets the response of the domain', async t => {
  const app = createApp({ source: createSource({ table }), logger: silentLogger })
  const ask = async (method: string, url: string, host: string) => {
    const { statusCode, headers, body } = await app.inject({ method: method as 'GET', url, headers: { host } })
    return { statusCode, location: headers.location, body: body.replace(/nonce-?="?[^"']*/g, '') }
  }
  for (const [method, url] of requests) {
    const expected = await ask(method, url, 'example.com')
    t.ok(expected.statusCode < 400, url)
    for (const host of ['www.example.com', 'WWW.Example.com:443', 'autoconfig.www.example.com', 'mail.example.com']) {
      t.same(await ask(method, url, host), expected, `${url} at ${host}`)
    }
  }
})
