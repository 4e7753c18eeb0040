import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { attempt } from '../../src/certificates/attempt.ts'
import { readReport } from '../../src/certificates/report.ts'
import { openCertificateStorage, StorageFault } from '../../src/certificates/storage/certificate-storage.ts'
import { certificateFile, stateFile } from '../../src/certificates/storage/stored-certificate.ts'
import { problemReply } from '../support/acme/fake-authority.ts'
import { createWorld } from '../support/acme/world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const names = ['autoconfig.a.example', 'autodiscover.a.example']
const group = { key: 'a.example', names }
const [first = '', second = ''] = names

t.test('attempt: a group without a certificate gets one for all its names', async t => {
  const world = createWorld(t)
  const { obtained, problem, nextAt, notAfter } = await attempt(group, world.options)
  t.same(obtained?.names, names)
  t.equal(problem, undefined)
  t.equal(notAfter, obtained?.notAfter)
  t.ok(nextAt > world.now + 50 * day && nextAt < world.now + 65 * day)
  t.same(await world.namesOf('a.example'), names)
  t.match(await world.stateOf('a.example'), { failures: 0, problem: undefined, order: undefined, nextAt })
  for (const folder of ['challenges', 'locks']) t.same(readdirSync(join(world.storage.folder, folder)), [])
  world.now += day
  t.same(await attempt(group, world.options), { nextAt, problem: undefined, notAfter, names })
  t.equal(world.ordersOf(), 1, 'nothing was due')
})

t.test('attempt: domains and host names of any length get a certificate, over http and over TLS', async t => {
  const longest = `${'a.'.repeat(123)}example`
  const domain = `b${longest.slice(-239)}`
  t.same([longest.length, domain.length], [253, 240])
  for (const isOverTls of [false, true]) {
    for (const { key, names } of [
      { key: longest, names: [longest] },
      { key: domain, names: [`autoconfig.${domain}`, `autodiscover.${domain}`] }
    ]) {
      const world = createWorld(t)
      await world.listenOverTls()
      if (isOverTls) for (const name of names) world.withoutHttp.add(name)
      t.match(await attempt({ key, names }, world.options), { problem: undefined, obtained: { names } })
      t.match(await readReport(world.storage, key, []), { names, problem: undefined })
      t.match(await attempt({ key, names }, world.options), { problem: undefined, names })
      t.equal(world.ordersOf(), 1)
    }
  }
})

t.test('attempt: a name that does not lead here is left out, and nothing is ordered for it alone', async t => {
  const world = createWorld(t)
  world.astray.add(second)
  const result = await attempt(group, world.options)
  t.same(result.obtained?.names, [first])
  t.equal(result.problem, `${second}: ports 80 and 443: no such host`)
  t.ok(result.nextAt <= world.now + 2 * minute)
  world.now = result.nextAt
  const later = await attempt(group, world.options)
  t.equal(later.obtained, undefined)
  t.equal(later.problem, result.problem)
  t.equal(world.ordersOf(), 1)
  world.astray.clear()
  world.now = later.nextAt
  t.same((await attempt(group, world.options)).obtained?.names, names)
  t.match(await world.stateOf('a.example'), { failures: 0, problem: undefined })
})

t.test('attempt: without any name that leads here nothing is ordered, and the waiting time is kept', async t => {
  const world = createWorld(t)
  for (const name of names) world.astray.add(name)
  const { problem, nextAt } = await attempt(group, world.options)
  t.equal(problem, names.map(name => `${name}: ports 80 and 443: no such host`).join('; '))
  t.equal(world.fake.requests.filter(({ method }) => method === 'POST').length, 0)
  world.astray.clear()
  world.now = nextAt - 1
  t.same(await attempt(group, world.options), { problem, nextAt, notAfter: undefined }, 'a restart does not forget it')
  world.now = nextAt
  t.ok((await attempt(group, world.options)).obtained)
})

t.test('attempt: another server at the name is recognised by its status', async t => {
  const world = createWorld(t)
  const { openSession } = world.options
  const elsewhere = async () => ({
    ...(await openSession()),
    ownExchange: async (request: Parameters<Awaited<ReturnType<typeof openSession>>['ownExchange']>[0]) => ({
      request,
      tls: undefined,
      ms: 1,
      response: { status: 301, headers: {}, body: '' },
      fault: undefined
    })
  })
  const { problem } = await attempt({ ...group, names: [first] }, { ...world.options, openSession: elsewhere })
  t.equal(problem, `${first}: port 80: another server answers (status 301), port 443: connection refused`)
})

