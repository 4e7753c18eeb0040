import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { accessOf, openSession } from '../../src/certificates/authority.ts'
import { openCertificateStorage } from '../../src/certificates/storage/certificate-storage.ts'
import { issue } from '../support/certificates.ts'
import { failure } from '../support/failure.ts'

const acme = { storage: 's', termsAgreed: true, directory: 'https://127.0.0.1:1/dir' }
/** What only this account can answer. */
const answerOf = ({ client }: Awaited<ReturnType<typeof openSession>>) =>
  client.keyAuthorization({ type: 'http-01', url: '', status: 'pending', token: 'a' })

t.test('authority: the key of the account is created once, also by two nodes at the same time', async t => {
  const folder = t.testdir({})
  const storage = openCertificateStorage(folder)
  const options = { folder, storage, clock: () => 0, signal: new AbortController().signal }
  const [first, second] = await Promise.all([openSession(acme, options), openSession(acme, options)])
  t.equal(await answerOf(first), await answerOf(second))
  const third = await openSession({ ...acme, directory: undefined as unknown as string }, options)
  t.equal(await answerOf(third), await answerOf(first))
})

t.test('authority: one that cannot be reached is a network fault', async t => {
  const folder = t.testdir({})
  const options = {
    folder,
    storage: openCertificateStorage(folder),
    clock: () => 0,
    signal: new AbortController().signal
  }
  const { client } = await openSession(acme, options)
  t.match(await failure(client.createOrder(['a.example'])), { kind: 'refused' })
})

t.test('authority: root certificate and external account come from files, which must be readable', async t => {
  const folder = t.testdir({ 'ca.pem': issue('Root', { ca: true }).pem, 'eab.txt': 'a2V5\n' })
  const options = {
    folder,
    storage: openCertificateStorage(join(folder, 's')),
    clock: () => 0,
    signal: new AbortController().signal
  }
  const externalAccount = { id: 'kid', hmacKeyFile: 'eab.txt' }
  t.ok(await openSession({ ...acme, ca: 'ca.pem', externalAccount }, options))
  t.match(await failure(openSession({ ...acme, ca: 'none.pem' }, options)), {
    message: `cannot read ${join(folder, 'none.pem')}: no such file`
  })
  const missing = { ...acme, externalAccount: { id: 'kid', hmacKeyFile: 'none.txt' } }
  t.match(await failure(openSession(missing, options)), {
    message: 'cannot read externalAccount.hmacKeyFile: no such file'
  })
})

t.test('authority: another authority, account or key of an account is another access', async t => {
  const folder = t.testdir({ 'ca.pem': 'one', 'eab.txt': 'key' })
  const settings = { ...acme, ca: 'ca.pem', externalAccount: { id: 'kid', hmacKeyFile: 'eab.txt' } }
  const before = accessOf(settings, folder)
  t.equal(accessOf({ ...settings, ordersPerHour: 3 }, folder), before)
  const changes = [
    { directory: 'https://other.example/' },
    { email: 'other@example.com' },
    { challenge: 'http-01' as const },
    { externalAccount: { id: 'other', hmacKeyFile: 'eab.txt' } }
  ]
  for (const change of changes) t.not(accessOf({ ...settings, ...change }, folder), before, JSON.stringify(change))
  const { externalAccount, ...without } = settings
  t.not(accessOf(without, folder), before)
  for (const name of [externalAccount.hmacKeyFile, settings.ca]) {
    writeFileSync(join(folder, name), 'corrected')
    t.not(accessOf(settings, folder), before, name)
    writeFileSync(join(folder, name), name === settings.ca ? 'one' : 'key')
  }
  t.equal(accessOf(settings, folder), before)
})

t.test(
  'authority: an error about a broken key of the account names its file, and the key is never replaced',
  async t => {
    const folder = t.testdir({ 'account.pem': 'broken' })
    const storage = openCertificateStorage(folder)
    const options = { folder, storage, clock: () => 0, signal: new AbortController().signal }
    t.match(await failure(openSession(acme, options)), {
      message: `${join(folder, 'account.pem')} is not a private key: restore it from a backup, or remove it to open a new account`
    })
    t.equal(await storage.read('account.pem'), 'broken')
  }
)
