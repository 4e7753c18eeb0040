import t from 'tap'
import { createOverview } from '../../../src/console/overview/overview.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const table = tableOf(exampleSettings)
const traffic = { minutes: [], hours: [] }
const sources = {
  startedAt: 5,
  source: { table, findings: [] },
  reloader: { loadedAt: 7, pendingRestart: ['http.port'] },
  certificates: { certificatesAt: () => [], findings: [] },
  signing: { newest: undefined, findings: [] },
  readiness: [{ name: 'settings', stateAt: () => ({ ready: true }) }],
  lookups: { customers: undefined, mxLookUp: undefined, users: undefined },
  workers: undefined
}

t.test('overview: collects the state of every component', async t => {
  const overview = createOverview(sources)(9, traffic)
  t.match(overview, { now: 9, startedAt: 5, version: /^\d+\./, lookups: { length: 0 } })
  t.same(overview.settings, { loadedAt: 7, findings: [], pendingRestart: ['http.port'] })
  t.same(overview.components, [{ name: 'settings', ready: true }])
  t.equal(overview.providers.domains, 3)
})

t.test('overview: lookups say whether their server answers, and reveal nothing about addresses', async t => {
  const cache = { counts: { hit: 1 }, sizes: { known: 2, unknown: 3 } }
  const users = { directory: { up: false }, counts: { answered: 4 }, cache }
  const lookups = { customers: { directory: { up: true }, cache }, mxLookUp: { cache }, users }
  t.same(createOverview({ ...sources, lookups: lookups as never })(9, traffic).lookups, [
    {
      name: 'directory',
      up: true,
      facts: [
        ['hit', 1],
        ['cached', 2],
        ['cached as unknown', 3]
      ]
    },
    {
      name: 'mxLookup',
      up: undefined,
      facts: [
        ['hit', 1],
        ['cached', 2],
        ['cached as unknown', 3]
      ]
    },
    { name: 'users', up: false, facts: [['answered', 4]] }
  ])
})
