import t from 'tap'
import { oneLine } from '../../src/importers/import-log.ts'

t.test('oneLine: joins lines with a space, and preserves white space within lines', async t => {
  t.equal(oneLine(' a \r\n\t b\u00a0: c\n\n d\n'), 'a b\u00a0: c d')
  t.equal(oneLine(' \n '), '')
})
