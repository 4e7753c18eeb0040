import t from 'tap'
import { perTable } from '../../src/sources/per-table.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

t.test('per table: a value is made at the start, and once for each table', async t => {
  const source = { table: tableOf(exampleSettings) }
  let times = 0
  const current = perTable(source, ({ providers }) => {
    times += 1
    return `${providers.length} ${times}`
  })
  t.equal(times, 1)
  t.same([current(), current()], ['2 1', '2 1'])
  source.table = tableOf(exampleSettings)
  t.same([current(), current()], ['2 2', '2 2'])
})