t.test('attempt: optional names are covered if they lead here, and are no problem if they do not', async t => {
  const world = createWorld(t)
  const wanted = { key: 'a.example', names: [first], optional: [second] }
  world.astray.add(second)
  const only = await attempt(wanted, world.options)
  t.same([only.obtained?.names, only.problem], [[first], undefined])
  const other = createWorld(t)
  t.same((await attempt(wanted, other.options)).obtained?.names, names)
})

t.test('attempt: a further name that a client asks for is ordered together with the others', async t => {
  const world = createWorld(t)
  await attempt({ ...group, names: [first] }, world.options)
  t.same((await attempt({ ...group, names: [second] }, world.options)).obtained?.names, [second, first])
  t.equal(world.ordersOf(), 2)
})

t.test('attempt: a certificate is renewed when it is due, and the old one stays if that fails', async t => {
  const world = createWorld(t)
  await world.put('a.example', names, { from: -70, until: 20 })
  world.fake.intercept = ({ path }) => (path === '/orders' ? problemReply('serverInternal', 'down') : undefined)
  const failed = await attempt(group, world.options)
  t.equal(failed.problem, 'down (serverInternal)')
  t.ok(failed.nextAt >= world.now + 5 * minute && failed.nextAt <= world.now + 6 * minute)
  t.ok(failed.notAfter)
  t.same(await world.namesOf('a.example'), names)
  world.fake.intercept = () => undefined
  world.now = failed.nextAt
  t.ok((await attempt(group, world.options)).obtained)
})

t.test('attempt: failures in a row wait longer each time', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) => (path === '/orders' ? problemReply('serverInternal', 'down') : undefined)
  const waits: number[] = []
  for (let at = 0; at < 4; at++) {
    const { nextAt } = await attempt(group, world.options)
    waits.push(Math.round((nextAt - world.now) / waitOfFirst(waits, nextAt - world.now)))
    world.now = nextAt
  }
  t.same(waits, [1, 2, 4, 8])
})

let firstWait = 0
function waitOfFirst(waits: readonly number[], wait: number): number {
  if (waits.length === 0) firstWait = wait
  return firstWait
}

t.test('attempt: Retry-After of the authority is kept, and concerns other domains, too', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) =>
    path === '/orders' ? problemReply('rateLimited', 'too many', { 'retry-after': '86400' }) : undefined
  const { nextAt, trouble } = await attempt(group, world.options)
  t.equal(nextAt, world.now + day)
  t.same(trouble, { kind: 'limited', retryAfterMs: day })
  t.equal((await world.stateOf('a.example')).nextAt, nextAt)
})

t.test('attempt: after a failure, another account in the settings is tried at once', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) =>
    path === '/account' ? problemReply('externalAccountRequired', 'who are you?') : undefined
  const { nextAt, problem, trouble } = await attempt(group, world.options)
  t.equal(problem, 'the certificate authority opens no account: who are you? (externalAccountRequired)')
  t.same(trouble, { kind: 'unavailable', retryAfterMs: undefined }, 'other domains would have the same problem')
  world.fake.intercept = () => undefined
  t.match(await attempt(group, world.options), { nextAt, problem }, 'a restart alone does not shorten the wait')
  const options = { ...world.options, access: 'another account' }
  const { obtained, nextAt: renewal } = await attempt(group, options)
  t.same(obtained?.names, names)
  t.match(await attempt(group, world.options), { nextAt: renewal }, 'a certificate that is good is not ordered again')
  t.equal(world.ordersOf(), 1)
})

t.test('attempt: no more orders than permitted in an hour', async t => {
  const world = createWorld(t, { ordersPerHour: 1 })
  await attempt(group, world.options)
  const { nextAt, hold, problem } = await attempt({ key: 'b.example', names: ['autoconfig.b.example'] }, world.options)
  t.equal(nextAt, world.now + hour)
  t.same(hold, { until: nextAt, priority: 'listed' })
  t.equal(problem, 'waiting, because 1 of 1 orders per hour (ordersPerHour) have been used')
  t.equal(world.ordersOf(), 1)
})

