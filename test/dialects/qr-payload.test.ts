import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { apple } from '../../src/dialects/apple/profile.ts'
import { appleQr, type QrPayload, thunderbirdQr } from '../../src/dialects/qr-payload.ts'
import { thunderbird } from '../../src/dialects/thunderbird/autoconfig.ts'
import { loginName } from '../../src/settings/names/login-name.ts'
import { toPersonName } from '../../src/settings/names/person-name.ts'
import type { Authentication } from '../../src/settings/schema.ts'
import type { Table } from '../../src/settings/table.ts'
import { anyAddressAt } from '../support/arbitraries/address.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'
import { anyTable } from '../support/arbitraries/table.ts'
import { anyText } from '../support/arbitraries/text.ts'
import { answerOf } from '../support/dialects/answer-of.ts'
import { type ImportedServer, readImportCode } from '../support/dialects/import-code.ts'
import { qrSubject } from '../support/dialects/qr-subject.ts'
import { readBack } from '../support/dialects/read-back.ts'
import { tableOf } from '../support/table-of.ts'

const table = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com, bücher.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
  - id: without
    name: Without
    domains: [without.example]
    dialects: { apple: false }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`)

t.test('apple-qr: is the https URL of the profile', async t => {
  t.same(appleQr(qrSubject(table, 'jane+tag@example.com'), undefined), {
    payload: 'https://autoconfig.example.com/email.mobileconfig?email=jane%2Btag%40example.com'
  })
  t.same(appleQr(qrSubject(table, 'é&f@bücher.example', ' Jane Dœ '), 'https://signpost.example.net'), {
    payload:
      'https://signpost.example.net/email.mobileconfig?email=%C3%A9%26f%40xn--bcher-kva.example&name=Jane%20D%C5%93'
  })
})

t.test('apple-qr: gives the reason if there can be no code', async t => {
  t.same(appleQr(qrSubject(table, 'jane@without.example'), undefined), {
    reason: 'there is no Apple profile for this domain'
  })
  for (const name of ['', 'a\nb', '\ud800', 'x'.repeat(101)]) {
    t.same(appleQr(qrSubject(table, 'jane@example.com', name), undefined), {
      reason: 'the name must be 1 to 100 visible characters on one line'
    })
  }
})

t.test('apple-qr: any code leads to the profile of the person', async () => {
  const anybody = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)), name: anyText(100) })
  )
  fc.assert(
    fc.property(anybody, ({ table, address, name }) => {
      const subject = qrSubject(table, address.text, name)
      const code = appleQr(subject, undefined)
      if ('reason' in code) return
      assert.match(code.payload, /^[\x21-\x7e]+$/)
      const { origin, hostname: host, pathname: url, search } = new URL(code.payload)
      assert.equal(origin, `https://autoconfig.${address.domain}`)
      const profile = answerOf(apple, table, { url, query: search.slice(1), host })
      assert.equal(profile?.status, 200)
      assert.equal(
        profile?.body,
        answerOf(apple, table, { query: new URLSearchParams({ email: address.text, name }).toString() })?.body
      )
    })
  )
})

const imap = '{ protocol: imap, host: imap.example.com }'
const pop3 = '{ protocol: pop3, host: pop.example.com, security: starttls }'
const smtp = '{ protocol: smtp, host: smtp.example.com }'

