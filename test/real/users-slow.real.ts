// Queries that take longer if the mailbox exists, by less than a step or by more. The response time does not reveal it.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createAuthority } from './certificate-authority.ts'
import { startPostgres } from './postgres.ts'
import { examine, known } from './users-clock.ts'

const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'slow-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the server runs as a separate user.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
const authority = await createAuthority(join(scratch, 'authority'))
await writeFile(join(scratch, 'password'), password)
await writeFile(join(scratch, 'key'), 'no more than a test')
const server = await startPostgres(join(scratch, 'postgres'), {
  certificate: await authority.issue(['localhost']),
  password
})
t.teardown(() => server.stop())
await server.create('mail', [
  'CREATE TABLE mailbox (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64))',
  `INSERT INTO mailbox VALUES ${known.map(({ address, login }) => `('${address}', '${login}')`).join(', ')}`,
  'ANALYZE mailbox'
])

for (const milliseconds of [0.4, 12]) {
  t.test(`users: a row that takes ${milliseconds} ms longer`, { timeout: 300_000 }, async t => {
    const query = `SELECT address, login AS username, pg_sleep(${milliseconds / 1000})::text AS display_name
      FROM mailbox WHERE address = :address`
    await examine(t, { type: 'postgres', database: 'mail', query }, { scratch, kinds: ['JSON API'] })
  })
}
