import t from 'tap'
import { greeting } from '../../src/cli/greeting.ts'
import { exampleSettings } from '../served-app.ts'
import { tableOf } from '../table-of.ts'

const place = { address: '192.0.2.1', port: 8080 }

/** @param patterns domains of one provider after the other, and the dialects that each has off */
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

t.test('greeting: tells the address, what is served, and a request for each dialect', async t => {
  t.equal(
    greeting([place], tableOf(exampleSettings)),
    `Signpost listens on http://192.0.2.1:8080 and serves
  example: example.com, xn--bcher-kva.example
  customers: *.customers.example

Try:
  curl 'http://192.0.2.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.com'
  curl -H 'Host: autodiscover.example.com' http://192.0.2.1:8080/autodiscover/autodiscover.xml
  curl 'http://192.0.2.1:8080/email.mobileconfig?email=jane@example.com'
`
  )
})

t.test('greeting: every address is told, and one that can be asked is tried', async t => {
  const table = tableFor(['example.com'])
  for (const [addresses, listens, asked] of [
    [['0.0.0.0'], 'http://0.0.0.0:80', 'http://127.0.0.1:80/'],
    [['::'], 'http://[::]:80', 'http://[::1]:80/'],
    [['127.0.0.1', '::1'], 'http://127.0.0.1:80 and http://[::1]:80', 'http://127.0.0.1:80/'],
    [['2001:db8::1'], 'http://[2001:db8::1]:80', 'http://[2001:db8::1]:80/']
  ] as const) {
    const text = greeting(
      addresses.map(address => ({ address, port: 80 })),
      table
    )
    t.ok(text.startsWith(`Signpost listens on ${listens} and serves\n`), text)
    t.equal(text.split(asked).length, 4)
  }
})

t.test('greeting: only what is served is tried', async t => {
  for (const [table, outlookDomain, appleDomain] of [
    [tableFor(['"*.customers.example"']), 'example.customers.example', 'example.customers.example'],
    [tableFor(['"*"']), 'example.com', 'example.com'],
    [tableFor(['"*", a.example']), 'a.example', 'a.example'],
    [tableFor(['a.example', 'apple: false'], ['b.example']), 'a.example', 'b.example'],
    [tableFor(['a.example', 'apple: false']), 'a.example', undefined],
    [tableFor(['a.example', 'outlook: false']), undefined, 'a.example']
  ] as const) {
    const text = greeting([place], table)
    t.equal(/Host: autodiscover\.(.+)'/.exec(text)?.[1], outlookDomain)
    t.equal(/email=jane@(.+)'/.exec(text)?.[1], appleDomain)
  }
})
