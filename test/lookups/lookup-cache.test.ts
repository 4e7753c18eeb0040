import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { type CacheResult, createLookupCache } from '../../src/lookups/lookup-cache.ts'
import { toCache } from '../../src/settings/lookup-defaults.ts'
import { fixed } from '../support/fixed.ts'

interface Answer {
  readonly version: number
}

interface PendingLookup {
  readonly key: string
  readonly answer: (value: Answer | undefined) => void
  readonly fail: () => void
}

/** Results are cached for ten seconds, or for forty more while lookups fail, and negative results for four. */
function cache(changes: Parameters<typeof toCache>[0] = {}) {
  const clock = { now: 1_000_000 }
  const pending: PendingLookup[] = []
  const load = (key: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer | undefined>()
    pending.push({ key, answer: resolve, fail: () => reject(new Error('away')) })
    return promise
  }
  const small = { domains: 100, negativeDomains: 100 }
  const settings = toCache({ seconds: 10, staleSeconds: 40, negativeSeconds: 4, ...small, ...changes })
  const cached = createLookupCache<Answer>(load, { settingsOf: fixed(settings), now: () => clock.now })
  const last = () => {
    const each = pending.pop()
    if (each === undefined) throw new Error('no lookup is pending')
    return each
  }
  return {
    ...cached,
    cached,
    clock,
    pending,
    last,
    /** Looks a name up, and completes the lookup. */
    async learn(key: string, value: Answer | undefined) {
      const found = cached.find(key)
      last().answer(value)
      return await found
    }
  }
}

