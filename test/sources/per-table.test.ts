import t from 'tap'
import { partOfTable, perTable } from '../../src/sources/per-table.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

t.test('per table: a value is computed at the start, and once for each table', async t => {
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

t.test('partOfTable: returns the same object until its content changes', async t => {
  const tableWith = (bodyBytes: number, name = 'Example') =>
    tableOf(`limits: { bodyBytes: ${bodyBytes} }\n${exampleSettings.replace('Example Mail', name)}`)
  const source = { table: tableWith(2000) }
  const limitsOf = partOfTable(source, ({ settings }) => ({ ...settings.limits }))
  const first = limitsOf()
  source.table = tableWith(2000, 'Other')
  t.equal(limitsOf(), first)
  source.table = tableWith(3000)
  const second = limitsOf()
  t.same(second, { bodyBytes: 3000 })
  t.equal(limitsOf(), second)
})
