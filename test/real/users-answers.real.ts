// Every response with a looked-up login name takes the same time, for existing and unknown mailboxes, and whether or not
// they were requested before.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { examine, kinds, known } from './users-clock.ts'

const scratch = await mkdtemp(join(tmpdir(), 'answers-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
await writeFile(join(scratch, 'key'), 'no more than a test')
const file = join(scratch, 'users.sqlite')
const database = new DatabaseSync(file)
database.exec('CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT)')
const insert = database.prepare('INSERT INTO mailbox VALUES (?, ?)')
database.exec('BEGIN')
for (const { address, login } of known) insert.run(address, login)
database.exec('COMMIT')
database.close()

t.test('users: the response time reveals nothing, for any kind of response', { timeout: 340_000 }, async t => {
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  await examine(t, { type: 'sqlite', file, query }, { scratch, kinds })
})
