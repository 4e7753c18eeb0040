/**
 * DNS queries whose results include the time to live, against a server on the loopback.
 */
import t, { type Test } from 'tap'
import { createDnsExchange } from '../../src/network/dns-exchange.ts'
import { isPublicName } from '../../src/network/is-public.ts'
import { type MailExchangers, mailExchangers } from '../../src/network/mail-exchangers.ts'
import { matchLists } from '../support/match-lists.ts'
import {
  type DnsServer,
  type ReceivedQuery,
  respond,
  type Say,
  type Spoken,
  startDnsServer
} from '../support/network/dns-server.ts'

const patient = 60_000

const record = { type: 'MX', name: 'example.com', ttl: 300, preference: 10, exchange: 'mx.example' } as const
const good = (query: ReceivedQuery) => respond(query, { answers: [record] })

async function start(t: Test, say: Say, options = {}): Promise<DnsServer> {
  const server = await startDnsServer(say, options)
  t.teardown(server.stop)
  return server
}

/** Looks up the mail exchangers of example.com. @returns the first record */
async function ask(servers: readonly DnsServer[], timeoutMs = patient) {
  const exchange = createDnsExchange({ servers: servers.map(({ place }) => place), timeoutMs })
  return (await exchange('example.com', 'MX')).answers[0]
}

t.test('dns-exchange: one query is sent over UDP, and its response returned', async t => {
  for (const host of ['127.0.0.1', '::1']) {
    const server = await start(t, good, { host })
    t.same(await ask([server]), record)
    matchLists(t, server.queries, [{ name: /^example\.com$/i, type: 'MX', over: 'udp' }])
  }
})

t.test('dns-exchange: each query has a new id, letter case and port', async t => {
  const server = await start(t, good)
  for (let count = 0; count < 20; count++) await ask([server])
  t.ok(new Set(server.queries.map(({ id }) => id)).size > 15)
  t.ok(new Set(server.queries.map(({ name }) => name)).size > 15)
})

for (const [what, forge] of [
  ['has another id', query => respond({ ...query, id: query.id ^ 1 }, { answers: [record] })],
  ['has other letters', query => respond({ ...query, name: swapped(query.name) }, { answers: [record] })],
  ['is about another name', query => respond({ ...query, name: 'example.net' }, { answers: [record] })],
  ['is about another type', query => respond({ ...query, type: 'CNAME' }, { answers: [record] })],
  ['is none', () => Buffer.from('what?')],
  ['is truncated', query => respond(query, { isTruncated: true })]
] satisfies [string, (query: ReceivedQuery) => Buffer][]) {
  t.test(`dns-exchange: after a response that ${what}, the query is repeated over TCP`, async t => {
    const server = await start(t, query => (query.over === 'udp' ? forge(query) : good(query)))
    t.same(await ask([server]), record)
    t.same(
      server.queries.map(({ over }) => over),
      ['udp', 'tcp']
    )
  })
}

function swapped(name: string): string {
  return name.replace(/[a-z]/i, letter =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  )
}

t.test('dns-exchange: a server that changes letter case is accepted over TCP', async t => {
  const server = await start(t, query =>
    good({ ...query, name: query.over === 'udp' ? swapped(query.name) : query.name.toLowerCase() })
  )
  t.same(await ask([server]), record)
})

t.test('dns-exchange: an invalid response over TCP is an error', async t => {
  for (const say of [
    query => respond({ ...query, id: query.id ^ 1 }),
    query => (query.over === 'udp' ? Buffer.alloc(1) : undefined)
  ] satisfies Say[]) {
    await t.rejects(ask([await start(t, say)]), { kind: 'dns', message: /an invalid response/ })
  }
})

t.test('dns-exchange: NXDOMAIN is a result; after SERVFAIL and REFUSED, the next server is queried', async t => {
  t.equal(await ask([await start(t, query => respond(query, { code: 3 }))]), undefined)
  for (const code of [2, 5]) {
    const bad = await start(t, query => respond(query, { code }))
    const other = await start(t, good)
    t.same(await ask([bad, other]), record)
    await t.rejects(ask([bad]), { kind: 'dns', message: `the DNS server answers with code ${code}` })
    t.equal(bad.queries.length, 3, 'the only server is queried twice')
  }
})

