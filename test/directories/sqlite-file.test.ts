import t from 'tap'
import { DirectoryFailure } from '../../src/directories/directory.ts'
import { sqliteFailure } from '../../src/directories/sqlite-file.ts'
import { errors } from '../../src/errors.ts'

const text = 'value of "JANE"'

t.test('sqlite: the result code distinguishes refused questions from an unavailable file', async t => {
  const failure = (errcode: number, options = {}) => sqliteFailure(Object.assign(new Error(text), { errcode }), options)
  for (const code of [1, 18, 20])
    t.match(failure(code), { code: `sqlite-${code}`, isRefusal: true, driverText: undefined })
  for (const code of [5, 10, 11, 14, 26]) t.match(failure(code), { code: `sqlite-${code}`, isRefusal: false })
  t.match(failure(1, { isConnecting: true }), { isRefusal: false, driverText: text })
  t.match(failure(266), { code: 'sqlite-10' }, 'an extended code')
  t.match(sqliteFailure(new Error(text)), { code: 'unknown', driverText: undefined })
  for (const own of [errors.directoryUnfit(), new DirectoryFailure('closed')]) t.equal(sqliteFailure(own), own)
})
