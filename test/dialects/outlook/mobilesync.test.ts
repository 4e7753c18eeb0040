import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { outlook } from '../../../src/dialects/outlook/autodiscover.ts'
import { compileMobileSync, mobileSyncNamespace } from '../../../src/dialects/outlook/mobilesync.ts'
import { autodiscoverFaults } from '../../schemas/autodiscover-faults.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { readBack } from '../../support/dialects/read-back.ts'
import { outlookSchema, poxRequest } from '../../support/pox-request.ts'
import { tableOf } from '../../support/table-of.ts'

const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} servers: [${servers}] }]`)
const imap = '{ protocol: imap, host: imap.example.com }'
const oauthOnly = '{ protocol: imap, host: imap.example.com, authentication: [oauth2] }'
const eas = '{ protocol: activesync, url: "https://eas.%EMAILDOMAIN%/Microsoft-Server-ActiveSync" }'
const seed = withServers(`${imap}, ${eas}`)

const ask = (address: string, table = seed, schema = mobileSyncNamespace) =>
  answerOf(outlook, table, { method: 'POST', body: Buffer.from(poxRequest(address, schema)) })

const code = (document: ReturnType<typeof ask>) => /<ErrorCode>(\d+)</.exec(document?.body ?? '')?.[1]

t.test('mobilesync: any table with ActiveSync gives a valid document that reads back to its values', async () => {
  const request = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)) })
  )
  let written = 0
  fc.assert(
    fc.property(request, ({ table, address: { text, domain } }) => {
      const response = ask(text.replaceAll('&', '&amp;'), table)
      const service = table.settings.providers[0]?.servers.find(({ protocol }) => protocol === 'activesync')
      if (service?.url === undefined) {
        assert(response === undefined || code(response) === '601')
        return
      }
      written += 1
      assert.deepEqual(autodiscoverFaults(response?.body ?? ''), [])
      const url = new URL(service.url.replaceAll('%EMAILDOMAIN%', domain)).href
      assert.deepEqual(readBack(response?.body ?? ''), {
        Autodiscover: {
          '@xmlns': 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006',
          Response: {
            '@xmlns': mobileSyncNamespace,
            Culture: 'en:us',
            User: { DisplayName: text, EMailAddress: text },
            Action: { Settings: { Server: { Type: 'MobileSync', Url: url, Name: url } } }
          }
        }
      })
    }),
    // Why so many runs: only some of the tables have ActiveSync.
    { numRuns: 300 }
  )
  assert(written > 10, 'many tables have ActiveSync')
})

t.test('mobilesync: has Culture, User and Action in this order', async t => {
  const { status, headers, body = '' } = ask('jane@example.com') ?? {}
  t.equal(status, 200)
  t.match(headers, { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' })
  t.match(body, /<Culture>en:us<\/Culture>\s*<User>.*<\/User>\s*<Action>.*<\/Action>\s*<\/Response>/s)
  t.match(body, '<Url>https://eas.example.com/Microsoft-Server-ActiveSync</Url>')
})

t.test("mobilesync: accepts the client's schema in any letter case", async t =>
  t.same(ask('jane@example.com', seed, mobileSyncNamespace.toUpperCase()), ask('jane@example.com'))
)

t.test('mobilesync: answers 601 without an ActiveSync server, and never offers IMAP instead', async t => {
  const response = ask('jane@example.com', withServers(imap))
  t.equal(response?.status, 200)
  t.equal(code(response), '601')
  t.notMatch(response?.body, 'IMAP')
})

t.test('mobilesync: if a provider has only ActiveSync, an Outlook request gets 601 and a GET gets 404', async t => {
  const table = withServers(`${oauthOnly}, ${eas}`)
  t.equal(code(ask('jane@example.com', table, outlookSchema)), '601')
  t.match(ask('jane@example.com', table)?.body, 'MobileSync')
  t.match(answerOf(outlook, table, { host: 'example.com' }), {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' }
  })
})

t.test('mobilesync: an address is required', async t => {
  const [provider] = seed.providers
  assert(provider)
  const withoutAddress = { provider, domain: 'example.com', address: undefined, personName: undefined }
  t.equal(code(compileMobileSync(provider)?.(withoutAddress)), '600')
  t.equal(code(ask('')), '600')
  t.equal(code(ask('jane')), '500')
})

t.test('mobilesync: gives no answer for an unknown domain, and none if the provider has it switched off', async t => {
  t.equal(ask('jane@other.example'), undefined)
  t.equal(ask('jane@example.com', withServers(`${imap}, ${eas}`, 'dialects: { outlook: false },')), undefined)
})