/** Waits for a few microtasks, until the result is processed. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await undefined
}

const one = { version: 1 }
const two = { version: 2 }

t.test('lookup cache: a name is looked up once, and the cached result is returned synchronously', async t => {
  const { find, pending, learn, counts } = cache()
  t.equal(await learn('a.example', one), one)
  t.equal(find('a.example'), one)
  t.equal(find('a.example'), one)
  t.same(pending, [])
  t.match(counts, { miss: 1, hit: 2, stale: 0, negative: 0, error: 0 })
})

t.test('lookup cache: callers wait for the same lookup while it runs', async t => {
  const { find, pending, last } = cache()
  const all = [find('a.example'), find('a.example'), find('b.example')]
  t.same(
    pending.map(({ key }) => key),
    ['a.example', 'b.example']
  )
  last().answer(undefined)
  last().answer(one)
  t.same(await Promise.all(all), [one, one, undefined])
})

t.test('lookup cache: a stale result is returned synchronously while it is refreshed', async t => {
  const { find, pending, last, learn, clock, counts } = cache()
  await learn('a.example', one)
  clock.now += 10_000
  t.equal(find('a.example'), one)
  t.equal(find('a.example'), one)
  t.equal(pending.length, 1)
  last().answer(two)
  await settled()
  t.equal(find('a.example'), two)
  t.match(counts, { miss: 1, stale: 2, hit: 1 })
})

t.test('lookup cache: a name that a refresh finds unknown is unknown', async t => {
  const { find, last, learn, clock, cached } = cache()
  await learn('a.example', one)
  clock.now += 10_000
  find('a.example')
  last().answer(undefined)
  await settled()
  t.equal(find('a.example'), undefined)
  t.same(cached.sizes, { known: 0, unknown: 1 })
  clock.now += 4_000
  t.equal(await learn('a.example', two), two)
  t.same(cached.sizes, { known: 1, unknown: 0 })
})

t.test(
  'lookup cache: a short-lived result is looked up when it is stale, and only returned if the lookup fails',
  async t => {
    const clock = { now: 0 }
    const answers = [one, two]
    const load = async () => answers.shift() ?? Promise.reject(new Error('away'))
    const cached = createLookupCache<Answer>(load, {
      settingsOf: fixed(toCache({ seconds: 10, staleSeconds: 40 })),
      lifetimeOf: () => ({ seconds: 10, isNegative: false, isShort: true }),
      now: () => clock.now
    })
    const { find, counts } = cached
    t.equal(await find('a'), one)
    t.equal(find('a'), one)
    clock.now += 10_000
    t.equal(await find('a'), two, 'not the old one first')
    clock.now += 10_000
    t.equal(await find('a'), two, 'while lookups fail')
    t.match(counts, { miss: 2, hit: 1, stale: 1, negative: 0, error: 0 })
    t.same(cached.sizes, { known: 1, unknown: 0 })
  }
)

t.test('lookup cache: while lookups fail, a stale result is returned until it is too old', async t => {
  const { find, pending, last, learn, clock, counts } = cache()
  await learn('a.example', one)
  clock.now += 49_999
  t.equal(find('a.example'), one)
  last().fail()
  await settled()
  t.equal(find('a.example'), one)
  t.same(pending, [], 'there is no other lookup for a second')
  clock.now += 1
  const late = find('a.example')
  last().fail()
  await t.rejects(Promise.resolve(late), { code: 'AC_UNAVAILABLE', status: 503 })
  t.match(counts, { miss: 1, stale: 2, error: 1 })
})

t.test('lookup cache: a failed lookup is retried after a second', async t => {
  const { find, pending, last, learn, clock } = cache()
  await learn('a.example', one)
  clock.now += 20_000
  find('a.example')
  last().fail()
  await settled()
  clock.now += 1_000
  t.equal(find('a.example'), one)
  t.equal(pending.length, 1)
})

t.test('lookup cache: a stale negative result is looked up again, and its caller waits', async t => {
  const { find, pending, last, learn, clock, counts } = cache()
  t.equal(await learn('a.example', undefined), undefined)
  t.equal(find('a.example'), undefined)
  clock.now += 4_000
  const again = find('a.example')
  t.type(again, Promise)
  last().answer(one)
  t.equal(await again, one)
  t.same(pending, [])
  t.match(counts, { miss: 2, negative: 1 })
})

t.test('lookup cache: while lookups fail, a negative result is still used', async t => {
  const { find, last, learn, clock } = cache()
  await learn('a.example', undefined)
  clock.now += 5_000
  const again = find('a.example')
  last().fail()
  t.equal(await again, undefined)
  t.equal(find('a.example'), undefined, 'synchronously')
})

t.test('lookup cache: a flood of unknown names does not evict known ones', async t => {
  const { find, learn, cached } = cache({ domains: 3, negativeDomains: 5 })
  await learn('a.example', one)
  for (let at = 0; at < 100; at++) await learn(`${at}.example`, undefined)
  t.equal(find('a.example'), one)
  t.same(cached.sizes, { known: 1, unknown: 5 })
})

t.test('lookup cache: the least recently used result is evicted first', async t => {
  const { find, learn } = cache({ domains: 2 })
  await learn('a.example', one)
  await learn('b.example', one)
  find('a.example')
  await learn('c.example', one)
  t.equal(find('a.example'), one)
  t.type(find('b.example'), Promise)
})

t.test('lookup cache: too many simultaneous lookups are refused, unless a result is cached', async t => {
  const { find, pending, learn, clock, counts } = cache({ lookups: 2 })
  await learn('old.example', one)
  await learn('none.example', undefined)
  clock.now += 10_000
  const waiting = [find('a.example'), find('b.example')]
  await t.rejects(Promise.resolve(find('c.example')), { code: 'AC_UNAVAILABLE' })
  t.equal(find('old.example'), one)
  t.equal(find('none.example'), undefined)
  t.type(find('a.example'), Promise, 'other callers for the same name may wait')
  t.match(counts, { error: 1, stale: 2 })
  for (const each of pending.splice(0)) each.answer(one)
  await Promise.all(waiting)
  t.type(find('c.example'), Promise)
  t.equal(pending.length, 1)
})

t.test(
  'lookup cache: after a change the name is looked up, and the old result is only used while lookups fail',
  async t => {
    for (const key of ['a.example', undefined]) {
      const { find, last, learn, invalidate } = cache()
      await learn('a.example', one)
      invalidate(key)
      const waiting = find('a.example')
      last().answer(two)
      t.equal(await waiting, two)
      t.equal(find('a.example'), two)
      invalidate(key)
      const vain = find('a.example')
      last().fail()
      t.equal(await vain, two)
      t.equal(find('a.example'), two, 'synchronously, for a second')
      invalidate(key)
      t.type(find('a.example'), Promise, 'after another change')
    }
  }
)

t.test('lookup cache: a change of one domain does not expire others', async t => {
  const { find, pending, learn, invalidate } = cache()
  await learn('a.example', one)
  await learn('none.example', undefined)
  invalidate('b.example')
  t.equal(find('a.example'), one)
  invalidate('none.example')
  t.type(find('none.example'), Promise)
  t.equal(pending.length, 1)
})

t.test('lookup cache: the result of a lookup that ran during a change is not cached', async t => {
  for (const key of ['a.example', undefined]) {
    const { find, pending, invalidate } = cache()
    const before = find('a.example')
    invalidate(key)
    const after = find('a.example')
    t.equal(pending.length, 2, 'it is looked up again')
    pending[1]?.answer(two)
    t.equal(await after, two)
    pending[0]?.answer(one)
    t.equal(await before, one)
    t.equal(find('a.example'), two)
  }
})

t.test('lookup cache: an error from before a change does not postpone the next lookup', async t => {
  const { find, pending, learn, invalidate, clock } = cache()
  await learn('a.example', one)
  clock.now += 10_000
  find('a.example')
  invalidate('a.example')
  pending.pop()?.fail()
  await settled()
  t.type(find('a.example'), Promise)
})

const keys = ['a', 'b', 'c'] as const
type Step =
  | { readonly do: 'find' | 'change' | 'remove' | 'settle' | 'fail'; readonly key: (typeof keys)[number] }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'invalidate'; readonly key: (typeof keys)[number] | undefined }

const anyKey = fc.constantFrom(...keys)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('find' as const), key: anyKey }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('change', 'change', 'remove'), key: anyKey }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), key: anyKey }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), key: anyKey }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('invalidate' as const), key: fc.option(anyKey, { nil: undefined }) })
  }
)

/** A lookup with its times, and the value when it began. */
interface Question {
  readonly key: string
  readonly begun: number
  readonly value: Answer | undefined
  /** When the result was cached. */
  answered?: number
}

