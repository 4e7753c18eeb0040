import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { AttemptOptions } from '../../src/certificates/attempt.ts'
import { createOrderer } from '../../src/certificates/orderer.ts'
import { problemReply } from '../support/acme/fake-authority.ts'
import { createWorld } from '../support/acme/world.ts'
import { tableOf } from '../support/table-of.ts'

const minute = 60_000
const day = 24 * 60 * minute

const table = (domains: string) =>
  tableOf(
    `providers: [{ id: p, name: P, domains: ${domains}, servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }] }]`
  )

/** An orderer whose pauses end when the test wants it. */
function open(t: Test, domains: string, changes: Partial<AttemptOptions> = {}) {
  const world = createWorld(t, changes)
  const logged: { level: string; fields: object; message: string }[] = []
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
  const stored: string[] = []
  let current = table(domains)
  let sleeping = Promise.withResolvers<number>()
  let awake = Promise.withResolvers<void>()
  const orderer = createOrderer({
    ...world.options,
    tableOf: () => current,
    logger: { info: log('info'), warn: log('warn') } as never,
    rest: {
      async sleep(milliseconds) {
        awake = Promise.withResolvers<void>()
        sleeping.resolve(milliseconds)
        await awake.promise
      },
      wake: () => awake.resolve()
    }
  })
  orderer.subscribe(key => stored.push(key))
  t.teardown(async () => {
    world.stopping.abort()
    await orderer.stop()
  })
  return {
    world,
    orderer,
    logged,
    stored,
    setDomains(domains: string) {
      current = table(domains)
    },
    /** @returns how long it sleeps then */
    async untilAsleep(): Promise<number> {
      const milliseconds = await sleeping.promise
      sleeping = Promise.withResolvers<number>()
      return milliseconds
    },
    wake: () => awake.resolve()
  }
}

t.test('orderer: what a crash has left behind is removed after the start', async t => {
  const { world, orderer, untilAsleep } = open(t, '[a.example]')
  await world.storage.write('challenges/left-behind', 'text')
  utimesSync(join(world.storage.folder, 'challenges/left-behind'), new Date(0), new Date(0))
  orderer.start()
  await untilAsleep()
  t.same(await world.storage.list('challenges'), [])
})

t.test('orderer: obtains certificates for the listed domains in their order, then sleeps', async t => {
  const { world, orderer, stored, logged, untilAsleep } = open(t, '[a.example, "*.x.example", b.example]')
  orderer.start()
  t.equal(await untilAsleep(), minute)
  t.same(stored, ['a.example', 'b.example'])
  t.equal(world.ordersOf(), 2)
  t.same(orderer.counts, { obtained: 2, failed: 0, refused: 0 })
  t.match(orderer.summary(), { certificates: 2, problems: 0 })
  t.equal(logged.filter(({ message }) => message === 'certificate obtained').length, 2)
})

t.test('orderer: new domains of the table are ordered, and stored certificates are renewed without a list', async t => {
  const { world, orderer, stored, setDomains, untilAsleep, wake } = open(t, '[a.example]')
  await world.put('old.example', ['autoconfig.old.example'], { from: -70, until: 20 })
  orderer.start()
  await untilAsleep()
  t.same(stored, ['old.example', 'a.example'], 'renewals come first')
  setDomains('[a.example, c.example]')
  orderer.refresh()
  await untilAsleep()
  t.same(stored, ['old.example', 'a.example', 'c.example'])
  wake()
  await untilAsleep()
  t.equal(world.ordersOf(), 3, 'nothing else is due')
})

t.test('orderer: a problem is logged when it changes, and tried again when it is time', async t => {
  const { world, orderer, logged, untilAsleep, wake } = open(t, '[a.example]')
  world.astray.add('autoconfig.a.example').add('autodiscover.a.example')
  orderer.start()
  t.equal(await untilAsleep(), minute)
  for (let at = 0; at < 3; at++) {
    world.now += 30 * minute
    wake()
    await untilAsleep()
  }
  const warnings = logged.filter(({ level }) => level === 'warn')
  t.equal(warnings.length, 1)
  t.match(warnings[0]?.fields, { domain: 'a.example', problem: /no such host/ })
  t.ok(orderer.counts.failed >= 3)
  t.equal(orderer.summary().problems, 1)
  world.astray.clear()
  world.now += 2 * 60 * minute
  wake()
  await untilAsleep()
  t.match(orderer.summary(), { certificates: 1, problems: 0 })
})

