import t from 'tap'
import { createPool, type PoolOptions } from '../../src/directories/pool.ts'

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

/** A pool of connections that are made when the test says so, or at once. */
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
  const pool = createPool(connect, { most: 2, mostWaiting: 2, ...options })
  return { ...pool, made, making, away: (is: boolean) => (isAway = is) }
}

t.test('pool: a connection is used by one at a time, and the one used last is used first', async t => {
  const { take, giveBack, made } = pooled()
  const [first, second] = [await take(), await take()]
  t.same([first.number, second.number], [0, 1])
  giveBack(second, true)
  giveBack(first, true)
  t.equal(await take(), first)
  t.equal(await take(), second)
  t.equal(made.length, 2)
})

t.test('pool: who finds none free waits for a turn, and not too many wait', async t => {
  const { take, giveBack } = pooled({ most: 1 })
  const first = await take()
  const [next, last] = [take(), take()]
  await t.rejects(take(), { code: 'too-many-waiting' })
  giveBack(first, true)
  t.equal(await next, first)
  giveBack(first, true)
  t.equal(await last, first)
})

t.test('pool: what is no good is made anew for whoever is next', async t => {
  const { take, giveBack } = pooled({ most: 1 })
  const first = await take()
  const next = take()
  giveBack(first, false)
  t.equal(first.isOpen, false)
  const second = await next
  t.equal(second.number, 1)
  second.isOpen = false
  giveBack(second, true)
  const third = await take()
  t.equal(third.number, 2)
  giveBack(third, true)
  third.isOpen = false
  t.equal((await take()).number, 3, 'it was lost while nobody used it')
})

t.test('pool: where nobody has a connection and none can be made, all who wait are told', async t => {
  const { take, giveBack, away } = pooled({ most: 1 })
  const first = await take()
  const waiting = [take(), take()]
  away(true)
  giveBack(first, false)
  for (const turn of waiting) await t.rejects(turn, { message: 'away' })
  await t.rejects(take(), { message: 'away' })
  away(false)
  t.ok(await take())
})

t.test('pool: who waits goes on waiting while somebody has a connection', async t => {
  const { take, giveBack, making } = pooled({}, { isManual: true })
  const [first, second] = [take(), take()]
  const waiting = take()
  making[0]?.resolve(new Connection(0))
  const connection = await first
  making[1]?.reject(new Error('one too many'))
  await t.rejects(second, { message: 'one too many' })
  giveBack(connection, true)
  t.equal(await waiting, connection)
})

t.test('pool: what nobody has used for a minute is used no more', async t => {
  let time = 0
  const { take, giveBack } = pooled({ now: () => time })
  const [first, second] = [await take(), await take()]
  giveBack(first, true)
  time += 30_000
  giveBack(second, true)
  time += 30_001
  t.equal(await take(), second)
  t.same([first.isOpen, second.isOpen], [false, true])
})

t.test('pool: is closed with all that it has, and whoever waits is told', async t => {
  const { take, giveBack, close, making } = pooled({}, { isManual: true })
  const given = [new Connection(0), new Connection(1)] as const
  const turns = [take(), take()]
  for (const [at, turn] of making.entries()) turn.resolve(given[at] ?? given[0])
  await Promise.all(turns)
  const [used, idle] = given
  giveBack(idle, true)
  const late = pooled({ most: 1 }, { isManual: true })
  const [making1, waiting] = [late.take(), late.take()]
  await Promise.all([close(), late.close()])
  t.same([used.isOpen, used.hasSaidGoodbye], [false, false])
  t.equal(idle.hasSaidGoodbye, true)
  giveBack(used, true)
  await t.rejects(take(), { code: 'closed' })
  await t.rejects(waiting, { code: 'closed' })
  const connection = new Connection(2)
  late.making[0]?.resolve(connection)
  await t.rejects(making1, { code: 'closed' })
  t.equal(connection.isOpen, false)
})