const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: a, name: N, domains: [example.com, bücher.example], ${more} servers: [${servers}] }]`)
const seed = withServers(`${pop3}, ${imap}, ${smtp}, { protocol: smtp, host: later.example.com, security: starttls }`)

const codeFor = (table: Table, address = 'jane@example.com', name?: string) =>
  thunderbirdQr(qrSubject(table, address, name))
const read = (code: QrPayload) => {
  assert('payload' in code, JSON.stringify(code))
  return readImportCode(code.payload)
}

t.test('thunderbird-qr: equals the example of the specification for the same account', async t => {
  t.same(codeFor(seed, 'jane@example.com', 'Jane Doe'), {
    payload:
      '[1,[1,1],[0,"imap.example.com",993,3,1,"jane@example.com"],' +
      '[[[0,"smtp.example.com",465,3,1,"jane@example.com"],["jane@example.com","Jane Doe"]]]]'
  })
})

t.test('thunderbird-qr: the display name is the name of the person, or else the address', async t => {
  t.equal(read(codeFor(seed, 'jane@example.com', ' Seán O"Neill \u{1f4eb} ')).displayName, 'Seán O"Neill \u{1f4eb}')
  t.equal(read(codeFor(seed)).displayName, 'jane@example.com')
})

t.test('thunderbird-qr: contains pop3 if there is no imap', async t => {
  const { incoming } = read(codeFor(withServers(`${smtp}, ${pop3}`)))
  t.match(incoming, { protocol: 1, host: 'pop.example.com', port: 110, security: 2 })
})

t.test('thunderbird-qr: host and user name contain the parts of the address', async t => {
  const own = '{ protocol: imap, host: mail.%EMAILDOMAIN% }, { protocol: smtp, host: "%EMAILDOMAIN%" }'
  const { incoming, outgoing, emailAddress } = read(
    codeFor(withServers(own, 'username: "%EMAILLOCALPART%",'), 'Jane+tag@bücher.example')
  )
  t.match(incoming, { host: 'mail.xn--bcher-kva.example', login: 'Jane+tag' })
  t.match(outgoing, { host: 'xn--bcher-kva.example', login: 'Jane+tag' })
  t.equal(emailAddress, 'Jane+tag@xn--bcher-kva.example')
})

t.test('thunderbird-qr: each kind of security has its code', async t => {
  for (const [security, code] of [
    ['tls', 3],
    ['starttls', 2],
    ['none, allowPlaintext: true', 0]
  ] as const) {
    const table = withServers(`${smtp}, { protocol: imap, host: imap.example.com, security: ${security} }`)
    t.equal(read(codeFor(table)).incoming.security, code, security)
  }
})

t.test('thunderbird-qr: the method is a password if accepted, or else the first that the program knows', async t => {
  for (const [methods, code, host = 'smtp.example.com'] of [
    ['oauth2, password', 1],
    ['encrypted-password, password', 2],
    ['gssapi, ntlm, encrypted-password', 2],
    ['oauth2, client-certificate', 5],
    ['gssapi, oauth2', 6, 'smtp.gmail.com'],
    ['client-certificate', 5],
    ['none', 0]
  ] as const) {
    const table = withServers(`${imap}, { protocol: smtp, host: ${host}, authentication: [${methods}] }`)
    t.equal(read(codeFor(table)).outgoing.authentication, code, methods)
  }
})

t.test('thunderbird-qr: gives the reason if there can be no code', async t => {
  const kerberos = '{ protocol: smtp, host: smtp.example.com, authentication: [gssapi, ntlm] }'
  const oauth = '{ protocol: smtp, host: smtp.example.com, authentication: [oauth2] }'
  const long = `${'x'.repeat(64)}@example.com`
  for (const [reason, code] of [
    [
      'Thunderbird is disabled for this domain',
      codeFor(withServers(`${imap}, ${smtp}`, 'dialects: { thunderbird: false },'))
    ],
    ['there is no imap or pop3 server', codeFor(withServers(smtp))],
    ['there is no smtp server', codeFor(withServers(imap))],
    ['Thunderbird for Android cannot log in to smtp with gssapi or ntlm', codeFor(withServers(`${imap}, ${kerberos}`))],
    ['Thunderbird for Android cannot log in to smtp with oauth2', codeFor(withServers(`${imap}, ${oauth}`))],
    ['Thunderbird for Android supports only ASCII addresses', codeFor(seed, 'jané@example.com')],
    ...['.jane', 'jane.', 'ja..ne'].map(
      local =>
        [
          'Thunderbird for Android supports dots only between other characters',
          codeFor(seed, `${local}@example.com`)
        ] as const
    ),
    ...['a\nb', 'a\rb', ' ', 'x'.repeat(101)].map(
      name =>
        ['the name must be 1 to 100 visible characters on one line', codeFor(seed, 'jane@example.com', name)] as const
    ),
    ['it would have 917 characters, but phones can read at most 800', codeFor(seed, long, 'é'.repeat(100))]
  ] as const) {
    t.same(code, { reason })
  }
})

t.test('thunderbird-qr: for any table and address, it has the same servers as autoconfig, or a reason', async () => {
  const anyName = fc.oneof(anyText(110), fc.string({ unit: anyCharacter, maxLength: 5 }))
  const anybody = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)), name: fc.option(anyName) })
  )
  let written = 0
  fc.assert(
    fc.property(anybody, ({ table, address, name }) => {
      const subject = qrSubject(table, address.text, name ?? undefined)
      const code = thunderbirdQr(subject)
      const query = `emailaddress=${encodeURIComponent(address.text)}`
      const servers = serversOf(answerOf(thunderbird, table, { query })?.body, table)
      const displayName = name === null ? address.text : name.trim()
      if ('reason' in code) {
        const readable = /^[\x21-\x7e]+$/.test(address.text) && !/^\.|\.\.|\.@/.test(address.text)
        const expressible = servers?.every(({ authentication }) => authentication !== undefined)
        const named = toPersonName(displayName) === displayName
        if (readable && expressible && named) assert.match(code.reason, /^it would be \d+ characters/)
        return
      }
      written += 1
      const [incoming, outgoing] = servers ?? []
      const login = loginName(subject, address)
      assert.deepEqual(readImportCode(code.payload), {
        incoming: { ...incoming, login },
        outgoing: { ...outgoing, login },
        emailAddress: address.text,
        displayName
      })
    })
  )
  assert(written > 10, 'many accounts can be written')
})

interface ServerElement {
  readonly '@type': string
  readonly hostname: string
  readonly port: string
  readonly socketType: string
}

/** The first incoming and the outgoing server of an autoconfig document, in the codes of the format. */
function serversOf(body: string | undefined, { providers }: Table) {
  if (body === undefined) return undefined
  const { clientConfig } = readBack(body) as {
    clientConfig: { emailProvider: { incomingServer: ServerElement[]; outgoingServer: ServerElement } }
  }
  const { incomingServer, outgoingServer } = clientConfig.emailProvider
  return [...incomingServer.slice(0, 1), outgoingServer].map(
    (element): Omit<ImportedServer, 'login' | 'authentication'> & { authentication: number | undefined } => {
      const server = providers[0]?.servers.find(({ protocol }) => protocol === element['@type'])
      return {
        protocol: element['@type'] === 'pop3' ? 1 : 0,
        host: element.hostname,
        port: Number(element.port),
        security: ['plain', '', 'STARTTLS', 'SSL'].indexOf(element.socketType),
        authentication: codeOf(server?.authentication ?? [])
      }
    }
  )
}

function codeOf(methods: readonly Authentication[]): number | undefined {
  // Why not oauth2: no server of these tables is in the program's list.
  const codes = ['none', 'password', 'encrypted-password', '', '', 'client-certificate']
  const known = methods.map(method => codes.indexOf(method)).filter(code => code >= 0)
  return known.find(code => code === 1 || code === 2) ?? known[0]
}

t.test('thunderbird-qr: a portal adds the password and aliases', async t => {
  const subject = qrSubject(table, 'jane@example.com', 'Jane')
  const aliases = [qrSubject(table, 'j@example.com').address]
  const code = (input: QrPayload) => ('payload' in input ? JSON.parse(input.payload) : input)
  const incoming = [0, 'imap.example.com', 993, 3, 1, 'jane@example.com']
  const outgoing = [0, 'smtp.example.com', 465, 3, 1, 'jane@example.com']
  const identities = [
    ['jane@example.com', 'Jane'],
    ['j@example.com', 'Jane']
  ]
  t.same(code(thunderbirdQr(subject, { password: 'p"ü', aliases })), [
    1,
    [1, 1],
    [...incoming, '', 'p"ü'],
    [[[...outgoing, 'p"ü'], ...identities]]
  ])
  t.same(code(thunderbirdQr(subject, { aliases })), [1, [1, 1], incoming, [[outgoing, ...identities]]])
})

t.test('thunderbird-qr: servers without password authentication get no password', async t => {
  const open = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com, authentication: [encrypted-password] }
      - { protocol: smtp, host: smtp.example.com, authentication: [none], username: none }
`)
  const written = thunderbirdQr(qrSubject(open, 'jane@example.com'), { password: 's3cret' })
  t.match(written, { payload: /"","s3cret"\],\[\[\[0,"smtp\.example\.com",465,3,0,""\],/ })
})
