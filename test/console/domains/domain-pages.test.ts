import t from 'tap'
import { clients } from '../../../src/clients/index.ts'
import type { ClientResult } from '../../../src/conformance/matrix.ts'
import { documentPage, documentsCard } from '../../../src/console/domains/documents-card.ts'
import { domainPage } from '../../../src/console/domains/domain-page.ts'
import { createDomainPages } from '../../../src/console/domains/domain-pages.ts'
import { findDomain } from '../../../src/console/domains/find-domain.ts'
import { outcomeText, takenText, worstFirst } from '../../../src/console/domains/matrix-card.ts'
import { comparedPage } from '../../../src/console/domains/records-card.ts'
import { remedyOf } from '../../../src/console/domains/remedies.ts'
import { responseText } from '../../../src/console/frame/http-message.ts'
import { errors } from '../../../src/errors.ts'
import { createSource } from '../../../src/sources/source.ts'
import { textOf } from '../../support/console/open-console.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const table = tableOf(exampleSettings)
const source = createSource({ table })
const finder = { source, customers: undefined, mxLookUp: undefined }
const [provider] = table.providers
const [client] = clients
if (provider === undefined || client === undefined) throw new Error('the example has a provider')

t.test(
  'domain pages: while the directory is unavailable, pages get 503, and the search says that the domain is uncertain',
  async t => {
    const lookUp = async () => {
      throw errors.unavailable()
    }
    const pages = createDomainPages({
      finder: { ...finder, customers: { lookUp } as never },
      certificates: { certificatesAt: () => [] },
      createResolver: () => ({ look: async () => t.fail('no lookup') as never })
    })
    const context = { runner: { resultOf: () => undefined }, token: 'x' }
    for (const answer of [
      await pages.show('shop.example', context),
      await pages.compare('shop.example'),
      await pages.showDocument('shop.example', 'thunderbird'),
      await pages.trace('jane@shop.example', client.name)
    ]) {
      t.match(answer, { status: 503, code: 'AC_UNAVAILABLE' })
    }
    const text = textOf((await pages.search('shop.example')).body)
    t.match(text, 'The directory is unavailable, so it is unknown whether shop.example is served.')
    t.match(text, 'Domains in the directory are found by their whole name.')
  }
)

t.test('domain page: login names that are looked up have no pattern', async t => {
  const found = await findDomain('example.com', finder)
  if (typeof found !== 'object') throw new Error('not found')
  const looked = { ...found, provider: { ...found.provider, looksUpUsers: true } }
  const view = { rows: [], documents: [], records: [], names: undefined, lastCheck: undefined, token: 'x', now: 0 }
  t.match(textOf(domainPage({ ...view, found: looked }).body), 'Login name from users')
  t.match(textOf(domainPage({ ...view, found }).body), 'Login name %EMAILADDRESS%')
})

t.test('matrix: a server that a program uses for both directions is shown once', async t => {
  const server = { protocol: 'jmap', host: 'a.example', port: 443, security: 'tls', username: undefined } as const
  const text = 'jmap a.example:443 tls'
  t.equal(textOf(takenText({ incoming: server, outgoing: server, from: '' }).html).trim(), text)
  t.equal(textOf(takenText({ incoming: server, outgoing: undefined, from: '' }).html).trim(), text)
  const other = { ...server, protocol: 'smtp' } as const
  t.equal(
    textOf(takenText({ incoming: server, outgoing: other, from: '' }).html).trim(),
    `${text} smtp a.example:443 tls`
  )
  t.equal(outcomeText(undefined, '', '').html, '')
})

t.test('matrix: programs that fail come first, and the order is otherwise unchanged', async t => {
  const rows = (['same', 'different', 'nothing', 'same', 'nothing'] as const).map((verdict, id) => ({ id, verdict }))
  t.same(
    worstFirst(rows).map(({ id }) => id),
    [2, 4, 1, 0, 3]
  )
})

t.test('remedies: each verdict has advice that names what to change', async t => {
  const row: ClientResult = { client, verdict: 'nothing', detail: '', found: undefined, trace: [] }
  t.equal(remedyOf({ ...row, verdict: 'same' }, provider), '')
  t.match(remedyOf(row, provider), 'It needs what the table does not offer')
  t.match(remedyOf({ ...row, client: { ...client, name: 'apple' } }, provider), 'setup page')
  const after = (text: string) => ({ ...row, trace: [{ asked: text, result: '404' }] })
  const off = { ...provider, dialects: { ...provider.dialects, thunderbird: false } }
  const request = after('GET https://autoconfig.example.com/Mail/config-v1.1.xml?x')
  t.match(remedyOf(request, off), 'Set dialects.thunderbird to true')
  t.match(remedyOf(request, provider), 'It needs what the table does not offer')
  t.match(remedyOf(after('SRV'), off), 'It needs what the table does not offer')
  const pacc = after('GET https://ua-auto-config.example.com/.well-known/user-agent-configuration.json')
  const servers = provider.servers.map(server => ({ ...server, port: 9993 }))
  t.match(remedyOf(pacc, { ...provider, servers }), / is not served: .*9993/)
  t.match(
    remedyOf({ ...row, verdict: 'different', detail: 'logs in to imap as jane, expected x' }, provider),
    'login name'
  )
  t.match(
    remedyOf({ ...row, verdict: 'different', detail: 'takes imap b:1 tls, expected a' }, provider),
    'Offer only one server'
  )
})

t.test('documents: an error without a reason is marked', async t => {
  const shown = {
    name: 'api',
    title: 'Settings as JSON',
    reason: undefined,
    request: { method: 'GET', url: 'https://a.example/api', headers: {} },
    response: { status: 500, headers: {}, body: '' }
  } as const
  t.match(documentsCard([shown], 'a.example').html, '<span class="tag bad">500</span>')
  t.match(documentPage({ ...shown, reason: 'x' }, 'a.example').body, '<span class="tag plain">500</span>')
})

t.test('documents: a long body is cut off', async t => {
  const text = textOf(responseText({ status: 200, headers: {}, body: 'x'.repeat(8100) }).html)
  t.match(text, '… 100 more characters')
})

t.test('compared records: lists records that are missing, differ or cannot be looked up', async t => {
  const base = { name: 'a.example', type: 'CNAME', wanted: ['b.example.'], found: [], fault: null } as const
  const text = textOf(
    comparedPage('a.example', [
      { ...base, status: 'ok', found: ['b.example.'] },
      { ...base, status: 'missing' },
      { ...base, status: 'differs', found: ['c.example.'] },
      { ...base, status: 'failed', fault: 'SERVFAIL' }
    ]).body
  )
  t.match(text, 'Records as wanted: 1 of 4 names.')
  for (const part of [
    'CNAME ok b.example. b.example.',
    'CNAME missing b.example.',
    'CNAME differs b.example. c.example.',
    'CNAME failed b.example. SERVFAIL'
  ])
    t.match(text, part)
})
