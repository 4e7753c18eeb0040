import t from 'tap'
import { greeting, type Listening } from '../../src/serve/greeting.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const place = { address: '192.0.2.1', port: 8080 }
const listening: Listening = { plain: [place], secure: [], admin: undefined }

/** @param patterns for each provider its domain and the dialects that are switched off */
function tableFor(...patterns: readonly (readonly [domains: string, off?: string])[]) {
  const providers = patterns.map(
    ([domains, off = ''], at) => `
  - id: p${at}
    name: P
    domains: [${domains}]
    dialects: { ${off} }
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]`
  )
  return tableOf(`providers:${providers.join('')}\n`)
}

t.test('greeting: shows the address, the served domains, and a request for each dialect', async t => {
  t.equal(
    greeting(listening, tableOf(exampleSettings)),
    `Signpost listens on http://192.0.2.1:8080/ and serves
  example: example.com, xn--bcher-kva.example
  customers: *.customers.example

Try:
  curl 'http://192.0.2.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.com'
  curl -H 'Host: autodiscover.example.com' http://192.0.2.1:8080/autodiscover/autodiscover.xml
  curl 'http://192.0.2.1:8080/email.mobileconfig?email=jane@example.com'
`
  )
})

t.test('greeting: its URLs open in a browser, even if the service listens on all addresses', async t => {
  const table = tableFor(['example.com'])
  for (const [addresses, listens, origin] of [
    [['0.0.0.0'], 'http://localhost:80/ (all IPv4 addresses)', 'http://localhost:80/'],
    [['::'], 'http://localhost:80/ (all addresses)', 'http://localhost:80/'],
    [['127.0.0.1', '::1'], 'http://127.0.0.1:80/ and http://[::1]:80/', 'http://127.0.0.1:80/'],
    [['2001:db8::1'], 'http://[2001:db8::1]:80/', 'http://[2001:db8::1]:80/']
  ] as const) {
    const plain = addresses.map(address => ({ address, port: 80 }))
    const text = greeting({ ...listening, plain }, table)
    t.ok(text.startsWith(`Signpost listens on ${listens} and serves\n`), text)
    const [, tries = ''] = text.split('Try:')
    t.equal(tries.split(origin).length, 4)
  }
})

t.test('greeting: requests that are redirected use https, and those for metrics the admin listener', async t => {
  const secure = [{ address: '::', port: 8443 }]
  const text = greeting({ ...listening, secure, admin: { address: '0.0.0.0', port: 9090 } }, tableFor(['example.com']))
  t.match(text, 'Signpost listens on http://192.0.2.1:8080/ and https://localhost:8443/ (all addresses) and serves\n')
  t.equal(
    text.split('Try:\n')[1],
    [
      `  curl 'http://192.0.2.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.com'`,
      `  curl -k -H 'Host: autodiscover.example.com' https://localhost:8443/autodiscover/autodiscover.xml`,
      `  curl -k 'https://localhost:8443/email.mobileconfig?email=jane@example.com'`,
      '  curl http://localhost:9090/metrics\n'
    ].join('\n')
  )
  t.match(text, '\nThe console for administrators: http://localhost:9090/\n\nTry:\n')
})

t.test('greeting: has only requests for served dialects', async t => {
  for (const [table, outlookDomain, appleDomain] of [
    [tableFor(['"*.customers.example"']), 'example.customers.example', 'example.customers.example'],
    [tableFor(['"*"']), 'example.com', 'example.com'],
    [tableFor(['"*", a.example']), 'a.example', 'a.example'],
    [tableFor(['a.example', 'apple: false'], ['b.example']), 'a.example', 'b.example'],
    [tableFor(['a.example', 'apple: false']), 'a.example', undefined],
    [tableFor(['a.example', 'outlook: false']), undefined, 'a.example']
  ] as const) {
    const text = greeting(listening, table)
    t.equal(/Host: autodiscover\.(.+)'/.exec(text)?.[1], outlookDomain)
    t.equal(/email=jane@(.+)'/.exec(text)?.[1], appleDomain)
  }
})

t.test('greeting: lists at most ten providers, and two domains of a provider with many', async t => {
  const domains = (count: number, of: string) =>
    Array.from({ length: count }, (_, index) => `d${index}.${of}`).join(', ')
  const text = greeting(listening, tableFor([domains(3, 'few')], [domains(10_000, 'many')]))
  t.match(text, /\n {2}p0: d0\.few, d1\.few, d2\.few\n {2}p1: d0\.many, d1\.many and 9998 more\n\nTry/)
  const providers = (count: number) => Array.from({ length: count }, (_, index) => [`a${index}.example`] as const)
  t.match(greeting(listening, tableFor(...providers(10))), /\n {2}p9: a9\.example\n\nTry/)
  t.match(greeting(listening, tableFor(...providers(12))), /\n {2}p9: a9\.example\n {2}and 2 more providers\n\nTry/)
})
