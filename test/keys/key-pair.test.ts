import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t, { type Test } from 'tap'
import { readSigningKey } from '../../src/keys/signing.ts'
import { describe } from '../../src/settings/load/finding.ts'
import { ecKey, issue, issueChain, rsaKey } from '../support/certificates.ts'

const { root, intermediate, leaf } = issueChain('mail.example.com')

// Why: a root of one's own is warned of, and the tests of other things want to find nothing.
setDefaultCACertificates([...getCACertificates(), root.pem])

const full = leaf.pem + intermediate.pem

interface Read {
  /** Whom devices show; undefined where there is nothing to sign with. */
  readonly name: string | undefined
  readonly findings: string
}

/** @returns what is read out of a folder with the two files, whose name is left out of the findings */
function read(t: Test, certificate: string | Buffer, key: string, required?: boolean): Read {
  const folder = t.testdir({ 'chain.pem': certificate, 'key.pem': key })
  const settings = { certificate: 'chain.pem', key: 'key.pem', ...(required !== undefined && { required }) }
  const { pair, findings } = readSigningKey(settings, folder, Date.now())
  return { name: pair?.name, findings: findings.map(describe).join('\n').replaceAll(`${folder}/`, '') }
}

t.test('signing key: a chain and its key', async t => {
  t.same(read(t, full, leaf.keyPem), { name: 'mail.example.com', findings: '' })
})

t.test('signing key: file names are relative to the folder, or absolute', async t => {
  const folder = t.testdir({ tls: { 'chain.pem': full }, 'key.pem': leaf.keyPem })
  const settings = { certificate: 'tls/chain.pem', key: `${folder}/key.pem` }
  const { pair, findings } = readSigningKey(settings, folder, Date.now())
  t.same(
    pair?.chain.map(({ subject }) => subject),
    ['CN=mail.example.com', 'CN=Test Intermediate']
  )
  t.same(findings, [])
})

t.test('signing key: one file may hold everything, in any order', async t => {
  const all = `${root.pem}${leaf.keyPem}Bag Attributes\n${intermediate.pem}${leaf.pem}`
  t.same(read(t, all, all), { name: 'mail.example.com', findings: '' })
})

t.test('signing key: RSA, and EC in the older form with its parameters', async t => {
  const rsa = issueChain('rsa.example.com', { key: rsaKey() })
  t.equal(read(t, rsa.leaf.pem, rsa.leaf.keyPem).name, 'rsa.example.com')
  const sec1 = String(leaf.key.export({ type: 'sec1', format: 'pem' }))
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
  t.equal(read(t, full, parameters + sec1).name, 'mail.example.com')
})

t.test('signing key: is valid while every certificate of the chain is', async t => {
  const day = 24 * 60 * 60 * 1000
  const issuer = issue('Short Authority', { issuer: root, ca: true, from: -1, until: 5 })
  const short = issue('mail.example.com', { issuer, from: -3, until: 30 })
  const folder = t.testdir({ 'chain.pem': short.pem + issuer.pem, 'key.pem': short.keyPem })
  const now = Date.now()
  const { pair } = readSigningKey({ certificate: 'chain.pem', key: 'key.pem' }, folder, now)
  t.equal(Math.round(((pair?.notBefore ?? 0) - now) / day), -1)
  t.equal(Math.round(((pair?.notAfter ?? 0) - now) / day), 5)
})

for (const [what, certificate, key, findings] of [
  [
    'no certificate',
    leaf.keyPem,
    leaf.keyPem,
    'chain.pem:1:1 signing.certificate: warning: found no certificate in PEM, expected -----BEGIN CERTIFICATE-----'
  ],
  [
    'a certificate that is not in PEM',
    leaf.certificate.raw,
    leaf.keyPem,
    'chain.pem:1:1 signing.certificate: warning: found no certificate in PEM, expected -----BEGIN CERTIFICATE-----'
  ],
  [
    'half a certificate',
    leaf.pem + intermediate.pem.replace(/\n[^-]*\n/, '\nMIIB\n'),
    leaf.keyPem,
    'chain.pem:1:1 signing.certificate: warning: found a broken certificate, number 2 of 2'
  ],
  [
    'no key',
    full,
    full,
    'key.pem:1:1 signing.key: warning: found no private key in PEM, expected -----BEGIN PRIVATE KEY-----'
  ],
  [
    'a key with a passphrase',
    full,
    String(leaf.key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
    'key.pem:1:1 signing.key: warning: found a key with a passphrase, expected one without'
  ],
  [
    'the key of another certificate',
    full,
    issue('mail.example.com').keyPem,
    'key.pem:1:1 signing.key: warning: found a key that fits no certificate in chain.pem'
  ],
  [
    'a key of another kind',
    full,
    issue('mail.example.com', { key: rsaKey() }).keyPem,
    'key.pem:1:1 signing.key: warning: found a key that fits no certificate in chain.pem'
  ]
] as const) {
  t.test(`signing key: ${what} is reported, and there is no key`, async t => {
    t.same(read(t, certificate, key), { name: undefined, findings })
  })
}

const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }))
for (const [kind, key] of [
  ['rsa 1024', rsaKey(1024)],
  ['ec secp384r1', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey],
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
  ['rsa-pss 2048', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey]
] as const) {
  t.test(`signing key: ${kind} is refused`, async t => {
    const expected = 'expected RSA of at least 2048 bits, or EC on P-256'
    const findings = `key.pem:1:1 signing.key: warning: found a key of type ${kind}, ${expected}`
    t.same(read(t, full, pem(key)), { name: undefined, findings })
  })
}

