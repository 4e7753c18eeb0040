import t from 'tap'
import { createRunner, type Examine, type Progress } from '../../../src/console/check/runner.ts'
import type { ExaminedDomain } from '../../../src/doctor/examine-domain.ts'
import { errors } from '../../../src/errors.ts'

const examined = { findings: [], ms: 1 } as unknown as ExaminedDomain

/** An examination that the test ends. */
function controlled() {
  const started: {
    domain: string
    address: string
    progress: (text: string) => void
    end: PromiseWithResolvers<ExaminedDomain>
  }[] = []
  const examine: Examine = async ({ domain, address }, progress) => {
    const end = Promise.withResolvers<ExaminedDomain>()
    started.push({ domain, address, progress, end })
    return await end.promise
  }
  return { started, examine }
}

/** Collects the calls of a follower. */
function record(runner: ReturnType<typeof createRunner>) {
  const calls: (Progress | 'end')[] = []
  const ended = Promise.withResolvers<void>()
  const stop = runner.follow({
    progress: each => calls.push(each),
    end() {
      calls.push('end')
      ended.resolve()
    }
  })
  return { calls, ended: ended.promise, stop }
}

t.test('check: one examination runs at a time, and all followers receive its progress and end', async t => {
  const { started, examine } = controlled()
  const runner = createRunner(examine, () => 1234)
  t.equal(runner.running, undefined)
  t.ok(runner.start('a.example'))
  t.notOk(runner.start('b.example'))
  t.match(runner.running, { domain: 'a.example' })
  const followers = [record(runner), record(runner)]
  const gone = record(runner)
  gone.stop()
  started[0]?.progress('3 of 40: autoconfig.a.example: it')
  started[0]?.end.resolve(examined)
  await Promise.all(followers.map(({ ended }) => ended))
  const first = { done: 0, all: 0, step: 'starting' }
  for (const { calls } of followers)
    t.same(calls, [first, { done: 3, all: 40, step: 'autoconfig.a.example: it' }, 'end'])
  t.same(gone.calls, [first])
  t.same(
    started.map(({ domain, address }) => [domain, address]),
    [['a.example', 'postmaster@a.example']]
  )
  t.same(runner.resultOf('a.example'), { domain: 'a.example', at: 1234, examined, failure: undefined })
  t.equal(runner.running, undefined)
  t.same(record(runner).calls, ['end'], 'nothing runs')
})

t.test('check: a failed examination is a result, without the text of unexpected errors', async t => {
  const { started, examine } = controlled()
  const runner = createRunner(examine)
  for (const [error, failure] of [
    [errors.noResolver({ resolver: '192.0.2.1', reason: 'timeout' }), /no DNS server answers at 192\.0\.2\.1/],
    [new Error('secret'), /^internal error$/]
  ] as const) {
    runner.start('a.example')
    const { ended } = record(runner)
    started.at(-1)?.end.reject(error)
    await ended
    t.match(runner.resultOf('a.example'), { examined: undefined, failure })
  }
})

t.test('check: only the last five results are kept', async t => {
  const { started, examine } = controlled()
  const runner = createRunner(examine)
  for (const domain of ['a', 'b', 'c', 'd', 'a', 'e', 'f']) {
    runner.start(domain)
    const { ended } = record(runner)
    started.at(-1)?.end.resolve(examined)
    await ended
  }
  t.same(
    ['a', 'b', 'c', 'd', 'e', 'f'].filter(domain => runner.resultOf(domain) !== undefined),
    ['a', 'c', 'd', 'e', 'f']
  )
  t.same(
    runner.results.map(({ domain }) => domain),
    ['f', 'e', 'a', 'd', 'c'],
    'the newest first'
  )
})

t.test('check: a progress without counts is shown unchanged', async t => {
  const { started, examine } = controlled()
  const runner = createRunner(examine)
  runner.start('a.example')
  started[0]?.progress('')
  t.match(runner.running, { progress: { step: '' } })
})
