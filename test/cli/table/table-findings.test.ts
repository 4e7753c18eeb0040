import t from 'tap'
import { misledPrograms, unservedDialects } from '../../../src/cli/table/table-findings.ts'
import { tableMatrix } from '../../../src/conformance/table-matrix.ts'
import { tableOf } from '../../support/table-of.ts'

const unservedIn = (servers: string, more = '') =>
  unservedDialects(
    tableOf(`
providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: s.example }] }
  - { id: b, name: B, domains: [b.example], ${more} servers: [${servers}] }
`)
  )

const imap = '{ protocol: imap, host: imap.b.example }'
const smtp = '{ protocol: smtp, host: smtp.b.example }'

t.test('unserved dialects: none if everything is served', async t => t.same(unservedIn(`${imap}, ${smtp}`), []))

t.test('unserved dialects: warnings about the provider, with the title of the dialect', async t =>
  t.same(unservedIn(`${imap}, { protocol: smtp, host: smtp.b.example, security: starttls }`), [
    {
      severity: 'warning',
      path: ['providers', 1],
      message: 'PACC is not served: it needs implicit TLS on the standard ports; smtp uses starttls on 587'
    }
  ])
)

t.test('unserved dialects: one warning for each dialect, but none for dialects that depend on another', async t => {
  t.same(
    unservedIn('{ protocol: imap, host: imap.b.example, authentication: [oauth2] }').map(({ message }) => message),
    [
      'Thunderbird autoconfig is not served: it needs an smtp server',
      'Outlook autodiscover is not served: it needs an imap, pop3 or smtp server with password or NTLM authentication',
      'Apple profile is not served: it needs an imap or pop3 server and an smtp server with password authentication',
      'PACC is not served: it needs a password on all servers, or OAuth on all of them'
    ]
  )
})

t.test('unserved dialects: none for dialects that are switched off', async t => {
  t.same(unservedIn(imap, 'dialects: { thunderbird: false, outlook: false, apple: false, pacc: false },'), [])
})

const misled = async (domains: string, more = '') => {
  const settings = `
providers:
  - { id: a, name: A, domains: [${domains}], ${more} servers: [${imap}, ${smtp}] }
`
  return misledPrograms(await tableMatrix(tableOf(settings))).map(({ message }) => message)
}

t.test(
  'misled programs: a domain typed in its own script is a warning, with the programs that it misleads',
  async t => {
    for (const domains of ['bücher.example', 'a.example, "*.b.example", bücher.example']) {
      const messages = await misled(domains)
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
    t.match((await misled('"*.bücher.example"')).join('\n'), 'find nothing for jane.doe@example.bücher.example')
  }
)

t.test('misled programs: a login name without the domain is the same in every script', async t => {
  const messages = await misled('bücher.example', 'username: "%EMAILLOCALPART%",')
  t.match(messages.join('\n'), 'these programs find nothing')
  t.notMatch(
    messages.find(message => message.includes('these programs log in as')),
    /Evolution/
  )
})

t.test('misled programs: there is no warning for a script that misleads no program', async t => {
  t.same(await misled('a.example'), [])
  const [matrix] = await tableMatrix(
    tableOf(`providers: [{ id: a, name: A, domains: [a.example], servers: [${imap}, ${smtp}] }]`)
  )
  const nativeScript = { ascii: 'x', typed: 'x', lost: [], logsInAsTyped: [] }
  t.same(misledPrograms(matrix === undefined ? [] : [{ ...matrix, nativeScript }]), [])
})
