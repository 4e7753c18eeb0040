import t from 'tap'
import { oneLine } from '../../src/importers/one-line.ts'

t.test('oneLine: joins lines by one space, and keeps white space inside of them', async t => {
  t.equal(oneLine(' a \r\n\t b\u00a0: c\n\n d\n'), 'a b\u00a0: c d')
  t.equal(oneLine(' \n '), '')
})