t.test('orderer: after the limit of the hour, everything else waits', async t => {
  const { world, orderer, untilAsleep, wake } = open(t, '[a.example, b.example, c.example]', { ordersPerHour: 1 })
  orderer.start()
  await untilAsleep()
  t.equal(world.ordersOf(), 1)
  t.equal(await orderer.want('autoconfig.c.example'), false)
  world.now += 61 * minute
  wake()
  await untilAsleep()
  t.equal(world.ordersOf(), 2)
})

t.test('orderer: a name that a client asks for is ordered with its domain, and renewed later', async t => {
  const { world, orderer, stored, untilAsleep, wake } = open(t, '[a.example]')
  orderer.start()
  await untilAsleep()
  t.equal(await orderer.want('autodiscover.customer.example'), true)
  t.same(await world.namesOf('customer.example'), ['autodiscover.customer.example', 'autoconfig.customer.example'])
  t.equal(await orderer.want('autoconfig.customer.example'), true, 'it has one already')
  t.equal(world.ordersOf(), 2)
  world.now += 80 * day
  wake()
  await untilAsleep()
  t.same(stored, ['a.example', 'customer.example', 'a.example', 'customer.example'])
})

t.test('orderer: works without a listener for stored certificates', async t => {
  const { world, orderer } = open(t, '["*"]')
  const alone = createOrderer({
    ...world.options,
    tableOf: () => table('["*"]'),
    logger: { info: () => undefined, warn: () => undefined },
    rest: { sleep: async () => undefined, wake: () => undefined }
  })
  t.equal(await alone.want('autoconfig.customer.example'), true)
  t.equal(orderer.counts.obtained, 0)
})

t.test('orderer: many clients that ask for the same name cause one order', async t => {
  const { world, orderer } = open(t, '["*"]')
  const answers = await Promise.all(Array.from({ length: 20 }, () => orderer.want('autoconfig.customer.example')))
  t.ok(answers.every(Boolean))
  t.equal(world.ordersOf(), 1)
})

t.test('orderer: a flood of invented names causes no order, and only a limited number is examined', async t => {
  const asked: string[] = []
  const { world, orderer } = open(t, '["*"]', {
    permit: async name => {
      asked.push(name)
      await turn()
      return 'not-served'
    }
  })
  const flood = Array.from({ length: 5000 }, (_, at) => orderer.want(`autoconfig.made-up-${at}.example`))
  t.ok((await Promise.all(flood)).every(answer => !answer))
  t.equal(asked.length, 108, 'eight at a time, and a hundred that wait')
  t.same(world.fake.requests, [])
  t.same(await world.storage.list('groups'), [])
  t.equal(orderer.counts.refused, 5000)
})

t.test('orderer: a wanted name that fails is not tried again before its time', async t => {
  const { world, orderer } = open(t, '["*"]')
  world.astray.add('autoconfig.customer.example').add('autodiscover.customer.example')
  t.equal(await orderer.want('autoconfig.customer.example'), false)
  world.astray.clear()
  t.equal(await orderer.want('autoconfig.customer.example'), false)
  t.equal(world.ordersOf(), 0)
  world.now += 2 * minute
  t.equal(await orderer.want('autoconfig.customer.example'), true)
})

t.test('orderer: a file whose name is a digest is not taken for a domain', async t => {
  const { world, orderer, untilAsleep } = open(t, '["*"]')
  const longest = `${'a.'.repeat(123)}example`
  await world.put(longest, [longest])
  await world.put('b.example', ['autoconfig.b.example'])
  orderer.start()
  await untilAsleep()
  t.equal(orderer.summary().certificates, 1)
})

t.test('orderer: domains that are not served any more are forgotten', async t => {
  const { world, orderer, untilAsleep } = open(t, '["*"]')
  await world.put('old.example', ['autoconfig.old.example'], { from: -70, until: -1 })
  world.permissions.set('autoconfig.old.example', 'not-served')
  orderer.start()
  await untilAsleep()
  t.same(await world.storage.list('groups'), [])
  t.match(orderer.summary(), { certificates: 0 })
})

