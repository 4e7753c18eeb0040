import fc from 'fast-check'
import t from 'tap'
import { createEndedProcesses } from '../../../src/admin/metrics.ts'
import { errors } from '../../../src/errors.ts'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { type CrewOptions, createBackoff, createCrew } from '../../../src/serve/workers/crew.ts'
import type { Ready, ToWorker } from '../../../src/serve/workers/messages.ts'
import type { WorkerEnd, WorkerHandle } from '../../../src/serve/workers/worker-handle.ts'
import { matchLists } from '../../support/match-lists.ts'

interface Fake {
  readonly number: number
  readonly orders: ToWorker[]
  /** Whether the worker answers pings. */
  isAlive: boolean
  /** How often its metrics were requested. */
  questions: number
  become(): void
  fail(error: string | Error): void
  end(how?: Partial<WorkerEnd>): void
}

const ready = { plain: [], secure: [] }
const counted = (value: number) => [
  { name: 'requests', help: 'Requests.', type: 'counter', aggregator: 'sum', values: [{ labels: {}, value }] },
  { name: 'size', help: 'Size.', type: 'gauge', aggregator: 'sum', values: [{ labels: {}, value: 1 }] }
]

/** @returns a crew of two workers that the test controls */
function createFakes(options: Partial<CrewOptions> = {}) {
  const fakes: Fake[] = []
  const log: string[] = []
  const waits: number[] = []
  let now = 0
  let beat = () => {}

  function fork(number: number): WorkerHandle {
    const readiness = Promise.withResolvers<Ready>()
    const ending = Promise.withResolvers<WorkerEnd>()
    const orders: ToWorker[] = []
    let isReady = false
    const become = () => {
      isReady = true
      readiness.resolve(ready)
    }
    readiness.promise.catch(() => undefined)
    const end = (how: Partial<WorkerEnd> = {}) => {
      readiness.reject(new Error('it ended'))
      ending.resolve({ code: 0, signal: null, ...how })
    }
    const fail = (error: string | Error) => {
      readiness.reject(typeof error === 'string' ? new Error(error) : error)
      end()
    }
    const fake: Fake = { number, orders, become, fail, end, isAlive: true, questions: 0 }
    const place = fakes.push(fake)
    return {
      number,
      pid: 100 + place,
      ready: readiness.promise,
      ended: ending.promise,
      get metrics() {
        return isReady ? counted(place) : undefined
      },
      measure: async () => {
        fake.questions += 1
      },
      ping: () => fake.isAlive,
      isReloading: false,
      send: message => orders.push(message),
      kill: () => end({ code: null, signal: 'SIGKILL' })
    }
  }

  const crew = createCrew({
    size: 2,
    fork,
    logger: createLogger({}, { write: line => log.push(line) }),
    retireMs: () => 1_000_000,
    clock: () => now,
    pause: async milliseconds => waits.push(milliseconds),
    every: (_milliseconds, work) => {
      beat = work
      return () => {
        beat = () => {}
      }
    },
    ...options
  })
  return {
    crew,
    fakes,
    waits,
    readLog: () => log.splice(0).join(''),
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    beat(times: number) {
      for (let done = 0; done < times; done++) {
        now += 1000
        beat()
      }
    },
    /** @returns the worker with this position in the order of creation, as soon as it exists */
    async nth(place: number): Promise<Fake> {
      for (;;) {
        const fake = fakes[place - 1]
        if (fake !== undefined) return fake
        await turn()
      }
    }
  }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

async function started(options: Partial<CrewOptions> = {}) {
  const made = createFakes(options)
  const starting = made.crew.start()
  for (const fake of made.fakes) fake.become()
  await starting
  return made
}

t.test('crew: the start ends when all workers listen', async t => {
  const { crew, fakes } = createFakes()
  const starting = crew.start()
  t.same(
    fakes.map(({ number }) => number),
    [1, 2]
  )
  t.same(crew.sizes, { serving: 0, silent: 0, starting: 2, leaving: 0 })
  fakes[1]?.become()
  await turn()
  t.same(crew.stateAt(0), { ready: true, remark: '1 of 2 do not serve' })
  fakes[0]?.become()
  t.same(await starting, ready)
  t.same(crew.sizes, { serving: 2, silent: 0, starting: 0, leaving: 0 })
  t.same(crew.stateAt(0), { ready: true })
})

t.test('crew: if one worker cannot start at the beginning, all are ended', async t => {
  const { crew, fakes, readLog } = createFakes()
  const starting = crew.start()
  fakes[0]?.become()
  fakes[1]?.fail('it ran out of memory')
  await t.rejects(starting, { code: 'AC_WORKER_FAILED', message: 'a worker cannot start: it ran out of memory' })
  t.same(crew.sizes, { serving: 0, silent: 0, starting: 0, leaving: 0 })
  t.same(crew.stateAt(0), { ready: false, remark: '2 of 2 do not serve' })
  t.equal(fakes.length, 2)
  t.equal(readLog(), '')
})

t.test('crew: the error that keeps a worker from starting is passed on if it is known', async t => {
  const { crew, fakes } = createFakes()
  const starting = crew.start()
  fakes[0]?.fail(errors.cannotListen({ address: '127.0.0.1:80', reason: 'the port is in use' }))
  await t.rejects(starting, { code: 'AC_CANNOT_LISTEN' })
})

t.test('crew: a worker that ends unexpectedly is logged, counted, and replaced immediately', async t => {
  const { crew, fakes, nth, readLog, waits } = await started()
  fakes[1]?.end({ code: null, signal: 'SIGKILL' })
  const next = await nth(3)
  t.equal(next.number, 2)
  t.match(
    readLog(),
    /"level":"error".*"worker":2,"pid":102,"code":null,"signal":"SIGKILL".*worker 2 was killed \(SIGKILL\): starting a replacement/
  )
  t.same(
    [crew.counts, crew.sizes],
    [
      { restarts: 1, hangs: 0 },
      { serving: 1, silent: 0, starting: 1, leaving: 0 }
    ]
  )
  next.become()
  await turn()
  t.equal(crew.sizes.serving, 2)
  t.same(waits, [])
})

t.test('crew: after repeated ends the pause gets longer, until a worker keeps running', async t => {
  const { crew, fakes, nth, pass, readLog, waits } = await started()
  fakes[0]?.end({ code: 1 })
  for (const place of [3, 4, 5]) (await nth(place)).fail('no memory')
  const last = await nth(6)
  t.same(waits, [100, 200, 400])
  t.match(readLog(), /("worker":1,"code":"AC_WORKER_FAILED","msg":"worker 1 cannot start: no memory"[\s\S]*){3}/)
  last.become()
  await turn()
  pass(10_000)
  last.end()
  await nth(7)
  t.same([waits.length, crew.counts.restarts], [3, 2])
})

t.test(
  'crew: workers are replaced one after the other, and the new one listens before the old one retires',
  async t => {
    const { crew, fakes, nth, readLog } = await started()
    const replaced = crew.replaceAll()
    const third = await nth(3)
    t.same([third.number, fakes.length, fakes[0]?.orders], [1, 3, []])
    third.become()
    const fourth = await nth(4)
    t.same([fourth.number, fakes[0]?.orders, fakes[1]?.orders], [2, [{ type: 'retire' }], []])
    fourth.become()
    await replaced
    t.same(fakes[1]?.orders, [{ type: 'retire' }])
    t.same(crew.sizes, { serving: 2, silent: 0, starting: 0, leaving: 2 })
    fakes[0]?.end()
    await turn()
    t.same([crew.sizes.leaving, crew.counts.restarts, fakes.length], [1, 0, 4])
    t.match(readLog(), /"workers":2,"msg":"workers replaced"/)
  }
)

t.test('crew: a replacement that is requested during the start follows the start', async t => {
  const { crew, fakes, nth } = createFakes()
  const starting = crew.start()
  const replaced = crew.replaceAll()
  fakes[1]?.become()
  await turn()
  t.equal(fakes.length, 2)
  fakes[0]?.become()
  await starting
  for (const place of [3, 4]) (await nth(place)).become()
  await replaced
  t.same(crew.sizes, { serving: 2, silent: 0, starting: 0, leaving: 2 })
})

t.test('crew: at most as many workers retire at the same time as serve', async t => {
  const { crew, fakes, nth } = await started()
  const both = [crew.replaceAll(), crew.replaceAll()]
  for (const place of [3, 4]) (await nth(place)).become()
  await both[0]
  await turn()
  t.equal(fakes.length, 4)
  fakes[1]?.end()
  ;(await nth(5)).become()
  await turn()
  t.same([fakes.length, crew.sizes.leaving], [5, 2])
  fakes[0]?.end()
  ;(await nth(6)).become()
  await both[1]
})

t.test('crew: if a new worker cannot start, the old ones keep running, and reload', async t => {
  const { crew, fakes, nth, readLog } = await started()
  const replaced = crew.replaceAll()
  ;(await nth(3)).fail('a broken query')
  await replaced
  t.same(crew.sizes, { serving: 2, silent: 0, starting: 0, leaving: 0 })
  for (const old of fakes.slice(0, 2)) t.same(old.orders, [{ type: 'reload', scope: 'everything' }])
  t.match(readLog(), /worker 1 cannot start: a broken query[\s\S]*workers not replaced/)
})

t.test('crew: of two replacements for the same worker, the later one stays', async t => {
  const { crew, fakes, nth } = await started()
  const replaced = crew.replaceAll()
  const third = await nth(3)
  fakes[0]?.end({ code: 1 })
  const filler = await nth(4)
  third.become()
  filler.become()
  ;(await nth(5)).become()
  await replaced
  t.same([third.orders, filler.orders], [[{ type: 'retire' }], []])
  t.equal(crew.sizes.serving, 2)
})

t.test('crew: a worker that does not retire in time is killed', async t => {
  const { crew, nth } = await started({ retireMs: () => 0 })
  const replaced = crew.replaceAll()
  for (const place of [3, 4]) (await nth(place)).become()
  await replaced
  while (crew.sizes.leaving > 0) await new Promise(resolve => setTimeout(resolve, 1))
  t.equal(crew.counts.restarts, 0)
})

t.test('crew: a message is sent to all workers, and a stop ends when all have ended', async t => {
  const { crew, fakes, readLog } = await started()
  crew.send({ type: 'reload', scope: 'changes' })
  crew.announceCertificate('a.example')
  const stopped = crew.stop(10_000)
  for (const { orders } of fakes) {
    t.same(orders, [
      { type: 'reload', scope: 'changes' },
      { type: 'certificate', key: 'a.example' },
      { type: 'stop', boundMs: 10_000 }
    ])
  }
  await crew.replaceAll()
  for (const fake of fakes) fake.end()
  await stopped
  t.same([crew.sizes.serving, crew.counts.restarts, fakes.length], [0, 0, 2])
  t.equal(readLog(), '')
})

t.test('crew: a worker that does not stop in time is killed, and kill ends all workers immediately', async t => {
  const { crew } = await started()
  await crew.stop(-500)
  t.equal(crew.sizes.serving, 0)
  const other = await started()
  other.crew.kill()
  await other.nth(3)
})

t.test('crew: a stop ends a restart and a replacement in progress', async t => {
  const waiting = Promise.withResolvers<void>()
  const { crew, fakes, nth, readLog } = await started({
    pause: async (_milliseconds, signal) => {
      waiting.resolve()
      await new Promise((_, reject) => signal.addEventListener('abort', reject))
    }
  })
  fakes[0]?.end({ code: 1 })
  ;(await nth(3)).fail('no memory')
  await waiting.promise
  const replaced = crew.replaceAll()
  const fourth = await nth(4)
  readLog()
  const stopped = crew.stop(10_000)
  t.same(fourth.orders, [{ type: 'stop', boundMs: 10_000 }])
  fourth.end()
  fakes[1]?.end()
  await Promise.all([stopped, replaced])
  t.same([fakes.length, readLog()], [4, ''])
})

t.test('crew: pauses use the system clock by default', async t => {
  const { crew, fakes, nth } = await started({ pause: undefined, clock: undefined } as object)
  fakes[0]?.end({ code: 1 })
  ;(await nth(3)).fail('no memory')
  ;(await nth(4)).become()
  await turn()
  t.equal(crew.sizes.serving, 2)
})

t.test('crew: metrics include the workers that run and those that have ended', async t => {
  const endedProcesses = createEndedProcesses()
  const { crew, fakes, nth } = await started({ endedProcesses })
  t.same(await crew.measure(), [counted(1), counted(2), []])
  fakes[0]?.end({ code: 1 })
  const next = await nth(3)
  t.equal((await crew.measure()).length, 2, 'a worker that has not measured yet is omitted')
  next.become()
  await turn()
  const [second, third, ended] = await crew.measure()
  t.same([second, third], [counted(3), counted(2)].toReversed())
  matchLists(t, ended, [{ name: 'requests', values: [{ value: 1 }] }])
  t.equal(ended?.length, 1)
  const unmeasured = await started()
  t.same(await unmeasured.crew.measure(), [counted(1), counted(2)])
})

t.test('crew: a worker that hangs is killed and replaced, and does not count as serving before', async t => {
  const { crew, fakes, nth, beat, readLog } = await started()
  const [first, second] = fakes
  if (first === undefined || second === undefined) return t.fail('two workers')
  first.isAlive = false
  beat(10)
  t.same(crew.sizes, { serving: 1, silent: 1, starting: 0, leaving: 0 })
  t.same(crew.stateAt(0), { ready: true, remark: '1 of 2 do not serve' })
  await crew.measure()
  t.same([first.questions, second.questions], [0, 1], 'its metrics are not requested')
  second.isAlive = false
  beat(10)
  t.same(crew.stateAt(0), { ready: false, remark: '2 of 2 do not serve' })
  second.isAlive = true
  beat(10)
  const third = await nth(3)
  t.match(third, { number: 1 })
  third.become()
  await turn()
  t.same(
    [crew.counts, crew.sizes],
    [
      { restarts: 1, hangs: 1 },
      { serving: 2, silent: 0, starting: 0, leaving: 0 }
    ]
  )
  t.match(
    readLog(),
    /worker 1 does not answer[\s\S]*worker 1 still does not answer: killing it[\s\S]*was killed \(SIGKILL\)/
  )
})

t.test('crew: a worker that does not become ready is killed: at a replacement, and after one has ended', async t => {
  const { crew, fakes, nth, beat, readLog, waits } = await started()
  const replaced = crew.replaceAll()
  await nth(3)
  beat(120)
  await replaced
  t.match(readLog(), /worker 1 is still not ready: killing it[\s\S]*cannot start: it ended[\s\S]*workers not replaced/)
  fakes[1]?.end({ code: 1 })
  await nth(4)
  beat(120)
  ;(await nth(5)).become()
  await turn()
  t.same([crew.sizes.serving, crew.counts, waits], [2, { restarts: 1, hangs: 2 }, []])
})

t.test('crew: a worker that never becomes ready ends the start of the service', async t => {
  const { crew, fakes, beat } = createFakes()
  const starting = crew.start()
  fakes[0]?.become()
  await turn()
  beat(120)
  await t.rejects(starting, { code: 'AC_WORKER_FAILED' })
  t.same(crew.sizes, { serving: 0, silent: 0, starting: 0, leaving: 0 })
})

t.test('crew: a worker that hangs while it retires is killed', async t => {
  const { crew, fakes, nth, beat } = await started()
  const replaced = crew.replaceAll()
  for (const place of [3, 4]) (await nth(place)).become()
  await replaced
  for (const fake of fakes.slice(0, 2)) fake.isAlive = false
  beat(30)
  await turn()
  t.same(
    [crew.sizes, crew.counts],
    [
      { serving: 2, silent: 0, starting: 0, leaving: 0 },
      { restarts: 0, hangs: 2 }
    ]
  )
})

t.test('crew: a worker that hangs while the service stops is killed when the time is up', async t => {
  const { crew, fakes, beat } = await started()
  if (fakes[0]) fakes[0].isAlive = false
  beat(20)
  const stopped = crew.stop(-500)
  beat(20)
  await stopped
  t.same(crew.counts, { restarts: 0, hangs: 0 }, 'it does not count as hanging after the stop began')
})

t.test('crew: two hundred requests for a replacement become one that runs and one that waits', async t => {
  const { crew, fakes, nth } = await started()
  const all = Array.from({ length: 200 }, () => crew.replaceAll())
  for (const place of [3, 4]) (await nth(place)).become()
  await all[0]
  for (const old of fakes.slice(0, 2)) old.end()
  for (const place of [5, 6]) (await nth(place)).become()
  await Promise.all(all)
  for (const old of fakes.slice(2, 4)) old.end()
  await turn()
  t.same([fakes.length, crew.sizes], [6, { serving: 2, silent: 0, starting: 0, leaving: 0 }])
})

t.test('crew: the heartbeat uses the system clock by default', async t => {
  const { crew } = await started({ every: undefined, clock: undefined } as object)
  const stopped = crew.stop(-500)
  await stopped
  t.equal(crew.sizes.serving, 0)
})

t.test('backoff: a worker that has run for a while is replaced immediately, however often', async t => {
  const { waitAfter } = createBackoff()
  for (let times = 0; times < 20; times++) t.equal(waitAfter(10_000), 0)
})

t.test(
  'backoff: the first short-lived worker is replaced immediately, and the pause grows for the next ones',
  async t => {
    const { waitAfter } = createBackoff()
    t.same(
      Array.from({ length: 10 }, () => waitAfter(50)),
      [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]
    )
  }
)

t.test('backoff: the pause is ten seconds at most, and reset after a worker has run for a while', async () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20_000 })), lives => {
      const { waitAfter } = createBackoff()
      const waits = lives.map(lived => ({ lived, wait: waitAfter(lived) }))
      return waits.every(({ lived, wait }) => wait >= 0 && wait <= 10_000 && (lived < 10_000 || wait === 0))
    })
  )
})
