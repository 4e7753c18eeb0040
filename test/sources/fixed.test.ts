import t from 'tap'
import { openFixed } from '../../src/sources/fixed.ts'
import { exampleSettings } from '../support/served-app.ts'

t.test('fixed source: serves the same table after a reload', async t => {
  const source = openFixed(exampleSettings, 'command line')
  const { table } = source
  t.equal(source.lastGood.main, exampleSettings)
  t.same(
    source.findings.map(({ severity, file, path }) => ({ severity, file, path })),
    [{ severity: 'warning', file: 'command line', path: 'providers[1].domains[0]' }]
  )
  source.watch(() => t.fail('it never changes'))
  source.reload()
  source.close()
  t.equal(source.table, table)
})

t.test('fixed source: an invalid table is an error with its position', async t => {
  t.throws(() => openFixed('providers: 1', 'command line'), {
    code: 'AC_SETTINGS_INVALID',
    message: 'command line:1:12 providers: found 1'
  })
})