t.test('attempt: an order that was interrupted is continued with the same key', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) => {
    if (path.startsWith('/finalize')) throw Object.assign(new Error('x'), { code: 'ECONNRESET' })
    return undefined
  }
  const { nextAt, problem } = await attempt(group, world.options)
  t.equal(problem, 'the certificate authority cannot be used: connection closed without an answer')
  const { order } = await world.stateOf('a.example')
  t.ok(order)
  world.fake.intercept = () => undefined
  world.now = nextAt
  const { obtained } = await attempt(group, world.options)
  t.equal(String(obtained?.key.export({ type: 'pkcs8', format: 'pem' })), order?.key)
  t.equal(world.ordersOf(), 1)
})

t.test(
  'attempt: names that are not permitted are not ordered, and with an unreachable directory nothing is',
  async t => {
    const world = createWorld(t)
    world.permissions.set(second, 'not-served')
    t.same((await attempt(group, world.options)).obtained?.names, [first])
    world.permissions.set(first, 'unavailable')
    const unavailable = await attempt({ ...group, names: [first, 'ua-auto-config.a.example'] }, world.options)
    t.match(unavailable, { nextAt: world.now + minute, problem: 'the directory is unavailable' })
    t.equal(world.ordersOf(), 1)
  }
)

t.test(
  'attempt: a domain that is not served any more keeps its certificate until it expires, and is then forgotten',
  async t => {
    const world = createWorld(t)
    await world.put('a.example', names, { from: -70, until: 20 })
    await world.storage.write(stateFile('a.example'), '{}')
    for (const name of names) world.permissions.set(name, 'not-served')
    t.same(await attempt({ ...group, names: [] }, world.options), { nextAt: world.now + day })
    t.ok(await world.namesOf('a.example'))
    world.now += 21 * day
    t.same(await attempt({ ...group, names: [] }, world.options), { nextAt: Number.POSITIVE_INFINITY })
    t.same(await world.storage.list('groups'), [])
  }
)

t.test('attempt: while another node has the lock, nothing is ordered', async t => {
  const world = createWorld(t)
  await world.options.locks.take('a.example')
  t.same(await attempt(group, world.options), { nextAt: world.now + minute / 2, notAfter: undefined })
  t.equal(world.ordersOf(), 0)
})

t.test('attempt: a storage that cannot be written prevents the order and is reported', async t => {
  const world = createWorld(t)
  const { folder } = world.storage
  const storage = openCertificateStorage(join(folder, 'file'))
  await world.storage.write('file', '')
  const options = { ...world.options, storage }
  const { problem, nextAt } = await attempt(group, options)
  t.match(problem, /^cannot read .*ENOTDIR/)
  t.equal(nextAt, world.now + minute)
  const full = {
    ...world.storage,
    write: (file: string, text: string) =>
      file.startsWith('groups/')
        ? Promise.reject(new StorageFault('cannot write: the disk is full'))
        : world.storage.write(file, text)
  }
  t.equal((await attempt(group, { ...world.options, storage: full })).problem, 'cannot write: the disk is full')
})

t.test(
  'attempt: a fault of the storage is stored if that is possible, and keeps what is known of the order',
  async t => {
    for (const [refused, hasOrder] of [
      ['challenges/', false],
      [certificateFile('a.example'), true]
    ] as const) {
      const world = createWorld(t)
      const write = async (file: string, text: string) => {
        if (file.startsWith(refused)) throw new StorageFault('cannot write: permission denied')
        await world.storage.write(file, text)
      }
      const { nextAt } = await attempt(group, { ...world.options, storage: { ...world.storage, write } })
      const state = await world.stateOf('a.example')
      t.match(state, { problem: 'cannot write: permission denied', nextAt, triedAt: world.now }, refused)
      t.equal(nextAt, world.now + minute)
      t.equal(state.order !== undefined, hasOrder, refused)
      const report = await readReport(world.storage, 'a.example', names)
      t.equal(report.problem, 'cannot write: permission denied')
      world.now += minute
      t.match(await attempt(group, world.options), { problem: undefined, obtained: { names } })
      t.match(await world.stateOf('a.example'), { problem: undefined, order: undefined })
      t.equal(world.ordersOf(), 1)
    }
  }
)

