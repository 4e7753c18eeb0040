import t from 'tap'
import { DirectoryFailure, toFailure } from '../../src/directories/directory-failure.ts'
import { ldapFailure } from '../../src/directories/ldap/failure.ts'
import { mysqlFailure } from '../../src/directories/mysql-failure.ts'
import { postgresFailure } from '../../src/directories/postgres-failure.ts'
import { sqliteFailure } from '../../src/directories/sqlite-failure.ts'
import { errors } from '../../src/errors.ts'

const words = 'value of "JANE"'
const told = ({ code, isRefusal, words }: DirectoryFailure) => ({ code, isRefusal, words })

t.test('failures: PostgreSQL tells by its SQLSTATE what is about the question, and what about the server', async t => {
  const failure = (code: string, severity = 'ERROR', options = {}) =>
    told(postgresFailure(Object.assign(new Error(words), { code, severity }), options))
  for (const code of ['22021', '22P02', '21000', 'P0001', '54001']) {
    t.same(failure(code), { code, isRefusal: true, words: undefined })
  }
  for (const code of ['42P01', '42883']) t.same(failure(code), { code, isRefusal: true, words })
  for (const code of ['08006', '40001', '53300', '55P03', '57014', '57P01', '58030', 'XX000']) {
    t.same(failure(code), { code, isRefusal: false, words: undefined })
  }
  t.same(failure('28P01', 'FATAL'), { code: '28P01', isRefusal: false, words })
  t.equal(failure('22021', 'FATAL').isRefusal, false)
  t.equal(failure('22021', 'ERROR', { isConnecting: true }).isRefusal, false)
  t.same(failure('jane@'), { code: 'unknown', isRefusal: false, words: undefined }, 'no code is made up')
  t.same(told(postgresFailure(new Error(words))), { code: 'unknown', isRefusal: false, words: undefined })
  t.same(told(postgresFailure(new Error('timeout expired'), { isConnecting: true })).words, 'timeout expired')
})

t.test('failures: MariaDB and MySQL tell it by SQLSTATE and number', async t => {
  const failure = (errno: number, sqlState: string, more = {}) =>
    told(mysqlFailure(Object.assign(new Error(words), { errno, sqlState, ...more })))
  for (const [errno, sqlState] of [
    [1267, 'HY000'],
    [1366, '22007'],
    [1690, '22003'],
    [1242, '21000'],
    [1644, '45000']
  ] as const) {
    t.same(failure(errno, sqlState), { code: `errno-${errno}`, isRefusal: true, words: undefined })
  }
  t.same(failure(1146, '42S02'), { code: 'errno-1146', isRefusal: true, words })
  for (const [errno, sqlState] of [
    [1040, '08004'],
    [1213, '40001'],
    [1969, '70100'],
    [1205, 'HY000'],
    [1053, '08S01']
  ] as const) {
    t.equal(failure(errno, sqlState).isRefusal, false, `${errno}`)
  }
  t.equal(failure(1267, 'HY000', { fatal: true }).isRefusal, false)
  t.match(mysqlFailure(new Error('Queue limit reached.')), { code: 'too-many-waiting' })
  const lost = Object.assign(new Error('Connection lost: jane'), { code: 'PROTOCOL_CONNECTION_LOST' })
  t.same(told(mysqlFailure(lost)), { code: 'PROTOCOL_CONNECTION_LOST', isRefusal: false, words: undefined })
})

t.test('failures: LDAP tells it by its result code', async t => {
  const failure = (code: number, options = {}) =>
    told(ldapFailure(Object.assign(new Error(`${words} Code: 0x1`), { code, name: 'BusyError' }), options))
  for (const code of [2, 18, 21, 34]) {
    t.same(failure(code), { code: `result-${code}`, isRefusal: true, words: 'the server answers Busy' })
  }
  for (const code of [1, 3, 32, 49, 50, 51, 52]) t.equal(failure(code).isRefusal, false, `${code}`)
  t.same(failure(53, { isConnecting: true }).words, `the server answers Busy: ${words}`)
  t.equal(failure(53, { isConnecting: true }).isRefusal, false)
})

t.test('failures: SQLite tells it by its result code', async t => {
  const failure = (errcode: number, options = {}) =>
    sqliteFailure(Object.assign(new Error(words), { errcode }), options)
  for (const code of [1, 18, 20]) t.match(failure(code), { code: `sqlite-${code}`, isRefusal: true, words: undefined })
  for (const code of [5, 10, 11, 14, 26]) t.match(failure(code), { code: `sqlite-${code}`, isRefusal: false })
  t.match(failure(1, { isOpening: true }), { isRefusal: false, words })
  t.match(failure(266), { code: 'sqlite-10' }, 'an extended code')
  t.match(sqliteFailure(new Error(words)), { code: 'unknown', words: undefined })
  for (const own of [errors.directoryUnfit(), new DirectoryFailure('closed')]) t.equal(sqliteFailure(own), own)
})

t.test('failures: whatever is logged of one holds nothing of its text', async t => {
  const failure = new DirectoryFailure('42P01', { isRefusal: true, words })
  t.notMatch(JSON.stringify({ ...failure }) + String(failure.stack), 'JANE')
  t.same(told(toFailure(undefined)), { code: 'unknown', isRefusal: false, words: undefined })
  t.equal(toFailure(failure), failure)
})
