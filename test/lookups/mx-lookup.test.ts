/**
 * Domains that are recognized by their mail exchangers, with a DNS server on the loopback.
 */
import t, { type Test } from 'tap'
import { openMxLookup } from '../../src/lookups/mx-lookup.ts'
import type { DomainLookup } from '../../src/settings/question/resolution-order.ts'
import { createSource } from '../../src/sources/source.ts'
import { type ReceivedQuery, respond, type SpokenResponse, startDnsServer } from '../support/network/dns-server.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = (place: string, more = 'lookups: 100') => `
mxLookup: { resolvers: ["${place}"], ${more} }
cache: { domains: 10, negativeDomains: 10, staleSeconds: 1000 }
providers:
  - id: hoster
    name: Hoster
    domains: [hoster.example, "*.pattern.example"]
    mx: [mx1.hoster.example, mx2.hoster.example, "*.in.hoster.example"]
    servers: [{ protocol: imap, host: imap.%EMAILDOMAIN% }, { protocol: smtp, host: smtp.hoster.example }]
  - id: other
    name: Other
    domains: [other.example]
    mx: [mx.other.example]
    servers: [{ protocol: imap, host: imap.other.example }, { protocol: smtp, host: smtp.other.example }]
`

type Zone = Record<string, SpokenResponse | 'silence'>

interface WorldOptions {
  /** Additional settings. */
  readonly more?: string
  /** A lookup that precedes the DNS. */
  readonly before?: DomainLookup
}

const mx = (exchange: string, preference = 10, ttl = 300) => ({
  type: 'MX' as const,
  name: '',
  ttl,
  preference,
  exchange
})
const ours = { answers: [mx('mx1.hoster.example')] }
const theirs = { answers: [mx('mx.elsewhere.example')] }
const soa = (minimum: number) => ({ type: 'SOA' as const, name: 'example', ttl: 86_400, minimum })

/** @param zone records by domain, which may be changed. Other domains do not exist */
async function world(t: Test, zone: Zone, { more, before }: WorldOptions = {}) {
  const server = await startDnsServer(query => responseTo(query, zone))
  t.teardown(server.stop)
  const clock = { now: 1_000_000 }
  const table = tableOf(settings(server.place, more))
  const held = { table }
  const { lookUp, cache } = openMxLookup(held, () => clock.now)
  const source = createSource(held, { lookUps: [...(before ? [before] : []), lookUp] })
  return {
    source,
    cache,
    clock,
    server,
    held,
    /** @returns the id of the provider, and the domain by which it was found */
    async ask(domain: string | undefined, host?: string) {
      const found = await source.find({ domain, host })
      return found && `${found.provider.id} ${found.domain}`
    },
    /** @returns the domains that were looked up since the last call */
    lookedUp: () => (server.queries as ReceivedQuery[]).splice(0).map(({ name }) => name.toLowerCase())
  }
}

function responseTo(query: ReceivedQuery, zone: Zone): Buffer | undefined {
  const response = zone[query.name.toLowerCase()] ?? { code: 3, authorities: [soa(120)] }
  if (response === 'silence') return undefined
  const { answers = [], ...rest } = response
  return respond(query, { ...rest, answers: answers.map(answer => ({ ...answer, name: query.name })) })
}

t.test('mx: a domain whose mail goes to a provider is served under its own name', async t => {
  const { ask } = await world(t, {
    'customer.example': ours,
    'pattern.customer.example': { answers: [mx('MX7.in.Hoster.example')] },
    'elsewhere.example': theirs
  })
  t.equal(await ask('customer.example'), 'hoster customer.example')
  t.equal(await ask('pattern.customer.example'), 'hoster pattern.customer.example')
  t.equal(await ask(undefined, 'autoconfig.customer.example'), 'hoster customer.example')
  t.equal(await ask('elsewhere.example', 'autoconfig.customer.example:443'), 'hoster customer.example')
  t.equal(await ask('elsewhere.example'), undefined)
  t.equal(await ask('missing.example', 'autoconfig.missing.example'), undefined)
  t.equal(await ask(undefined, 'autoconfig.missing.example'), undefined)
})

t.test('mx: the domain of the address precedes the host', async t => {
  const { ask } = await world(t, { 'customer.example': { answers: [mx('mx.other.example')] } })
  t.equal(await ask('customer.example', 'autoconfig.hoster.example'), 'other customer.example')
  t.equal(await ask('missing.example', 'autoconfig.hoster.example'), 'hoster hoster.example')
})

for (const [condition, answers, found] of [
  [
    'all exchangers of the best preference belong to the provider',
    [mx('mx1.hoster.example'), mx('mx2.hoster.example')],
    true
  ],
  ['other exchangers are only fallbacks', [mx('mx1.hoster.example', 10), mx('mx.elsewhere.example', 20)], true],
  [
    'the exchanger of the provider is only a fallback',
    [mx('mx1.hoster.example', 20), mx('mx.elsewhere.example', 10)],
    false
  ],
  ['an unknown exchanger has the same preference', [mx('mx1.hoster.example'), mx('mx.elsewhere.example')], false],
  [
    'an exchanger of another provider has the same preference',
    [mx('mx1.hoster.example'), mx('mx.other.example')],
    false
  ],
  ['the exchanger is only a parent domain of the listed one', [mx('hoster.example')], false],
  ['the domain accepts no mail', [mx('', 0)], false],
  ['the exchanger is not a host name', [mx('mx_1.in.hoster.example')], false]
] as const) {
  t.test(`mx: a domain ${found ? 'is served' : 'is not served'} if ${condition}`, async t => {
    const { ask } = await world(t, { 'customer.example': { answers } })
    t.equal(await ask('customer.example'), found ? 'hoster customer.example' : undefined)
  })
}

t.test('mx: domains that the table or the directory knows are not looked up', async t => {
  const before: DomainLookup = async domain => (domain === 'directory.example' ? held.table.providers[0] : undefined)
  const { ask, source, lookedUp, held } = await world(t, {}, { before })
  for (const [domain, host] of [
    ['hoster.example', 'autoconfig.missing.example'],
    ['a.pattern.example', undefined],
    [undefined, 'autoconfig.hoster.example'],
    [undefined, 'autoconfig.in.hoster.example'],
    [undefined, undefined]
  ] as const) {
    t.notMatch(source.find({ domain, host }), Promise, 'synchronously')
  }
  t.equal(await ask('directory.example', 'autoconfig.missing.example'), 'hoster directory.example')
  t.same(lookedUp(), [])
})

t.test('mx: names outside the public DNS are not looked up', async t => {
  const { ask, lookedUp } = await world(t, {})
  for (const domain of ['localhost', 'printer.local', 'a.invalid', 'service.internal', '1.0.0.127.in-addr.arpa']) {
    t.equal(await ask(domain), undefined, domain)
  }
  t.equal(await ask(undefined, '127.0.0.1:8080'), undefined)
  t.equal(await ask(undefined, '[::1]'), undefined)
  t.same(lookedUp(), [])
})

t.test('mx: a result is cached for the time to live of its records, within limits', async t => {
  for (const [ttl, seconds] of [
    [300, 300],
    [1, 60],
    [604_800, 86_400]
  ] as const) {
    const { ask, lookedUp, clock } = await world(t, {
      'customer.example': { answers: [mx('mx1.hoster.example', 1, ttl)] }
    })
    await ask('customer.example')
    t.same(lookedUp(), ['customer.example'])
    clock.now += seconds * 1000 - 1
    t.equal(await ask('customer.example'), 'hoster customer.example')
    t.same(lookedUp(), [], `for ${seconds} seconds`)
    clock.now += 1
    t.equal(await ask('customer.example'), 'hoster customer.example')
    t.equal((await untilLookedUp(lookedUp))[0], 'customer.example', 'then it is looked up again')
  }
})

/** Waits for a lookup in the background. */
async function untilLookedUp(lookedUp: () => string[]): Promise<string[]> {
  for (;;) {
    const names = lookedUp()
    if (names.length > 0) return names
    await new Promise(resolve => setImmediate(resolve))
  }
}

t.test('mx: negative results are cached as long as the zone says', async t => {
  const zone: Zone = { 'none.example': { authorities: [soa(200)] }, 'elsewhere.example': theirs }
  const { ask, lookedUp, clock, cache } = await world(t, zone)
  for (const [domain, seconds] of [
    ['none.example', 200],
    ['missing.example', 120],
    ['elsewhere.example', 300]
  ] as const) {
    await ask(domain)
    t.same(lookedUp(), [domain])
    clock.now += seconds * 1000 - 1
    t.equal(await ask(domain), undefined)
    t.same(lookedUp(), [], `${domain} for ${seconds} seconds`)
    zone[domain] = ours
    clock.now += 1
    t.equal(await ask(domain), `hoster ${domain}`, 'then the outdated result is not used')
    t.same(lookedUp(), [domain])
  }
  t.match(cache.counts, { miss: 6, negative: 3, hit: 0, stale: 0, error: 0 })
})

t.test('mx: unknown names never evict customers from the cache', async t => {
  const { ask, lookedUp, cache } = await world(t, { 'customer.example': ours })
  await ask('customer.example')
  for (let count = 0; count < 50; count++) await ask(`flood-${count}.example`)
  lookedUp()
  t.equal(await ask('customer.example'), 'hoster customer.example')
  t.same(lookedUp(), [])
  t.same(cache.sizes, { known: 1, unknown: 10 })
})

t.test('mx: simultaneous requests share one lookup', async t => {
  const { ask, lookedUp } = await world(t, { 'customer.example': ours })
  t.same(
    new Set(await Promise.all(Array.from({ length: 20 }, () => ask('customer.example')))),
    new Set(['hoster customer.example'])
  )
  t.same(lookedUp(), ['customer.example'])
})

t.test('mx: lookups beyond the limit find nothing, immediately', async t => {
  const zone: Zone = { 'slow.example': 'silence', 'customer.example': ours }
  const { ask, lookedUp } = await world(t, zone, { more: 'lookups: 1' })
  const slow = ask('slow.example', 'autoconfig.hoster.example')
  t.equal(await ask('customer.example'), undefined)
  t.equal(await ask('customer.example', 'autoconfig.hoster.example'), 'hoster hoster.example')
  t.equal(await slow, 'hoster hoster.example')
  t.equal(await ask('customer.example'), 'hoster customer.example')
  t.same(lookedUp(), ['slow.example', 'slow.example', 'customer.example'])
})

t.test('mx: while the DNS fails, known domains are served, and unknown ones are not', async t => {
  const zone: Zone = { 'customer.example': ours, 'elsewhere.example': theirs }
  const { ask, lookedUp, clock, cache } = await world(t, zone)
  await ask('customer.example')
  await ask('elsewhere.example')
  for (const domain of ['customer.example', 'elsewhere.example', 'new.example']) zone[domain] = { code: 2 }
  clock.now += 400_000
  lookedUp()
  t.equal(await ask('customer.example'), 'hoster customer.example')
  t.equal(await ask('elsewhere.example'), undefined)
  t.equal(await ask('new.example', 'autoconfig.hoster.example'), 'hoster hoster.example')
  await untilLookedUp(lookedUp)
  zone['new.example'] = ours
  t.equal(await ask('new.example'), undefined, 'the DNS is not queried again immediately')
  t.same(
    lookedUp().filter(name => name === 'new.example'),
    []
  )
  clock.now += 5001
  t.equal(await ask('new.example'), 'hoster new.example', 'but shortly after')
  t.ok(cache.counts.stale >= 2)
  t.equal(cache.counts.error, 2)
})

t.test('mx: a reloaded table applies to cached results', async t => {
  const { ask, lookedUp, held, server } = await world(t, { 'elsewhere.example': theirs })
  t.equal(await ask('elsewhere.example'), undefined)
  held.table = tableOf(settings(server.place).replace('mx.other.example', 'mx.elsewhere.example'))
  t.equal(await ask('elsewhere.example'), 'other elsewhere.example')
  t.same(lookedUp(), ['elsewhere.example'])
})

t.test('mx: a customer’s domain is served in every dialect, at its own hosts and at the provider’s', async t => {
  const { source, lookedUp } = await world(t, { 'customer.example': ours })
  const { app, readLog } = serveApp(t, source)
  for (const host of ['autoconfig.customer.example', 'autoconfig.hoster.example']) {
    for (const url of [
      '/mail/config-v1.1.xml?emailaddress=jane@customer.example',
      '/autodiscover/autodiscover.json?Email=jane@customer.example&Protocol=AutodiscoverV1',
      '/email.mobileconfig?email=jane@customer.example',
      '/api/settings?email=jane@customer.example',
      '/setup?email=jane@customer.example'
    ]) {
      const { statusCode, body } = await app.inject({ url, headers: { host } })
      t.equal(statusCode, 200, `${host}${url}`)
      if (!url.includes('.json')) t.match(body, 'imap.customer.example', `${host}${url}`)
    }
  }
  t.equal((await app.inject('/v1.1/customer.example')).statusCode, 200, 'the domain alone, without a host')
  t.equal((await app.inject('/v1.1/missing.example')).statusCode, 404)
  t.match(readLog(), /"outcome":"answered",.*"domain":"customer\.example"/)
  t.same(lookedUp(), ['customer.example', 'missing.example'])
})