t.test('attempt: a fault of the storage is not stored for names that strangers invent', async t => {
  const world = createWorld(t)
  for (const name of names) world.permissions.set(name, 'open')
  const write = () => Promise.reject(new StorageFault('cannot write'))
  const ofChallenge = async (file: string, text: string) =>
    file.startsWith('groups/') ? await world.storage.write(file, text) : await write()
  const options = { ...world.options, storage: { ...world.storage, write: ofChallenge } }
  const invented = { key: 'a.example', names: [], optional: names, asked: first }
  t.match(await attempt(invented, options), { problem: 'cannot write' })
  t.same(await world.storage.list('groups'), [])
  await world.put('a.example', names, { from: -70, until: 20 })
  t.match(await attempt(invented, options), { problem: 'cannot write' })
  t.equal((await world.stateOf('a.example')).problem, 'cannot write', 'its certificate is stored anyway')
})

t.test('attempt: when the service stops, an attempt is no failure', async t => {
  const world = createWorld(t)
  world.stopping.abort()
  for (const name of names) world.astray.add(name)
  t.same(await attempt(group, world.options), { nextAt: world.now, notAfter: undefined })
  t.match(await world.stateOf('a.example'), { failures: 0, problem: undefined })
})

t.test('attempt: a clock that is ahead does not order again and again', async t => {
  const world = createWorld(t)
  world.now += 400 * day
  const { obtained, problem, nextAt } = await attempt(group, world.options)
  t.ok(obtained)
  t.match(problem, /is the clock of this machine right/)
  t.ok(nextAt >= world.now + 2 * day)
  t.equal((await world.stateOf('a.example')).failures, 1)
  world.now += 2 * day - 1
  t.match(await attempt(group, world.options), { problem })
  t.equal(world.ordersOf(), 1)
  world.now -= 402 * day
  const { nextAt: later, ...rest } = await attempt(group, world.options)
  t.same(rest, { problem: undefined, notAfter: obtained?.notAfter, names }, 'it is good when the clock is right again')
  t.ok(later > world.now + 50 * day)
  t.equal(world.ordersOf(), 1)
})

t.test(
  'attempt: a certificate that is not valid yet is used and not ordered again, and the clock is the problem',
  async t => {
    const world = createWorld(t)
    world.now -= 10 * day
    const { obtained, problem, nextAt } = await attempt(group, world.options)
    t.ok(obtained)
    t.match(problem, /^the certificate is not valid before .*Z: is the clock of this machine right\?$/)
    t.equal(nextAt, world.now + hour)
    for (let hours = 0; hours < 5; hours++) {
      world.now += hour
      t.match(await attempt(group, world.options), { problem, nextAt: world.now + hour })
    }
    world.now += 10 * day
    t.match(await attempt(group, world.options), { problem: undefined })
    t.equal(world.ordersOf(), 1)
    t.match(await world.stateOf('a.example'), { failures: 0, problem: undefined })
  }
)

t.test('attempt: after the clock has been set back, a failure of the future delays nothing', async t => {
  const world = createWorld(t)
  for (const name of names) world.astray.add(name)
  world.now += 300 * day
  await attempt(group, world.options)
  world.astray.clear()
  world.now -= 300 * day
  t.ok((await attempt(group, world.options)).obtained)
})

t.test('attempt: an order that the authority never completes is given up after three failures', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) =>
    path.startsWith('/finalize') ? problemReply('orderNotReady', 'not yet') : undefined
  for (let at = 0; at < 4; at++) world.now = (await attempt(group, world.options)).nextAt
  t.equal(world.ordersOf(), 2)
})