t.test('signing key: two unreadable files are both reported', async t => {
  const folder = t.testdir({})
  const { pair, findings } = readSigningKey({ certificate: 'no.pem', key: '.' }, folder, Date.now())
  t.equal(pair, undefined)
  t.same(findings.map(describe), [
    `${folder}/no.pem:1:1 signing.certificate: warning: no such file`,
    `${folder}:1:1 signing.key: warning: it is a folder`
  ])
})

t.test('signing key: if a signature is required, problems are errors', async t => {
  t.match(read(t, full, issue('x').keyPem, true).findings, /^key\.pem:1:1 signing\.key: found a key that fits no/)
  t.match(read(t, full, issue('x').keyPem, false).findings, /^key\.pem:1:1 signing\.key: warning: found a key that/)
})

t.test('signing key: every expired or not yet valid certificate of the chain is reported', async t => {
  const expired = issue('mail.example.com', { issuer: intermediate, from: -9, until: -1 })
  const says = (text: string) =>
    new RegExp(`^chain\\.pem:1:1 signing\\.certificate: warning: found the certificate of ${text} only$|${text}$`)
  t.match(read(t, expired.pem + intermediate.pem, expired.keyPem), {
    name: 'mail.example.com',
    findings: says('"mail\\.example\\.com", which expired on \\d{4}-\\d\\d-\\d\\dT\\S+Z')
  })
  const early = issue('mail.example.com', { issuer: intermediate, from: 1 })
  t.match(
    read(t, early.pem + intermediate.pem, early.keyPem).findings,
    says('"mail\\.example\\.com", which is valid from \\S+Z')
  )
  const old = issue('Old Authority', { issuer: root, ca: true, from: -9, until: -1 })
  const below = issue('mail.example.com', { issuer: old })
  t.match(
    read(t, below.pem + old.pem, below.keyPem, true).findings,
    /: found the certificate of "Old Authority", which/
  )
})

t.test('signing key: a missing intermediate is a warning, whether or not a signature is required', async t => {
  for (const required of [true, false]) {
    const findings =
      'chain.pem:1:1 signing.certificate: warning: found no certificate of "Test Intermediate", the issuer of the last one, expected the full chain (fullchain.pem)'
    t.same(read(t, leaf.pem, leaf.keyPem, required), { name: 'mail.example.com', findings })
  }
})

t.test('signing key: a root that devices do not know is a warning', async t => {
  const own = issue('Own\u202e Authority', { ca: true })
  const below = issue('mail.example.com', { issuer: own })
  const warning = (name: string) =>
    `chain.pem:1:1 signing.certificate: warning: found a chain that ends at "${name}", which devices do not know: they show "Not Verified" until they are configured to trust it`
  t.equal(read(t, below.pem + own.pem, below.keyPem).findings, warning('Own\\u{202e} Authority'))
  const self = issue('self.example.com')
  t.same(read(t, self.pem, self.keyPem), { name: 'self.example.com', findings: warning('self.example.com') })
})

t.test('signing key: a certificate without a common name is called by its host names', async t => {
  const nameless = issue('', { issuer: intermediate })
  t.equal(read(t, nameless.pem + intermediate.pem, nameless.keyPem).name, '')
  const hosted = issue('', { issuer: intermediate, hosts: ['mail.example.com', 'example.com'] })
  t.equal(read(t, hosted.pem + intermediate.pem, hosted.keyPem).name, 'DNS:mail.example.com, DNS:example.com')
})

t.test('signing key: nothing from a key file appears in findings', async t => {
  const secret = ecKey().export({ format: 'pem', type: 'pkcs8' })
  for (const text of [`${secret}`.replace('MIG', 'XXX'), `${secret}`.slice(0, 90), 's3cret', `${secret}`]) {
    const { findings } = read(t, full, text)
    t.notMatch(findings, text.split('\n')[1] ?? text)
    t.notMatch(findings, 's3cret')
  }
})
