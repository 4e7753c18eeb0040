import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openUserLookup } from '../../src/lookups/user-lookup.ts'
import { readableLog } from '../support/readable-log.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const secret = 'sixteen letters.'

t.test('users: without a key, or with an invalid query, openUserLookup rejects', async t => {
  const { logger } = readableLog()
  const options = { file: '/signpost.yaml', logger, env: { SIGNPOST_USERS_SECRET: secret } }
  const tables = { table: tableOf(exampleSettings) }
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const users = { type: 'sqlite', file: 'a', query, unknown: 'u#' } as const
  await t.rejects(openUserLookup(tables, users, { ...options, env: {} }), {
    code: 'AC_SETTINGS_INVALID',
    message: /^users\.secretFile: found neither/
  })
  await t.rejects(openUserLookup(tables, { ...users, query: 'SELECT 1' }, options), {
    code: 'AC_SETTINGS_INVALID',
    message: 'users.query: found no :address'
  })
})

t.test('users: the environment defaults to that of the process, and an SQLite file is watched', async t => {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'key'), secret)
  const { logger } = readableLog()
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const { directory } = await openUserLookup(
    { table: tableOf(exampleSettings) },
    { type: 'sqlite', file: 'none.sqlite', query, unknown: 'u#', secretFile: 'key', timeoutMilliseconds: 500 },
    { file: join(folder, 'signpost.yaml'), logger }
  )
  t.teardown(() => directory.close())
  t.match(directory, { name: 'users', watch: Function })
  await directory.start()
  t.same(directory.stateAt(0), { ready: false, remark: 'the directory of users does not answer' })
})
