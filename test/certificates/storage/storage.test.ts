import { existsSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openStorageOf } from '../../../src/certificates/storage/acme-folder.ts'
import { openCertificateStorage, StorageFault } from '../../../src/certificates/storage/certificate-storage.ts'
import { createChallengeFiles, readChallenge } from '../../../src/certificates/storage/challenge-files.ts'
import { readGroupState, untried } from '../../../src/certificates/storage/group-state.ts'
import { removeLeftovers } from '../../../src/certificates/storage/leftovers.ts'
import { createOrderBudget } from '../../../src/certificates/storage/order-budget.ts'
import {
  certificateFile,
  groupOfFile,
  readStoredCertificate,
  stateFile,
  writeCertificate
} from '../../../src/certificates/storage/stored-certificate.ts'
import { createTlsChallengeFiles, readTlsChallenge } from '../../../src/certificates/storage/tls-challenge-files.ts'
import { isProof } from '../../support/acme/validate-over-tls.ts'
import { issue } from '../../support/certificates.ts'
import { failure } from '../../support/failure.ts'

const day = 24 * 60 * 60 * 1000
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

t.test('certificate storage: files and folders are for this user only, and complete at any moment', async t => {
  const folder = join(t.testdir({}), 'deep', 'storage')
  const storage = openCertificateStorage(folder)
  t.equal(await storage.read('groups/a'), undefined)
  t.same(await storage.list('groups'), [])
  await storage.write('groups/a', 'first')
  await storage.write('groups/a', 'second')
  t.equal(await storage.read('groups/a'), 'second')
  t.same(await storage.list('groups'), ['a'], 'nothing else is left')
  t.equal(modeOf(join(folder, 'groups/a')), '600')
  t.equal(modeOf(join(folder, 'groups')), '700')
  t.equal(modeOf(folder), '700')
  t.equal(await storage.changedAt('groups/a'), statSync(join(folder, 'groups/a')).mtimeMs)
  await storage.remove('groups/a')
  await storage.remove('groups/a')
  t.equal(await storage.changedAt('groups/a'), undefined)
})

t.test('certificate storage: a file is on the disk before it has its name, and its folder after that', async t => {
  const folder = t.testdir({})
  const storage = openCertificateStorage(folder)
  const handle = await open(folder)
  const flushes = t.capture(Object.getPrototypeOf(handle), 'sync', Object.getPrototypeOf(handle).sync)
  await handle.close()
  await storage.write('groups/a', 'text')
  t.equal(flushes().length, 2, 'file and folder')
  await storage.claim('locks/a', 'text')
  t.equal(flushes().length, 1)
})

t.test('certificate storage: only one can claim a file', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  const claims = await Promise.all([1, 2, 3].map(each => storage.claim('locks/a', String(each))))
  t.equal(claims.filter(Boolean).length, 1)
  t.match(await storage.read('locks/a'), /^[123]$/)
})

t.test('certificate storage: the name of a file may be as long as the system permits', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  const name = `groups/${'a'.repeat(255)}`
  await storage.write(name, 'written')
  t.equal(await storage.read(name), 'written')
  t.equal(await storage.claim(name, 'claimed'), false)
})

t.test('certificate storage: what cannot be read, written or removed is a fault with its path and reason', async t => {
  const folder = t.testdir({ file: '', groups: { b: { c: '' } } })
  const storage = openCertificateStorage(folder)
  await t.rejects(
    storage.read('groups'),
    new StorageFault(`cannot read ${join(folder, 'groups')}: EISDIR: illegal operation on a directory, read`)
  )
  await t.rejects(storage.list('file'), /^cannot read/)
  await t.rejects(storage.read('a'.repeat(256)), /: its name is too long for this file system$/)
  await t.rejects(storage.write('file/a', 'x'), /^cannot write .*file\/a/)
  await t.rejects(storage.claim('file/a', 'x'), /^cannot write/)
  await t.rejects(storage.remove('groups/b'), /^cannot remove/)
  await t.rejects(storage.write('groups/b', 'x'), /^cannot write/)
})

t.test('certificate storage: a full disk leaves no empty file behind', async t => {
  const folder = t.testdir({})
  const storage = openCertificateStorage(folder)
  // Why: a text that cannot be encoded fails after the file was created, as a full disk does.
  await t.rejects(storage.claim('locks/a', 42 as unknown as string))
  t.equal(existsSync(join(folder, 'locks/a')), false)
})

t.test('acme folder: each authority has its own, relative to the settings file', async t => {
  const acme = { storage: 'certificates', termsAgreed: true }
  t.equal(
    openStorageOf(acme, '/etc/signpost/signpost.yaml').folder,
    '/etc/signpost/certificates/acme-v02.api.letsencrypt.org-directory'
  )
  t.equal(
    openStorageOf({ ...acme, storage: '/s', directory: 'https://ca.example:14000/a/../b?c' }, 'x').folder,
    '/s/ca.example-14000-b'
  )
})

