import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t, { type Test } from 'tap'
import { type Certificates, openCertificates, type TlsSettings } from '../../src/keys/certificates.ts'
import { describe } from '../../src/settings/load/finding.ts'
import { type Issued, type IssueOptions, issue, issueChain, rsaKey } from '../support/certificates.ts'

const root = issue('Test Root', { ca: true })

// Why: a root of one's own is warned of, and the tests of other things want to find nothing.
setDefaultCACertificates([...getCACertificates(), root.pem])

const now = Date.now()
const inDays = (days: number) => now + days * 24 * 60 * 60 * 1000
const below = (name: string, options: IssueOptions = {}) => issue(name, { issuer: root, hosts: [name], ...options })

/** Pairs in files `0.pem` and `0.key`, `1.pem` and `1.key`, … */
function opened(t: Test, ...first: readonly Issued[]) {
  const folder = t.testdir({})
  const put = (at: number, { pem, keyPem }: Issued) => {
    writeFileSync(join(folder, `${at}.pem`), pem)
    writeFileSync(join(folder, `${at}.key`), keyPem)
  }
  for (const [at, issued] of first.entries()) put(at, issued)
  const pairs = (...all: readonly number[]) => ({
    certificates: all.map(at => ({ certificate: `${at}.pem`, key: `${at}.key` }))
  })
  let settings: TlsSettings | undefined = pairs(...first.keys())
  const certificates = openCertificates(join(folder, 'signpost.yaml'), () => settings)
  return {
    certificates,
    folder,
    put,
    pairs,
    set(changed: TlsSettings | undefined) {
      settings = changed
      certificates.reload()
    }
  }
}

const namesAt = (certificates: Certificates, days = 0) =>
  certificates.certificatesAt(inDays(days)).map(({ name }) => name)
const findingsOf = ({ findings }: Certificates) => findings.map(describe).join('\n')

t.test('certificates: one for each pair, in their order, with the names inside', async t => {
  const many = below('a.example', { hosts: ['A.example', '*.b.example', 'bücher.example', 'c d', 'x"y'] })
  const { certificates } = opened(t, many, below('none.example', { hosts: [] }), below('', { hosts: ['d.example'] }))
  t.same(
    certificates.certificatesAt(now).map(({ name, names }) => ({ name, names })),
    [
      { name: 'a.example', names: ['a.example', '*.b.example'] },
      // Spec: RFC 9525 6.3: a common name is no name to be asked by.
      { name: 'none.example', names: [] },
      { name: 'DNS:d.example', names: ['d.example'] }
    ]
  )
  t.equal(findingsOf(certificates), '')
})

t.test('certificates: the chain is sent from the leaf upwards, for any order in the file', async t => {
  const chain = issueChain('mail.example.com', { hosts: ['mail.example.com'] })
  const { leaf, intermediate } = chain
  const { certificates, put } = opened(t, leaf)
  put(0, { ...leaf, pem: chain.root.pem + intermediate.pem + leaf.pem })
  certificates.reload()
  t.equal(certificates.certificatesAt(now)[0]?.options.cert, leaf.pem + intermediate.pem)
})

t.test('certificates: a renewed pair replaces only its own predecessor', async t => {
  const { certificates, put } = opened(t, below('a'), below('b'))
  put(1, below('c'))
  t.same(namesAt(certificates), ['a', 'b'])
  certificates.reload()
  t.same(namesAt(certificates), ['a', 'c'])
})

t.test(
  'certificates: an unusable pair is reported with its position in the table, and the old one stays in use',
  async t => {
    const { certificates, folder, put } = opened(t, below('a'), below('b', { until: 9 }))
    put(1, { ...below('c'), keyPem: below('d').keyPem })
    certificates.reload()
    t.equal(
      findingsOf(certificates),
      `${folder}/1.key:1:1 http.tls.certificates[1].key: found a key that fits no certificate in ${folder}/1.pem`
    )
    t.same(namesAt(certificates), ['a', 'b'])
    put(1, below('e'))
    certificates.reload()
    t.same([namesAt(certificates), findingsOf(certificates)], [['a', 'e'], ''])
  }
)

t.test('certificates: an expired one is an error, and is used until there is a better one', async t => {
  const expired = below('expired', { from: -9, until: -1 })
  const { certificates, put } = opened(t, expired)
  t.match(findingsOf(certificates), /0\.pem:1:1 http\.tls\.certificates\[0\]\.certificate: found .* which expired on/)
  t.same(namesAt(certificates), ['expired'])
  put(0, below('good'))
  certificates.reload()
  put(0, expired)
  certificates.reload()
  t.same(namesAt(certificates), ['good'])
})

t.test('certificates: one that is not valid yet waits while the old one is used', async t => {
  const { certificates, put } = opened(t, below('old', { until: 9 }))
  put(0, below('early', { from: 5, until: 60 }))
  certificates.reload()
  t.same(
    [0, 6].map(days => namesAt(certificates, days)),
    [['old'], ['early']]
  )
})

t.test('certificates: one that expires soon is a warning, measured by how long it lives', async t => {
  const warning = (text: string) =>
    new RegExp(
      `^\\S+0\\.pem:1:1 http\\.tls\\.certificates\\[0\\]\\.certificate: warning: found the certificate of "${text}", which expires on \\S+, expected one that is renewed$`
    )
  t.match(findingsOf(opened(t, below('a', { from: -76, until: 13 })).certificates), warning('a'))
  t.match(findingsOf(opened(t, below('b', { from: -5, until: 1 })).certificates), warning('b'))
  for (const options of [
    { from: -75, until: 15 },
    { from: -2, until: 4 }
  ]) {
    t.equal(findingsOf(opened(t, below('c', options)).certificates), '')
  }
})

t.test('certificates: a root that programs do not know is a warning', async t => {
  const { certificates } = opened(t, issue('self.example', { hosts: ['self.example'] }))
  t.match(findingsOf(certificates), '"self.example", which mail programs do not know: they refuse it until')
  t.same(namesAt(certificates), ['self.example'])
})

t.test('certificates: a chain that OpenSSL refuses is reported and not used', async t => {
  const weak = issue('Weak Authority', { issuer: root, ca: true, key: rsaKey(1024) })
  const leaf = issue('a', { issuer: weak, hosts: ['a'] })
  const { certificates } = opened(t, { ...leaf, pem: leaf.pem + weak.pem })
  t.match(
    findingsOf(certificates),
    /0\.pem:1:1 http\.tls\.certificates\[0\]: found a chain that cannot be used: ca key too small/
  )
  t.same(namesAt(certificates), [])
})

t.test('certificates: pairs come and go with the settings; without any all stay, as their listener does', async t => {
  const { certificates, set, pairs } = opened(t, below('a'), below('b'))
  set(pairs(1))
  t.same(namesAt(certificates), ['b'])
  t.equal(certificates.certificatesAt(now)[0]?.options.minVersion, 'TLSv1.2')
  set(undefined)
  t.same(namesAt(certificates), ['b'])
  set({ ...pairs(1, 0), minVersion: 'TLSv1.3' })
  t.same(namesAt(certificates), ['b', 'a'])
  t.equal(certificates.certificatesAt(now)[0]?.options.minVersion, 'TLSv1.3')
  set(pairs(0, 5))
  t.same(namesAt(certificates), ['a'])
})