t.test('lookup cache: for any sequence of events, no result is too old and no known result is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async steps => {
      const { find, counts, clock, pending, invalidate } = cache({ lookups: 3 })
      const truth = new Map<string, Answer | undefined>()
      const history: Question[] = []
      const changes: { readonly key: string | undefined; readonly at: number }[] = []
      const open: { question: Question; lookup: PendingLookup }[] = []
      let tick = 0
      /** Records the lookups that have begun since the last call. */
      const note = () => {
        for (const each of pending.splice(0)) {
          const question: Question = { key: each.key, begun: ++tick, value: truth.get(each.key) }
          history.push(question)
          open.push({ question, lookup: each })
        }
      }
      const answersOf = (key: string) => history.filter(each => each.key === key && each.answered !== undefined)
      const changedAt = (key: string) =>
        Math.max(0, ...changes.filter(each => each.key === undefined || each.key === key).map(({ at }) => at))
      const life = (value: Answer | undefined) => (value === undefined ? 4_000 : 10_000)
      const judge = (key: string, value: Answer | undefined, result: CacheResult) => {
        const fitting = answersOf(key).filter(each => each.value === value)
        const ages = fitting.map(each => ({ ...each, age: clock.now - (each.answered ?? 0) }))
        const isFresh = ages.some(({ age, begun }) => age < life(value) && begun > changedAt(key))
        const isUsable = ages.some(({ age }) => age < life(value) + 40_000)
        if (result === 'hit' || result === 'negative')
          return isFresh && (result === 'negative') === (value === undefined)
        return result === 'stale' && isUsable
      }
      const usable = (key: string) => {
        const last = answersOf(key).at(-1)
        return last !== undefined && clock.now - (last.answered ?? 0) < life(last.value) + 40_000
      }
      const waiting: Promise<boolean>[] = []
      for (const step of steps) {
        if (step.do === 'wait') clock.now += step.seconds * 1000
        if (step.do === 'change') truth.set(step.key, { version: ++tick })
        if (step.do === 'remove') truth.delete(step.key)
        if (step.do === 'invalidate') {
          invalidate(step.key)
          changes.push({ key: step.key, at: ++tick })
        }
        if (step.do === 'settle' || step.do === 'fail') {
          const at = open.findIndex(({ question }) => question.key === step.key)
          const [each] = at < 0 ? [] : open.splice(at, 1)
          if (step.do === 'fail') each?.lookup.fail()
          else if (each !== undefined) {
            // Why: a result from before a change is not cached.
            if (each.question.begun > changedAt(step.key)) each.question.answered = clock.now
            each.lookup.answer(each.question.value)
          }
          await settled()
        }
        if (step.do === 'find') {
          const before = { ...counts }
          const { key } = step
          const mustNotFail = usable(key)
          const since = changedAt(key)
          const found = find(key)
          note()
          if (found instanceof Promise) {
            waiting.push(
              found.then(
                value =>
                  history.some(each => each.key === key && each.value === value && (each.begun > since || mustNotFail)),
                () => !mustNotFail
              )
            )
          } else {
            const result = (Object.keys(counts) as CacheResult[]).find(each => counts[each] > before[each])
            if (result === undefined || !judge(key, found, result)) return false
          }
        }
        if (open.length > 3) return false
        const current = open.filter(({ question }) => question.begun > changedAt(question.key))
        if (new Set(current.map(({ question }) => question.key)).size !== current.length) return false
      }
      for (const { lookup } of open) lookup.fail()
      return (await Promise.all(waiting)).every(Boolean)
    }),
    { numRuns: 300 }
  )
})