t.test('acme folder: by default, it is in the folder of the systemd unit and the container image', async t => {
  t.equal(
    openStorageOf({ termsAgreed: true }, '/srv/signpost.yaml').folder,
    '/var/lib/signpost/certificates/acme-v02.api.letsencrypt.org-directory'
  )
})

t.test('challenge files: a challenge is answered until its end, and nothing else can be read', async t => {
  const folder = t.testdir({ 'account.pem': 'secret' })
  const storage = openCertificateStorage(folder)
  const token = 'a-token_with-enough-characters'
  const end = await createChallengeFiles(storage).present({ name: 'a', token, keyAuthorization: 'the answer' })
  t.equal(await readChallenge(storage, token), 'the answer')
  for (const other of ['../account.pem', '..%2faccount.pem', 'account.pem', '', `${token}x`, 'a'.repeat(200)]) {
    t.equal(await readChallenge(storage, other), undefined, other)
  }
  await end()
  t.equal(await readChallenge(storage, token), undefined)
  mkdirSync(join(folder, 'challenges', token))
  t.equal(await readChallenge(storage, token), undefined, 'an unreadable file is no answer')
  mkdirSync(join(folder, 'challenges', token, 'x'))
  await end()
})

t.test('tls challenge files: a name has the certificate that proves it until the end of its challenge', async t => {
  const folder = t.testdir({})
  const storage = openCertificateStorage(folder)
  const longest = `${'a'.repeat(60)}.`.repeat(4).slice(0, 250)
  for (const name of ['a.example', 'xn--bcher-kva.example', `${longest}com`.slice(-253)]) {
    const end = await createTlsChallengeFiles(storage).present({ name, token: '', keyAuthorization: 'the answer' })
    for (const asked of [name, name.toUpperCase(), `${name}.`]) {
      const certificate = await readTlsChallenge(storage, asked)
      t.ok(certificate && isProof(certificate.chain[0], name, 'the answer'), asked)
    }
    const certificate = await readTlsChallenge(storage, name, 'TLSv1.3')
    t.equal(certificate?.options.minVersion, 'TLSv1.3')
    t.equal(certificate && isProof(certificate.chain[0], name, 'another answer'), false)
    for (const other of [`x.${name}`, 'b.example', '', '../groups/a', '*']) {
      t.equal(await readTlsChallenge(storage, other), undefined, other)
    }
    const [file = ''] = await storage.list('tls-challenges')
    t.equal(modeOf(join(folder, 'tls-challenges', file)), '600')
    t.equal(await readChallenge(storage, file), undefined, 'its key cannot be read over http')
    await end()
    t.equal(await readTlsChallenge(storage, name), undefined)
    t.same(await storage.list('tls-challenges'), [])
    await end()
  }
})

t.test('tls challenge files: a storage that fails, or a file that is broken, is no challenge', async t => {
  const name = 'a.example'
  const failing = { read: () => Promise.reject(new StorageFault('cannot read')) }
  t.equal(await readTlsChallenge(failing, name), undefined)
  t.equal(await readTlsChallenge({ read: async () => 'no PEM' }, name), undefined)
  const storage = openCertificateStorage(t.testdir({}))
  const readOnly = { ...storage, remove: () => Promise.reject(new StorageFault('cannot remove')) }
  const end = await createTlsChallengeFiles(readOnly).present({ name, token: '', keyAuthorization: 'x' })
  await end()
  t.ok(await readTlsChallenge(storage, name), 'the result of the order counts all the same')
})

t.test('leftovers: what a crash has left behind is removed after a day, and forgotten names after a month', async t => {
  const folder = t.testdir({
    challenges: { old: '', new: '' },
    'tls-challenges': { old: '', new: '' },
    locks: { crashed: '', held: '' },
    orders: { '1.new': '', '2.new': '', '3': '' },
    '1.new': '',
    'account.pem': '',
    groups: { 'a.json': '', 'a.pem': '', 'b.json': '', 'c.json': '', 'd.pem.1.new': '' }
  })
  const now = Date.now()
  const age = (file: string, days: number) => {
    const time = new Date(now - days * day)
    utimesSync(join(folder, file), time, time)
  }
  for (const file of ['challenges/old', 'locks/crashed', 'orders/1.new', 'orders/3', '1.new', 'account.pem'])
    age(file, 2)
  age('tls-challenges/old', 2)
  age('groups/d.pem.1.new', 2)
  for (const file of ['a.json', 'b.json']) age(`groups/${file}`, 40)
  age('groups/c.json', 20)
  await removeLeftovers(openCertificateStorage(folder), now)
  t.same(readdirSync(join(folder, 'challenges')), ['new'])
  t.same(readdirSync(join(folder, 'tls-challenges')), ['new'])
  t.same(readdirSync(join(folder, 'locks')), ['held'])
  t.same(readdirSync(join(folder, 'orders')).sort(), ['2.new', '3'])
  t.same(readdirSync(folder).sort(), ['account.pem', 'challenges', 'groups', 'locks', 'orders', 'tls-challenges'])
  t.same(readdirSync(join(folder, 'groups')).sort(), ['a.json', 'a.pem', 'c.json'])
  const vanishing = { ...openCertificateStorage(folder), changedAt: async () => undefined }
  await removeLeftovers(vanishing, now)
  t.same(readdirSync(join(folder, 'challenges')), ['new'], 'a file that another node has removed is no fault')
})

