import assert from 'node:assert/strict'
import t from 'tap'
import { geary } from '../../src/clients/geary.ts'
import { kde } from '../../src/clients/kde.ts'
import { createTableWorld } from '../../src/conformance/table-world.ts'
import { examine } from '../../src/doctor/look/examine.ts'
import { toSubject } from '../../src/doctor/look/examined-domain.ts'
import { NetworkFault } from '../../src/network/network-fault.ts'
import type { NetworkWorld } from '../../src/network/network-world.ts'
import type { Resolver } from '../../src/network/resolver.ts'
import { answer, exchange, now } from '../support/doctor/seen.ts'
import { tableOf } from '../support/table-of.ts'

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

async function examineAs(text: string) {
  const subject = toSubject(text)
  assert(subject)
  return await examine(subject, {
    ...{ world, clients: [kde, geary], timeoutMs: 1, allowPrivate: false, nonsense: 'x', now: () => now },
    probeServer: async server => ({
      ...{ server, greeting: undefined, tls: undefined, capabilities: [], authentication: [], ms: 0 },
      ...{ plaintextRefused: undefined, logIn: 'not tried', faults: [] }
    }),
    probeService: () => Promise.reject(new NetworkFault('no-host', 'there is no service')),
    signal: new AbortController().signal,
    progress: () => undefined
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
