import t from 'tap'
import { DirectoryFailure, toFailure } from '../../src/directories/directory.ts'

const text = 'value of "JANE"'
const fields = ({ code, isRefusal, driverText }: DirectoryFailure) => ({ code, isRefusal, driverText })

t.test('directory failure: no log field contains the text of the driver', async t => {
  const failure = new DirectoryFailure('42P01', { isRefusal: true, driverText: text })
  t.notMatch(JSON.stringify({ ...failure }) + String(failure.stack), 'JANE')
  t.same(fields(toFailure(undefined)), { code: 'unknown', isRefusal: false, driverText: undefined })
  t.equal(toFailure(failure), failure)
})