t.test('order budget: orders of the last hour count in any process and after a restart', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  let now = Date.UTC(2026, 0, 1)
  const take = () => createOrderBudget(storage, () => now).take(2)
  const first = now
  t.equal(await take(), undefined)
  now += 1000
  t.equal(await take(), undefined)
  t.equal(await take(), first + 60 * 60 * 1000)
  now = first + 60 * 60 * 1000
  t.equal(await take(), undefined)
  t.equal((await storage.list('orders')).length, 2, 'old ones are removed')
  await storage.write('orders/7.new', '')
  t.ok(await take())
  t.ok((await storage.list('orders')).includes('7.new'), 'a file that another node is writing stays')
  now -= 10 * day
  t.equal(await take(), undefined, 'a clock that was ahead blocks nothing')
})

t.test('order budget: a lower priority waits until enough orders are an hour old', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  let now = Date.UTC(2026, 0, 1)
  const budget = createOrderBudget(storage, () => now)
  const first = now
  for (let at = 0; at < 4; at++) {
    t.equal(await budget.take(4), undefined)
    now += 1000
  }
  t.equal(await budget.take(4), first + 60 * 60 * 1000)
  t.equal(await budget.take(2), first + 2000 + 60 * 60 * 1000)
})

t.test('order budget: simultaneous orders of one process do not exceed it', async t => {
  const budget = createOrderBudget(openCertificateStorage(t.testdir({})), () => 0)
  const results = await Promise.all(Array.from({ length: 8 }, () => budget.take(3)))
  t.equal(results.filter(each => each === undefined).length, 3)
})

t.test('order budget: a fault of the storage concerns one order', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  let isFull = true
  const write = async (file: string, text: string) => {
    if (isFull) throw new StorageFault('full')
    await storage.write(file, text)
  }
  const budget = createOrderBudget({ ...storage, write }, () => 0)
  t.match(await failure(budget.take(3)), { message: 'full' })
  isFull = false
  t.equal(await budget.take(3), undefined)
})

t.test('group state: is read back, and anything else counts as untried', async t => {
  const state = {
    nextAt: 1,
    triedAt: 5,
    access: 'a',
    renewAt: 2,
    obtainedAt: 3,
    failures: 4,
    problem: 'p',
    order: { url: 'u', names: ['a'], key: 'k' }
  }
  t.same(readGroupState(JSON.stringify(state)), state)
  for (const text of [
    undefined,
    '',
    '{',
    '[]',
    '{"nextAt":"x","access":1,"failures":null,"problem":1,"order":{"url":"u","key":"k"}}'
  ]) {
    t.same(readGroupState(text), untried)
  }
  t.equal(readGroupState('{"order":{"url":1}}').order, undefined)
})

t.test('stored certificate: the name of the file has the key of the group, unless that is too long', async t => {
  const key = (length: number) => 'a'.repeat(length)
  t.equal(certificateFile('a.example'), 'groups/a.example.pem')
  t.equal(stateFile(key(250)), `groups/${key(250)}.json`)
  for (const file of [certificateFile(key(251)), stateFile(key(253))])
    t.match(file, /^groups\/[0-9a-f]{64}\.(?:pem|json)$/)
  t.equal(groupOfFile('a.example.pem', '.pem'), 'a.example')
  t.equal(groupOfFile('a.example.json', '.json'), 'a.example')
  t.equal(groupOfFile('a.example.json', '.pem'), undefined)
  t.equal(groupOfFile(stateFile(key(253)).slice('groups/'.length), '.json'), undefined)
})

t.test('stored certificate: key and chain are in one file, and a broken file counts as missing', async t => {
  const root = issue('Root', { ca: true })
  const { pem, keyPem } = issue('a.example', { issuer: root, hosts: ['a.example'] })
  const text = writeCertificate({ chain: `${pem}${root.pem}`, key: keyPem })
  const certificate = readStoredCertificate(text, 'TLSv1.3')
  t.same(certificate?.names, ['a.example'])
  t.equal(certificate?.options.minVersion, 'TLSv1.3')
  t.equal(readStoredCertificate(text, undefined)?.options.minVersion, 'TLSv1.2')
  for (const broken of ['', keyPem, pem, text.replaceAll('MII', 'XXX'), `${root.keyPem}${pem}`]) {
    t.equal(readStoredCertificate(broken, undefined), undefined)
  }
})