t.test('lookup cache: follows changed settings', async t => {
  let settings = toCache({ seconds: 10, domains: 3, negativeDomains: 3, lookups: 8 })
  const clock = { now: 0 }
  const lookedUp: string[] = []
  const load = async (key: string) => {
    lookedUp.push(key)
    return key.startsWith('unknown') ? undefined : one
  }
  const cached = createLookupCache<Answer>(load, { settingsOf: () => settings, now: () => clock.now })
  const names = ['a', 'b', 'c', 'unknown']
  const ask = async (...keys: readonly string[]) => {
    lookedUp.length = 0
    for (const key of keys) await cached.find(key)
    return [...lookedUp]
  }
  t.same(await ask(...names), names)
  t.same(await ask(...names), [])
  settings = { ...settings, seconds: 100, domains: 2, negativeDomains: 1 }
  t.same(await ask('c'), ['c'], 'a change expires all results')
  t.same(cached.sizes, { known: 2, unknown: 1 }, 'the oldest are evicted')
  clock.now = 50_000
  t.same(await ask('c', 'b'), ['b'])
  settings = { ...settings, domains: 5 }
  await ask('a', 'b', 'c', 'd', 'e')
  t.same(cached.sizes, { known: 5, unknown: 1 })
  settings = { ...settings, lookups: 1 }
  const waiting = [cached.find('x'), cached.find('y')]
  t.same(
    (await Promise.allSettled(waiting)).map(({ status }) => status),
    ['fulfilled', 'rejected']
  )
})

t.test('lookup cache: uses a monotonic clock by default', async t => {
  const { find } = createLookupCache(async () => one, {
    settingsOf: fixed(toCache({ domains: 1, negativeDomains: 1 }))
  })
  t.equal(await find('a.example'), one)
  t.equal(find('a.example'), one)
})

t.test('lookup cache: keeps a name, but not the request that contained it in memory', async t => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { cached, learn } = cache({ domains: 2000 })
  const count = 2000
  collect()
  const before = process.memoryUsage().heapUsed
  for (let at = 0; at < count; at++) await learn(`${'x'.repeat(8000)}${at}.example.com`.slice(8000), one)
  collect()
  const bytes = (process.memoryUsage().heapUsed - before) / count
  t.equal(cached.sizes.known, count)
  t.ok(bytes < 4000, `${bytes.toFixed()} bytes an entry`)
})

t.test('lookup cache: a client that has used up its share of lookups gets cached results or is refused', async t => {
  const { find, pending, learn, clock, counts, last } = cache({ lookups: 10 })
  await learn('old.example', one)
  clock.now += 20_000
  for (const name of ['a', 'b']) find(`${name}.example`, ['client'])
  t.equal(pending.length, 2)
  await t.rejects(Promise.resolve(find('c.example', ['client'])), { code: 'AC_UNAVAILABLE' })
  t.equal(find('old.example', ['client']), one)
  t.equal(counts.stale, 1)
  t.equal(pending.length, 2, 'there was no other lookup')
  find('c.example', ['other client'])
  t.equal(last().key, 'c.example')
})
