import t from 'tap'
import { checkColumns, type Row, readRows } from '../../src/directories/row-reader.ts'
import { createEntrySharing, entryReading } from '../../src/lookups/directory-entry.ts'

const entryOf = (row: Row) => readRows([{ domain: 'A.Example.', ...row }], 'a.example', entryReading)

t.test('directory entry: is read from the non-empty cells of a row', async t => {
  t.match(entryOf({ provider: 7, HOST: Buffer.from('mail.example.com '), name: '', short_name: null }), {
    provider: '7',
    overrides: { host: 'mail.example.com' }
  })
  t.same(entryOf({}), { provider: undefined, overrides: undefined, key: '' })
  t.same(entryOf({ provider: 'a' }), { provider: 'a', overrides: undefined, key: 'a' })
  t.not(entryOf({ host: 'a.example' })?.key, entryOf({ provider: 'a', host: 'a.example' })?.key)
})

t.test('directory entry: unknown columns are rejected', async t => {
  t.doesNotThrow(() => checkColumns(['DOMAIN', 'provider', 'Host', 'SHORT_NAME', 'imap_host'], entryReading))
  t.throws(() => checkColumns(['provider', 'shortname'], entryReading), {
    code: 'AC_DIRECTORY_UNFIT',
    message: 'directory.query returns a column "shortname", expected some of domain, provider, host'
  })
  t.throws(() => checkColumns(['provider'], entryReading), {
    code: 'AC_DIRECTORY_UNFIT',
    message: 'directory.query returns no column "domain", expected the stored domain'
  })
})

t.test('directory entry: entries with the same content are one object', async t => {
  const share = createEntrySharing()
  const entry = (cells: Record<string, string>) => share(entryReading.toAnswer(cells))
  t.equal(entry({ provider: 'example' }), entry({ provider: 'example' }))
  t.equal(entry({}), entry({}))
  t.equal(entry({ provider: 'example', host: 'a.example' }), entry({ provider: 'example', host: 'a.example' }))
  t.not(entry({ provider: 'example' }), entry({ provider: 'other' }))
  t.not(entry({ provider: 'example' }), entry({}))
  t.not(entry({ provider: 'example', host: 'a.example' }), entry({ provider: 'example', host: 'b.example' }))
})

t.test('directory entry: the number of shared entries is limited', async t => {
  const share = createEntrySharing()
  const entry = (provider: string) => share(entryReading.toAnswer({ provider }))
  const first = entry('p')
  for (let at = 0; at < 1000; at++) entry(`p${at}`)
  t.not(entry('p'), first)
})
