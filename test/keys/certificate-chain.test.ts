import { X509Certificate } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t from 'tap'
import { certificateChain } from '../../src/keys/certificate-chain.ts'
import { ecKey, type Issued, issue, issueChain, rsaKey } from '../support/certificates.ts'

const { root, intermediate, leaf } = issueChain('mail.example.com')

/** @returns the chain by names, and how it ends */
function chainOf({ certificate }: Issued, ...others: readonly Issued[]) {
  const { chain, end, issuer } = certificateChain(
    certificate,
    others.map(other => other.certificate)
  )
  return [...chain.map(({ subject }) => subject), `${end}: ${issuer}`]
}

t.test('certificateChain: leads from the leaf upwards without the root, for any order', async t => {
  const expected = ['CN=mail.example.com', 'CN=Test Intermediate', 'private: CN=Test Root']
  t.same(chainOf(leaf, intermediate, root), expected)
  t.same(chainOf(leaf, root, intermediate, leaf), expected)
})

t.test('certificateChain: it contains no duplicates and no unrelated certificates', async t => {
  const other = issueChain('other.example.com')
  t.same(chainOf(leaf, leaf, intermediate, intermediate, other.leaf, other.intermediate, other.root), [
    'CN=mail.example.com',
    'CN=Test Intermediate',
    'open: CN=Test Root'
  ])
})

t.test('certificateChain: the subject of a missing certificate is reported', async t => {
  t.same(chainOf(leaf), ['CN=mail.example.com', 'open: CN=Test Intermediate'])
  t.same(chainOf(leaf, root), ['CN=mail.example.com', 'open: CN=Test Intermediate'])
})

t.test('certificateChain: a self-signed certificate is a complete chain', async t => {
  t.same(chainOf(issue('self.example.com')), ['CN=self.example.com', 'private: CN=self.example.com'])
})

t.test('certificateChain: two authorities that certify each other do not cause an endless loop', async t => {
  const [oneKey, otherKey] = [ecKey(), rsaKey()]
  const one = issue('One', { key: oneKey, ca: true })
  const other = issue('Other', { key: otherKey, ca: true })
  const oneByOther = issue('One', { key: oneKey, issuer: other, ca: true })
  const otherByOne = issue('Other', { key: otherKey, issuer: one, ca: true })
  t.same(chainOf(issue('mail.example.com', { issuer: one }), oneByOther, otherByOne), [
    'CN=mail.example.com',
    'CN=One',
    'CN=Other',
    'open: CN=One'
  ])
})

t.test('certificateChain: a root that Node.js trusts ends it, and is left out', async t => {
  const [first = ''] = getCACertificates()
  const known = new X509Certificate(first)
  t.match(certificateChain(known, []), { end: 'public', issuer: known.issuer })
  const before = getCACertificates()
  t.teardown(() => setDefaultCACertificates(before))
  setDefaultCACertificates([root.pem])
  t.same(chainOf(leaf, intermediate), ['CN=mail.example.com', 'CN=Test Intermediate', 'public: CN=Test Root'])
  t.same(chainOf(leaf, intermediate, root), ['CN=mail.example.com', 'CN=Test Intermediate', 'public: CN=Test Root'])
})
