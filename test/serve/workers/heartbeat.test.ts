import t from 'tap'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createHeartbeat } from '../../../src/serve/workers/heartbeat.ts'

function fakeWorker(number: number) {
  const worker = {
    number,
    pid: 100 + number,
    isAlive: true,
    isReloading: false,
    kills: 0,
    ping: () => worker.isAlive,
    kill() {
      worker.kills += 1
    }
  }
  return worker
}

function createFakes() {
  const log: string[] = []
  const [one, two] = [fakeWorker(1), fakeWorker(2)]
  const starting = new Set<typeof one>()
  const ready = new Set([one, two])
  let now = 0
  const heartbeat = createHeartbeat({
    starting: () => starting,
    ready: () => ready,
    logger: createLogger({}, { write: line => log.push(line) }),
    clock: () => now
  })
  return {
    heartbeat,
    one,
    two,
    starting,
    ready,
    readLog: () => log.splice(0).join(''),
    /** @param everyMs milliseconds between two beats */
    beat(times: number, everyMs = 1000) {
      for (let done = 0; done < times; done++) {
        now += everyMs
        heartbeat.beat()
      }
    }
  }
}

t.test('heartbeat: a worker that does not answer is reported after 10 beats and killed after 30', async t => {
  const { heartbeat, one, two, beat, readLog } = createFakes()
  one.isAlive = false
  beat(9)
  t.same([readLog(), heartbeat.isSilent(one)], ['', false])
  beat(1)
  t.match(readLog(), /"level":"warn".*"worker":1,"pid":101,"msg":"worker 1 does not answer"/)
  t.same([heartbeat.isSilent(one), heartbeat.isSilent(two)], [true, false])
  beat(19)
  t.equal(one.kills, 0)
  beat(10)
  t.same([one.kills, two.kills, heartbeat.counts], [1, 0, { hangs: 1 }])
  t.match(readLog(), /^.*"level":"error".*"worker":1,"pid":101,"msg":"worker 1 still does not answer: killing it"\}\n$/)
})

t.test('heartbeat: a worker that answers in time is kept, and its count starts again', async t => {
  const { heartbeat, one, beat, readLog } = createFakes()
  for (let times = 0; times < 5; times++) {
    one.isAlive = false
    beat(29)
    one.isAlive = true
    beat(1)
    t.notOk(heartbeat.isSilent(one))
    t.match(readLog(), /"level":"info".*"worker":1,"pid":101,"msg":"worker 1 answers again"/)
  }
  one.isAlive = false
  beat(5)
  one.isAlive = true
  beat(1)
  t.same([one.kills, readLog()], [0, ''])
})

t.test('heartbeat: after the machine or the primary process was suspended, no worker is killed', async t => {
  const { one, two, beat, readLog } = createFakes()
  one.isAlive = two.isAlive = false
  beat(5)
  beat(1, 3_600_000)
  beat(3)
  t.same([one.kills, two.kills, readLog()], [0, 0, ''])
})

t.test('heartbeat: while beats are late because the machine is busy, no worker is killed', async t => {
  const { one, beat, readLog } = createFakes()
  one.isAlive = false
  beat(500, 2500)
  t.same([one.kills, readLog()], [0, ''])
  beat(30, 1900)
  t.equal(one.kills, 1)
})

t.test('heartbeat: a worker that reloads a large table has 120 beats', async t => {
  const { one, beat } = createFakes()
  one.isAlive = false
  one.isReloading = true
  beat(119)
  t.equal(one.kills, 0)
  beat(1)
  t.equal(one.kills, 1)
})

t.test('heartbeat: a worker has 120 beats to become ready, and gets no ping before', async t => {
  const { heartbeat, one, two, starting, ready, beat, readLog } = createFakes()
  ready.clear()
  starting.add(one).add(two)
  one.isAlive = two.isAlive = false
  beat(100, 2500)
  beat(100)
  starting.delete(two)
  two.isAlive = true
  ready.add(two)
  t.notOk(heartbeat.isSilent(two), 'the time to start does not count as silence')
  beat(20)
  t.same([one.kills, two.kills, heartbeat.counts], [1, 0, { hangs: 1 }])
  t.match(readLog(), /^.*"worker":1,"pid":101,"msg":"worker 1 is still not ready: killing it"\}\n$/)
})
