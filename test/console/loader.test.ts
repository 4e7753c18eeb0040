import t from 'tap'
import { createLoader, loadOnce } from '../../src/console/loader.ts'
import type { OverviewHandlers, Pages } from '../../src/console/routes.ts'

t.test('load once: calls share one result', async t => {
  let count = 0
  const load = loadOnce(async () => ++count)
  t.same(await Promise.all([load(), load()]), [1, 1])
  t.equal(await load(), 1)
})

t.test('load once: after a failure, the next call loads again', async t => {
  let count = 0
  const load = loadOnce(async () => {
    count += 1
    if (count === 1) throw new Error('too many open files')
    return count
  })
  await Promise.all([t.rejects(load()), t.rejects(load())])
  t.equal(count, 1)
  t.equal(await load(), 2)
  t.equal(await load(), 2)
})

const show = () => undefined
const overview: OverviewHandlers = { 'GET /': show, 'POST /reload': show }

t.test('loader: after the overview, the other pages are loaded in the background', async t => {
  const isLoading = Promise.withResolvers<void>()
  const programs = () => undefined
  const load = createLoader({
    loadOverview: async () => overview,
    async loadPages() {
      isLoading.resolve()
      return { 'GET /programs': programs } as unknown as Pages
    }
  })
  t.equal(await load('GET /'), show)
  await isLoading.promise
  t.equal(await load('GET /programs'), programs)
})

t.test('loader: a failure in the background does not end the service, and the page reports the error', async t => {
  const isLoading = Promise.withResolvers<void>()
  const load = createLoader({
    loadOverview: async () => overview,
    async loadPages() {
      isLoading.resolve()
      throw new Error('too many open files')
    }
  })
  t.equal(await load('POST /reload'), show)
  await isLoading.promise
  await t.rejects(load('GET /check'), { message: 'too many open files' })
})