t.test('attempt: a requested name that the authority refuses is no failure of a domain with a certificate', async t => {
  const world = createWorld(t)
  await attempt({ ...group, names: [first] }, world.options)
  const { order, ...state } = await world.stateOf('a.example')
  world.fake.intercept = ({ path }) => (path === '/orders' ? problemReply('rejectedIdentifier', 'a policy') : undefined)
  const wanted = { key: 'a.example', names: [], optional: [second], asked: second }
  t.match(await attempt(wanted, world.options), {
    nextAt: state.nextAt,
    problem: undefined,
    refusal: { origin: 'refused', retryAfterMs: undefined, text: 'a policy (rejectedIdentifier)' },
    trouble: undefined
  })
  t.same(await world.stateOf('a.example'), { ...state, order })
  world.fake.intercept = () => undefined
  world.astray.add(first)
  t.match(await attempt(wanted, world.options), {
    problem: undefined,
    refusal: { text: `${first}: ports 80 and 443: no such host` }
  })
  t.same(await world.namesOf('a.example'), [first])
})

t.test(
  'attempt: what the authority says of the account concerns all domains, what it says of a name does not',
  async t => {
    for (const [type, kind] of [
      ['userActionRequired', 'unavailable'],
      ['accountDoesNotExist', 'unavailable'],
      ['serverInternal', 'unavailable'],
      ['rateLimited', 'limited'],
      ['rejectedIdentifier', undefined],
      ['caa', undefined]
    ] as const) {
      const world = createWorld(t)
      world.fake.intercept = ({ path }) => (path === '/orders' ? problemReply(type, 'no') : undefined)
      const { trouble } = await attempt(group, world.options)
      t.equal(trouble?.kind, kind, type)
    }
  }
)

t.test('attempt: an unusable certificate of the authority is not stored', async t => {
  const world = createWorld(t)
  world.fake.intercept = ({ path }) => (path.startsWith('/certificate') ? { text: 'no PEM' } : undefined)
  t.match(await attempt(group, world.options), { problem: 'the certificate authority sent no usable certificate' })
  t.equal(await world.namesOf('a.example'), undefined)
})

t.test('attempt: a certificate without the names that were ordered is refused, and the one in use stays', async t => {
  for (const [hosts, missing] of [
    [['other.example'], names.join(', ')],
    [[first], second]
  ] as const) {
    const world = createWorld(t)
    await world.put('a.example', names, { from: -70, until: 20 })
    world.fake.issuing = { until: 90, hosts }
    const { problem, nextAt, obtained } = await attempt(group, world.options)
    t.equal(problem, `the certificate authority sent a certificate without ${missing}`)
    t.equal(obtained, undefined)
    t.ok(nextAt >= world.now + 5 * minute, 'it is not ordered again at once')
    t.same(await world.namesOf('a.example'), names)
  }
})

t.test('attempt: a certificate that has expired does not replace one that is valid', async t => {
  const world = createWorld(t)
  await world.put('a.example', names, { from: -70, until: 20 })
  world.fake.issuing = { from: -90, until: -1 }
  const { problem, nextAt, notAfter } = await attempt(group, world.options)
  t.match(problem, /^the certificate authority sent a certificate that has expired$/)
  t.ok(nextAt >= world.now + 5 * minute)
  t.ok(Number(notAfter) > world.now, 'the one in use is still the valid one')
})

t.test('attempt: the authority may suggest when to renew, and is asked again', async t => {
  const world = createWorld(t)
  const time = (days: number) => new Date(world.now + days * day).toISOString()
  world.fake.renewal = { json: { suggestedWindow: { start: time(10), end: time(11) } } }
  const { nextAt } = await attempt(group, world.options)
  t.equal(nextAt, world.now + 6 * hour)
  world.now = nextAt
  t.equal((await attempt(group, world.options)).nextAt, world.now + 6 * hour, 'it is not due')
  t.equal(world.ordersOf(), 1)
  world.fake.renewal = { json: { suggestedWindow: { start: time(-3), end: time(-2) } } }
  world.now += 6 * hour
  const replaced = await attempt(group, world.options)
  const orders = world.fake.requests.filter(({ path }) => path === '/orders')
  t.equal(orders.length, 2, 'revoked certificates are replaced at once')
  t.type(orders[1]?.payload?.replaces, 'string')
  world.fake.intercept = ({ path }) => {
    if (path === '/dir') throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    return undefined
  }
  world.now = replaced.nextAt
  t.match(
    await attempt(group, world.options),
    { nextAt: world.now + 6 * hour, trouble: { kind: 'unavailable' }, problem: undefined },
    'otherwise the lifetime decides, and the authority is asked again'
  )
  t.equal(orders.length, 2)
})
