import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { AttemptOptions } from '../../src/certificates/attempt.ts'
import { createOrderer } from '../../src/certificates/orderer.ts'
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
  t.same(stored, ['a.example', 'old.example'])
  setDomains('[a.example, c.example]')
  orderer.refresh()
  await untilAsleep()
  t.same(stored, ['a.example', 'old.example', 'c.example'])
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

t.test('orderer: a flood of made-up names causes no order, and only so many are looked at', async t => {
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

t.test('orderer: domains that are not served any more are forgotten', async t => {
  const { world, orderer, untilAsleep } = open(t, '["*"]')
  await world.put('old.example', ['autoconfig.old.example'], { from: -70, until: -1 })
  world.permissions.set('autoconfig.old.example', 'not-served')
  orderer.start()
  await untilAsleep()
  t.same(await world.storage.list('groups'), [])
  t.match(orderer.summary(), { certificates: 0 })
})

t.test('orderer: an unreadable storage is told, and tried again', async t => {
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