t.test('orderer: an unreadable storage is reported, and read again', async t => {
  const { orderer, logged, world, untilAsleep } = open(t, '[a.example]')
  await world.storage.write('groups', '')
  orderer.start()
  t.equal(await untilAsleep(), minute)
  t.same(
    logged.map(({ message }) => message),
    ['certificates cannot be read', 'certificate is missing or incomplete']
  )
})

t.test('orderer: looks after other work between many domains, and stops in the middle of them', async t => {
  const domains = Array.from({ length: 1200 }, (_, at) => `d${at}.example`)
  const { world, orderer } = open(t, `[${domains.join()}]`, { permit: async () => 'not-served' })
  orderer.start()
  world.stopping.abort()
  await orderer.stop()
  t.equal(await orderer.want('autoconfig.d1.example'), false)
  t.same(world.fake.requests, [])
})

t.test('orderer: breathes while it looks at many domains that are not due', async t => {
  const domains = Array.from({ length: 1200 }, (_, at) => `d${at}.example`)
  const { orderer, untilAsleep } = open(t, `[${domains.join()}]`, { permit: async () => 'not-served' })
  orderer.start()
  await untilAsleep()
  t.match(orderer.summary(), { certificates: 0, problems: 0 })
})

t.test('orderer: a requested name that does not lead here is no failure of a domain with a certificate', async t => {
  for (const [domains, name] of [
    ['["*"]', 'autodiscover.a.example'],
    ['[a.example]', 'ua-auto-config.a.example']
  ] as const) {
    const { world, orderer, logged, untilAsleep, wake } = open(t, domains)
    world.astray.add(name)
    t.equal(await orderer.want('autoconfig.a.example'), true)
    const state = await world.stateOf('a.example')
    const requests = world.fake.requests.length
    world.fetched.length = 0
    t.equal(await orderer.want(name), false)
    t.same(world.fetched, [name])
    t.same(await world.stateOf('a.example'), state)
    t.equal(world.fake.requests.length, requests, 'the authority does not notice it')
    t.match(orderer.summary(), { certificates: 1, problems: 0 })
    orderer.start()
    await untilAsleep()
    world.now += minute / 2
    wake()
    await untilAsleep()
    t.same(
      logged.filter(({ level }) => level === 'warn'),
      []
    )
  }
})

t.test('orderer: a requested name that does not lead here is checked less and less often', async t => {
  const { world, orderer } = open(t, '["*"]')
  const name = 'autodiscover.a.example'
  world.astray.add(name)
  await orderer.want('autoconfig.a.example')
  world.fetched.length = 0
  for (let seconds = 0; seconds < 3600; seconds += 10) {
    await orderer.want(name)
    world.now += 10_000
  }
  t.ok(world.fetched.length >= 4 && world.fetched.length <= 6, `${world.fetched.length} checks in an hour`)
  world.astray.clear()
  t.equal(await orderer.want(name), false, 'it is not due')
  world.now += 70 * minute
  t.equal(await orderer.want(name), true)
  t.same([...((await world.namesOf('a.example')) ?? [])].sort(), ['autoconfig.a.example', name])
})

t.test('orderer: if only another name of the domain leads here, that one is ordered, without a problem', async t => {
  const { world, orderer, logged } = open(t, '["*"]')
  world.astray.add('autodiscover.a.example')
  t.equal(await orderer.want('autodiscover.a.example'), false)
  t.same(await world.namesOf('a.example'), ['autoconfig.a.example'])
  t.match(await world.stateOf('a.example'), { failures: 0, problem: undefined })
  t.same(
    logged.map(({ level }) => level),
    ['info']
  )
})

t.test('orderer: a listed domain keeps its problem, whichever of its names a client requests first', async t => {
  const { world, orderer, untilAsleep } = open(t, '[a.example]')
  world.astray.add('autodiscover.a.example')
  t.equal(await orderer.want('autoconfig.a.example'), true)
  t.match(await world.stateOf('a.example'), { failures: 1, problem: /^autodiscover.a.example: ports 80 and 443/ })
  orderer.start()
  t.ok((await untilAsleep()) <= minute)
  t.equal(orderer.summary().problems, 1)
})

