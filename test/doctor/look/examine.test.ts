import assert from 'node:assert/strict'
import t from 'tap'
import { davx5 } from '../../../src/clients/dav/davx5.ts'
import { gnomeOnlineAccountsDav } from '../../../src/clients/dav/gnome-online-accounts-dav.ts'
import { thunderbirdDav } from '../../../src/clients/dav/thunderbird-dav.ts'
import { geary } from '../../../src/clients/geary.ts'
import { kde } from '../../../src/clients/kde.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { type ExamineOptions, examine } from '../../../src/doctor/look/examine.ts'
import { toSubject } from '../../../src/doctor/look/examined-domain.ts'
import { NetworkFault } from '../../../src/network/network-fault.ts'
import type { NetworkWorld } from '../../../src/network/network-world.ts'
import type { Resolver } from '../../../src/network/resolver.ts'
import type { ServiceToProbe } from '../../../src/probes/probe.ts'
import { answer, exchange, now } from '../../support/doctor/seen.ts'
import { tableOf } from '../../support/table-of.ts'

const table = tableOf(`providers:
  - id: a
    name: A
    domains: [bücher.example, example.com]
    servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: s.example }]
`)

const tableWorld = createTableWorld(table)

/** Models reach the table, and everything else is unreachable. */
const world: NetworkWorld = {
  exchange: async ({ method, ...rest }) => tableWorld.exchange({ method: method === 'POST' ? 'POST' : 'GET', ...rest }),
  dns: tableWorld.dns,
  observe: async ({ url }) => exchange(url, { kind: 'no-host' }),
  resolver: { servers: [], look: (async (type, name) => answer(type, name, [])) as Resolver['look'] }
}

async function examineAs(text: string, more: Partial<ExamineOptions> = {}) {
  const subject = toSubject(text)
  assert(subject)
  return await examine(subject, {
    ...{
      world,
      clients: [kde, geary],
      davClients: [],
      timeoutMs: 1,
      allowPrivate: false,
      nonsense: 'x',
      now: () => now
    },
    probeServer: async server => ({
      ...{ server, greeting: undefined, tls: undefined, capabilities: [], authentication: [], ms: 0 },
      ...{ plaintextRefused: undefined, logIn: 'not tried', faults: [] }
    }),
    probeService: () => Promise.reject(new NetworkFault('no-host', 'there is no service')),
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more
  })
}

t.test('examine: programs search again with the domain in its own script', async t => {
  for (const typed of ['bücher.example', 'xn--bcher-kva.example']) {
    const { nativeScript, programs } = await examineAs(typed)
    t.ok(
      programs.every(({ discovery }) => discovery.account !== undefined),
      typed
    )
    t.same(nativeScript?.lost, [kde])
    t.same(nativeScript?.logsInAsTyped, [geary])
    t.equal(nativeScript?.typed, 'postmaster@bücher.example')
  }
  t.match(await examineAs('Jane@bücher.example'), { nativeScript: { typed: 'Jane@bücher.example' } })
})

t.test('examine: a domain in ASCII has no other form', async t => {
  t.equal((await examineAs('example.com')).nativeScript, undefined)
})

t.test('examine: programs for calendars and contacts search if the domain advertises a server', async t => {
  const target = 'https://dav.example.net/'
  const challenge = { status: 401, headers: { 'www-authenticate': 'Basic' }, body: '' }
  const redirect = { status: 307, headers: { location: target }, body: '' }
  const pointer = 'https://example.com/.well-known/caldav'
  const answerTo = (url: string) => (url === pointer ? redirect : url === target ? challenge : undefined)
  const offering: NetworkWorld = {
    ...world,
    exchange: async ({ url }) => answerTo(url) ?? { status: 404, headers: {}, body: '' },
    observe: async ({ url }) => exchange(url, answerTo(url) ?? { kind: 'no-host' })
  }
  const probeService = async (service: ServiceToProbe) => ({
    ...{ service, url: service.url, status: 401, capabilities: [], authentication: [], faults: [], ms: 0 }
  })
  const davClients = [thunderbirdDav, davx5, gnomeOnlineAccountsDav]
  const { davPrograms } = await examineAs('example.com', { world: offering, davClients, probeService })
  t.same(
    davPrograms.map(({ client, discovery }) => [client.name, discovery.caldav, discovery.carddav]),
    [
      ['thunderbird-dav', undefined, undefined],
      ['davx5', target, undefined],
      ['gnome-online-accounts-dav', target, undefined]
    ]
  )
  t.same((await examineAs('example.com', { davClients })).davPrograms, [], 'nothing is advertised')
})
