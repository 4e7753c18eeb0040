import t from 'tap'
import { misledPrograms, unservedDialects } from '../../src/cli/table-findings.ts'
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

t.test(
  'misled programs: a domain in another script names the programs that find nothing or log in as typed',
  async t => {
    const messages = (await misledPrograms(tableOf(tableFor('bücher.example')))).map(({ message }) => message)
    const typed = 'jane.doe@bücher.example'
    const ascii = 'jane.doe@xn--bcher-kva.example'
    t.equal(
      messages.find(message => message.includes('find nothing')),
      `a: these programs find nothing for ${typed}, only for ${ascii}: Thunderbird, Thunderbird for Android, K-9 Mail, KMail, Delta Chat`
    )
    const logsIn = messages.find(message => message.startsWith(`a: these programs log in as ${typed}`)) ?? ''
    t.match(logsIn, `not as ${ascii}: `)
    t.match(logsIn, /Evolution, .*aerc/)
    t.notMatch(logsIn, /SnappyMail/)
  }
)

t.test('misled programs: a login name without the domain is the same in every script', async t => {
  const messages = (await misledPrograms(tableOf(tableFor('bücher.example', 'username: "%EMAILLOCALPART%",')))).map(
    ({ message }) => message
  )
  t.match(messages.join('\n'), 'these programs find nothing')
  t.notMatch(messages.find(message => message.includes('these programs log in as')) ?? '', /Evolution/)
})

t.test('misled programs: a domain in ASCII has no other form', async t => {
  t.same(await misledPrograms(tableOf(tableFor('a.example'))), [])
})

function tableFor(domain: string, more = ''): string {
  return `
providers:
  - { id: a, name: A, domains: [${domain}], ${more} servers: [${imap}, ${smtp}] }
`
}