t.test('orderer: clients that request different names of a domain at the same time get both', async t => {
  const { world, orderer } = open(t, '["*"]')
  const names = ['autoconfig.a.example', 'ua-auto-config.a.example', 'autodiscover.a.example']
  t.same(await Promise.all(names.map(orderer.want)), [true, true, true])
  t.equal(world.ordersOf(), 2)
})

t.test(
  'orderer: names that strangers invent leave orders for customers, for listed names and for renewals',
  async t => {
    const { world, orderer, stored, logged, untilAsleep } = open(t, '[l1.example, l2.example]', {
      ordersPerHour: 10,
      permit: async name => (/made-up/.test(name) ? 'open' : 'served')
    })
    const want = (domain: string) => orderer.want(`autoconfig.${domain}`)
    for (let at = 0; at < 8; at++) t.equal(await want(`made-up-${at}.example`), at < 5, `made-up ${at}`)
    for (let at = 0; at < 4; at++) t.equal(await want(`customer-${at}.example`), at < 2, `customer ${at}`)
    for (const at of [1, 2])
      await world.put(`old-${at}.example`, [`autoconfig.old-${at}.example`], { from: -70, until: 20 })
    t.equal(world.ordersOf(), 7)
    stored.length = 0
    orderer.start()
    await untilAsleep()
    t.same(stored, ['old-1.example', 'old-2.example'])
    t.match(logged.at(-1)?.fields, {
      problem: 'waiting, because 9 of 10 orders per hour (ordersPerHour) have been used'
    })
    t.equal(await want('l1.example'), false, 'it waits, too')
  }
)

t.test('orderer: renewals of names that strangers invent do not use up all orders', async t => {
  const { world, orderer, stored, untilAsleep } = open(t, '[l1.example]', {
    ordersPerHour: 4,
    permit: async name => (/made-up/.test(name) ? 'open' : 'served')
  })
  for (let at = 0; at < 5; at++) {
    await world.put(`made-up-${at}.example`, [`autoconfig.made-up-${at}.example`], { from: -70, until: 20 })
  }
  await world.put('old.example', ['autoconfig.old.example'], { from: -70, until: 20 })
  orderer.start()
  await untilAsleep()
  t.equal(world.ordersOf(), 4)
  t.ok(stored.includes('old.example'))
})

t.test('orderer: of names that strangers invent and that lead nowhere, nothing is stored', async t => {
  const { world, orderer } = open(t, '["*"]', { permit: async name => (/made-up/.test(name) ? 'open' : 'served') })
  for (const domain of ['made-up.example', 'customer.example']) {
    world.astray.add(`autoconfig.${domain}`).add(`autodiscover.${domain}`)
    t.equal(await orderer.want(`autoconfig.${domain}`), false)
    t.equal(await orderer.want(`autoconfig.${domain}`), false)
  }
  t.same(await world.storage.list('groups'), ['customer.example.json'])
  t.equal(world.fetched.length, 4, 'the wait is kept in memory')
})

t.test('orderer: a renewal that becomes due does not wait for thousands of listed names', async t => {
  const { world, orderer, stored, untilAsleep } = open(t, '[a.example, b.example, c.example]', {
    permit: async name => {
      if (name === 'autoconfig.b.example') world.now += 80 * day
      return 'served'
    }
  })
  await world.put('old.example', ['autoconfig.old.example'], { until: 90 })
  orderer.start()
  await untilAsleep()
  t.same(stored.slice(0, 3), ['a.example', 'b.example', 'old.example'])
})

t.test('orderer: certificates of other nodes are found within an hour, and then renewed', async t => {
  const { world, orderer, stored, untilAsleep, wake } = open(t, '[a.example]')
  orderer.start()
  await untilAsleep()
  await world.put('other.example', ['autoconfig.other.example'], { from: -70, until: 20 })
  wake()
  await untilAsleep()
  t.same(stored, ['a.example'])
  world.now += 61 * minute
  wake()
  await untilAsleep()
  t.same(stored, ['a.example', 'other.example'])
})