t.test('dns-exchange: the second server is queried if the first is silent, within the time limit', async t => {
  const silent = await start(t, () => undefined)
  const other = await start(t, good)
  t.same(await ask([silent, other], 2000), record)
  await t.rejects(ask([silent], 300), { kind: 'timeout', message: 'no answer in 0.15 s' })
})

t.test('dns-exchange: an unreachable server is reported immediately', async t => {
  const gone = await startDnsServer(good)
  gone.stop()
  await t.rejects(ask([gone]), { kind: 'refused', message: 'connection refused' })
  await t.rejects(ask([]), { kind: 'dns', message: 'no server to ask' })
})

t.test('dns-exchange: at most three servers are queried, on port 53 by default', async t => {
  const bad = await Promise.all([1, 2, 3].map(() => start(t, query => respond(query, { code: 2 }))))
  const fourth = await start(t, good)
  await t.rejects(ask([...bad, fourth]), { kind: 'dns', message: /code 2/ })
  t.same(fourth.queries, [])
  // The port may be closed or belong to another DNS server, so the result may vary.
  const exchange = createDnsExchange({ servers: ['127.255.255.254', '::1'], timeoutMs: 400 })
  await t.rejects(exchange('example.com', 'MX'), { name: 'Error' })
})

const alias = (name: string, target: string, ttl = 60): Spoken => ({ type: 'CNAME', name, ttl, target })
const soa = (ttl: number, minimum: number): Spoken => ({ type: 'SOA', name: 'com', ttl, minimum })
const mx = (exchange: string, preference: number, name = 'example.com', ttl = 300): Spoken => ({
  type: 'MX',
  name,
  ttl,
  preference,
  exchange
})

for (const [what, response, expected] of [
  [
    'those of the best preference, for the shortest time',
    { answers: [mx('b.example', 20), mx('a.example', 10), mx('c.example', 10, 'example.com', 200)] },
    { hosts: ['a.example', 'c.example'], seconds: 200 }
  ],
  [
    'behind an alias, for as long as that is good',
    { answers: [alias('example.com', 'www.example'), mx('a.example', 1, 'www.example'), mx('b.example', 0)] },
    { hosts: ['a.example'], seconds: 60 }
  ],
  [
    'none where aliases lead around',
    { answers: [alias('example.com', 'a.example'), alias('a.example', 'example.com')], authorities: [soa(50, 40)] },
    { hosts: [], seconds: 40 }
  ],
  ['none where the domain takes no mail', { answers: [mx('', 0)] }, { hosts: [], seconds: 300 }],
  ['none, for the TTL of the SOA record', { code: 3, authorities: [soa(20, 900)] }, { hosts: [], seconds: 20 }],
  ['none, for its minimum', { authorities: [soa(900, 30)] }, { hosts: [], seconds: 30 }],
  ['none, for no time, without an SOA record', {}, { hosts: [], seconds: 0 }]
] satisfies [string, Parameters<typeof respond>[1], MailExchangers][]) {
  t.test(`mail-exchangers: ${what}`, async t => {
    const server = await start(t, query => respond(query, response))
    const exchange = createDnsExchange({ servers: [server.place], timeoutMs: patient })
    t.same(await mailExchangers('example.com', exchange), expected)
  })
}

t.test(
  'is-public-name: single labels and special names are not looked up, but names for documentation are',
  async t => {
    for (const name of ['com', 'localhost', 'a.localhost', 'printer.local', 'a.invalid', 'a.onion', '1.in-addr.arpa']) {
      t.notOk(isPublicName(name), name)
    }
    for (const name of ['a.alt', 'vault.internal', 'x.home.arpa']) t.notOk(isPublicName(name), name)
    for (const name of ['example.com', 'example.test', 'a.example', 'local.example']) t.ok(isPublicName(name), name)
  }
)
