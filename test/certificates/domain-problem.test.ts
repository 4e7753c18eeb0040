import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readDomainProblem } from '../../src/certificates/domain-problem.ts'
import { openStorageOf } from '../../src/certificates/storage/acme-folder.ts'
import { certificateFile, stateFile } from '../../src/certificates/storage/stored-certificate.ts'
import { issue } from '../support/certificates.ts'
import { tableOf } from '../support/table-of.ts'

const acme = { storage: 's', termsAgreed: true }
const tableWith = (http: string) =>
  tableOf(
    `${http}\nproviders: [{ id: p, name: P, domains: [a.example], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: i.example }] }]`
  )
const table = tableWith('http: { tls: { acme: { storage: s, termsAgreed: true } } }')
const now = Date.now()

function open(t: Test) {
  const folder = t.testdir({})
  const file = join(folder, 'a.yaml')
  return {
    folder,
    storage: openStorageOf(acme, file),
    read: (domain: string) => readDomainProblem(domain, table, { file, now })
  }
}

t.test('domain problem: has the reason, the next attempt, and whether there is a valid certificate', async t => {
  const { storage, read } = open(t)
  t.equal(await read('a.example'), undefined, 'nothing is known')
  await storage.write(stateFile('a.example'), JSON.stringify({ problem: 'refused', nextAt: 5 }))
  t.same(await read('a.example'), { problem: 'refused', nextAttemptAt: 5, hasCertificate: false })
  for (const [until, hasCertificate] of [
    [-1, false],
    [9, true]
  ] as const) {
    const { pem, keyPem } = issue('autoconfig.a.example', { hosts: ['autoconfig.a.example'], from: -20, until })
    await storage.write(certificateFile('a.example'), `${keyPem}${pem}`)
    t.same(await read('a.example'), { problem: 'refused', nextAttemptAt: 5, hasCertificate })
  }
  await storage.write(stateFile('a.example'), '{"problem":"refused"}')
  t.match(await read('a.example'), { nextAttemptAt: 0 })
  await storage.write(stateFile('a.example'), '{}')
  t.equal(await read('a.example'), undefined)
})

t.test('domain problem: none without acme, and an unreadable storage is a problem of listed domains', async t => {
  const { folder, read } = open(t)
  t.equal(await readDomainProblem('a.example', tableWith(''), { file: join(folder, 'a.yaml'), now }), undefined)
  writeFileSync(join(folder, 's'), '')
  t.match(await read('a.example'), { unreadable: /^cannot read .*ENOTDIR/ })
  t.equal(await read('foreign.example'), undefined)
})