t.test('orderer: a domain that was removed from the table raises no alarm when its certificate is due', async t => {
  const { world, orderer, setDomains, untilAsleep, wake } = open(t, '[a.example, b.example]')
  orderer.start()
  await untilAsleep()
  setDomains('[b.example]')
  for (const name of ['autoconfig.a.example', 'autodiscover.a.example']) world.permissions.set(name, 'not-served')
  world.now += 70 * day
  world.fake.issuing = { until: 200 }
  orderer.refresh()
  await untilAsleep()
  t.match(orderer.summary(), { certificates: 1, problems: 0 })
  t.ok(Number(orderer.summary().firstExpiry) > world.now + 80 * day)
  world.now += 30 * day
  wake()
  await untilAsleep()
  t.equal(await world.namesOf('a.example'), undefined)
})

t.test(
  'orderer: while the authority is down, few domains are tried, and all of them soon after it is up again',
  async t => {
    const domains = Array.from({ length: 20 }, (_, at) => `d${at}.example`)
    const { world, orderer, stored, untilAsleep, wake } = open(t, `[${domains.join()}]`)
    world.fake.intercept = ({ path }) => (path === '/orders' ? { status: 503, text: 'down' } : undefined)
    orderer.start()
    await untilAsleep()
    for (let minutes = 0; minutes < 60; minutes++) {
      world.now += minute
      wake()
      await untilAsleep()
    }
    t.ok(world.ordersOf() >= 4 && world.ordersOf() <= 8, `${world.ordersOf()} orders in an hour`)
    world.fake.intercept = () => undefined
    for (let minutes = 0; minutes < 75; minutes++) {
      world.now += minute
      wake()
      await untilAsleep()
    }
    t.equal(stored.length, 20)
  }
)

t.test('orderer: a domain with too many certificates does not delay others', async t => {
  const { world, orderer, stored, untilAsleep } = open(t, '[a.full.test, b.full.test, c.full.test, free.example]')
  world.fake.intercept = ({ path, payload }) =>
    path === '/orders' && JSON.stringify(payload).includes('full.test')
      ? problemReply('rateLimited', 'too many certificates (50)', { 'retry-after': '86400' })
      : undefined
  orderer.start()
  await untilAsleep()
  t.same(stored, ['free.example'])
  t.equal(world.ordersOf(), 2)
})

t.test('orderer: after the clock has been set back, nothing waits for the time that it had before', async t => {
  const { world, orderer, stored, untilAsleep, wake } = open(t, '[a.example, b.example]')
  world.now += 300 * day
  world.astray.add('autoconfig.b.example').add('autodiscover.b.example')
  world.fake.issuing = { until: 600 }
  orderer.start()
  await untilAsleep()
  t.same(stored, ['a.example'])
  await world.put('other.example', ['autoconfig.other.example'], { from: -70, until: 20 })
  world.astray.clear()
  world.now -= 300 * day
  wake()
  await untilAsleep()
  t.same(stored, ['a.example', 'other.example', 'b.example'])
})

t.test('orderer: a requested name that is refused is logged once, and its domain stays healthy', async t => {
  const { world, orderer, logged } = open(t, '["*"]')
  await orderer.want('autoconfig.a.example')
  world.astray.add('ua-auto-config.a.example')
  for (let at = 0; at < 3; at++) {
    t.equal(await orderer.want('ua-auto-config.a.example'), false)
    world.now += 3 * minute
  }
  t.same(
    logged.map(({ message }) => message),
    ['certificate obtained', 'requested name is not in the certificate']
  )
  t.match(logged[1]?.fields, { name: 'ua-auto-config.a.example', problem: 'ports 80 and 443: no such host' })
})

t.test(
  'orderer: clients that request a name at the same time as the service share its attempt and its failure',
  async t => {
    const { world, orderer, untilAsleep } = open(t, '[a.example]')
    world.astray.add('autoconfig.a.example').add('autodiscover.a.example')
    const wanted = ['autoconfig.a.example', 'autodiscover.a.example'].map(orderer.want)
    while (world.fetched.length === 0) await turn()
    orderer.start()
    t.same(await Promise.all(wanted), [false, false])
    await untilAsleep()
    t.equal(world.fetched.length, 2, 'each name once')
  }
)
