import t from 'tap'
import { type Row, readRows } from '../../src/directories/row-reader.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import { userReading } from '../../src/lookups/user.ts'

const user = (...rows: readonly Row[]) => readRows(rows, 'jane@example.com', userReading)
const jane = { names: { username: 'u1' }, displayName: undefined }

t.test('rows: a row is used only if it contains the requested name', async t => {
  t.equal(user(), undefined)
  t.same(user({ address: 'jane@example.com', username: 'u1' }), jane)
  t.same(user({ ADDRESS: ' Jane@EXAMPLE.com. ', Username: 'u1' }), jane)
  for (const address of ['jané@example.com', 'jane+tag@example.com', 'ja.ne@example.com', 'jane@example.net']) {
    t.equal(user({ address, username: 'u1' }), undefined, address)
    t.same(user({ address, username: 'u2' }, { address: 'jane@example.com', username: 'u1' }), jane, address)
  }
})

t.test('rows: the order of several rows does not matter', async t => {
  const rows = ['u1', 'u2'].map(username => ({ address: 'jane@example.com', username }))
  const problem = { problem: 'found rows of one address that differ, expected one row' }
  t.match(user(...rows), problem)
  t.match(user(...rows.toReversed()), problem)
  t.same(user(...rows.slice(1), ...rows.slice(1)), { ...jane, names: { username: 'u2' } })
  t.same(user({ ...rows[0], provider: 'a', HOST: 'b', imap_host: '' }), {
    ...jane,
    servers: { provider: 'a', host: 'b' }
  })
})

t.test('rows: an invalid stored name is a problem, unless another row contains the requested one', async t => {
  for (const address of [null, '', 'jane', undefined, Buffer.from([0xff])]) {
    t.match(user({ address, username: 'u1' }), {
      names: {},
      problem: 'found no address in the column "address" of users, expected the stored address'
    })
    t.same(user({ address, username: 'u2' }, { address: 'jane@example.com', username: 'u1' }), jane)
  }
  t.match(user({ address: [] }), { problem: /^found no address/ })
})

t.test('rows: a domain counts in any notation, but other domains that a database treats as equal do not', async t => {
  const find = (domain: string) => readRows([{ domain, provider: 'a' }], 'xn--kndem-kva.example', entryReading)
  for (const domain of ['künDem.example.', 'XN--KNDEM-KVA.example', 'jane@kündem.example']) {
    t.match(find(domain), { provider: 'a', problem: undefined }, domain)
  }
  for (const domain of ['kundem.example', 'kün-dem.example', 'kündem.example.net']) t.equal(find(domain), undefined)
})
