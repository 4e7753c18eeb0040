import t from 'tap'
import { createConnectionPool, type PoolOptions } from '../../../src/directories/ldap/connection-pool.ts'

class Connection {
  readonly number: number
  isOpen = true
  hasSaidGoodbye = false

  constructor(number: number) {
    this.number = number
  }

  async end() {
    this.isOpen = false
    this.hasSaidGoodbye = true
  }

  destroy() {
    this.isOpen = false
  }
}

/** A pool whose connections open when the test says so, or immediately. */
function pooled(options: Partial<PoolOptions> = {}, { isManual = false } = {}) {
  const made: Connection[] = []
  const making: PromiseWithResolvers<Connection>[] = []
  let isAway = false
  async function connect() {
    if (isAway) throw new Error('away')
    const connection = new Connection(made.length)
    made.push(connection)
    if (!isManual) return connection
    const turn = Promise.withResolvers<Connection>()
    making.push(turn)
    return await turn.promise
  }
  const pool = createConnectionPool(connect, { maxConnections: 2, maxWaiting: 2, ...options })
  return { ...pool, made, making, away: (is: boolean) => (isAway = is) }
}

t.test(
  'connection pool: a connection serves one question at a time, and the most recently used one is used first',
  async t => {
    const { acquire, release, made } = pooled()
    const [first, second] = [await acquire(), await acquire()]
    t.same([first.number, second.number], [0, 1])
    release(second, true)
    release(first, true)
    t.equal(await acquire(), first)
    t.equal(await acquire(), second)
    t.equal(made.length, 2)
  }
)

t.test('connection pool: without a free connection, a limited number of questions wait', async t => {
  const { acquire, release } = pooled({ maxConnections: 1 })
  const first = await acquire()
  const [next, last] = [acquire(), acquire()]
  await t.rejects(acquire(), { code: 'too-many-waiting' })
  release(first, true)
  t.equal(await next, first)
  release(first, true)
  t.equal(await last, first)
})

t.test('connection pool: an unusable connection is replaced for the next question', async t => {
  const { acquire, release } = pooled({ maxConnections: 1 })
  const first = await acquire()
  const next = acquire()
  release(first, false)
  t.equal(first.isOpen, false)
  const second = await next
  t.equal(second.number, 1)
  second.isOpen = false
  release(second, true)
  const third = await acquire()
  t.equal(third.number, 2)
  release(third, true)
  third.isOpen = false
  t.equal((await acquire()).number, 3, 'it was lost while idle')
})

t.test(
  'connection pool: if no connection is in use and none can be made, all waiting questions are rejected',
  async t => {
    const { acquire, release, away } = pooled({ maxConnections: 1 })
    const first = await acquire()
    const waiting = [acquire(), acquire()]
    away(true)
    release(first, false)
    for (const turn of waiting) await t.rejects(turn, { message: 'away' })
    await t.rejects(acquire(), { message: 'away' })
    away(false)
    t.ok(await acquire())
  }
)

t.test('connection pool: questions keep waiting as long as a connection is in use', async t => {
  const { acquire, release, making } = pooled({}, { isManual: true })
  const [first, second] = [acquire(), acquire()]
  const waiting = acquire()
  making[0]?.resolve(new Connection(0))
  const connection = await first
  making[1]?.reject(new Error('one too many'))
  await t.rejects(second, { message: 'one too many' })
  release(connection, true)
  t.equal(await waiting, connection)
})

t.test('connection pool: a connection that was idle for a minute is not used again', async t => {
  let time = 0
  const { acquire, release } = pooled({ now: () => time })
  const [first, second] = [await acquire(), await acquire()]
  release(first, true)
  time += 30_000
  release(second, true)
  time += 30_001
  t.equal(await acquire(), second)
  t.same([first.isOpen, second.isOpen], [false, true])
})

t.test('connection pool: closing it closes all connections and rejects waiting questions', async t => {
  const { acquire, release, close, making } = pooled({}, { isManual: true })
  const given = [new Connection(0), new Connection(1)] as const
  const turns = [acquire(), acquire()]
  for (const [at, turn] of making.entries()) turn.resolve(given[at] ?? given[0])
  await Promise.all(turns)
  const [used, idle] = given
  release(idle, true)
  const late = pooled({ maxConnections: 1 }, { isManual: true })
  const [making1, waiting] = [late.acquire(), late.acquire()]
  await Promise.all([close(), late.close()])
  t.same([used.isOpen, used.hasSaidGoodbye], [false, false])
  t.equal(idle.hasSaidGoodbye, true)
  release(used, true)
  await t.rejects(acquire(), { code: 'closed' })
  await t.rejects(waiting, { code: 'closed' })
  const connection = new Connection(2)
  late.making[0]?.resolve(connection)
  await t.rejects(making1, { code: 'closed' })
  t.equal(connection.isOpen, false)
})
