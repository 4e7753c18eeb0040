// Every answer with a looked-up log-in name takes the same time, for mailboxes that exist and that do not, and whether or not
// others asked about them.

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

t.test('users: no kind of answer tells by its time', { timeout: 170_000 }, async t => {
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  await examine(t, { type: 'sqlite', file, query }, { scratch, asked: kinds })
})
