import t from 'tap'
import { unservedDialects } from '../../src/cli/table-findings.ts'
import { tableOf } from '../support/table-of.ts'

const told = (servers: string, more = '') =>
  unservedDialects(
    tableOf(`
providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: s.example }] }
  - { id: b, name: B, domains: [b.example], ${more} servers: [${servers}] }
`)
  )

const imap = '{ protocol: imap, host: imap.b.example }'
const smtp = '{ protocol: smtp, host: smtp.b.example }'

t.test('unserved dialects: none if everything is served', async t => t.same(told(`${imap}, ${smtp}`), []))

t.test('unserved dialects: warnings about the provider, with the title of the dialect', async t =>
  t.same(told(`${imap}, { protocol: smtp, host: smtp.b.example, security: starttls }`), [
    {
      severity: 'warning',
      path: ['providers', 1],
      message: 'PACC is not served: it needs implicit TLS on the standard ports; smtp uses starttls on 587'
    }
  ])
)

t.test('unserved dialects: one warning for each dialect, but none for dialects that depend on another', async t => {
  t.same(
    told('{ protocol: imap, host: imap.b.example, authentication: [oauth2] }').map(({ message }) => message),
    [
      'Thunderbird autoconfig is not served: it needs an smtp server',
      'Outlook autodiscover is not served: it needs an imap, pop3 or smtp server with password or NTLM authentication',
      'Apple profile is not served: it needs an imap or pop3 server and an smtp server with password authentication',
      'PACC is not served: it needs a password on all servers, or OAuth on all of them'
    ]
  )
})

t.test('unserved dialects: none for dialects that are switched off', async t => {
  t.same(told(imap, 'dialects: { thunderbird: false, outlook: false, apple: false, pacc: false },'), [])
})
