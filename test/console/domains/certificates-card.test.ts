import t from 'tap'
import { coveredNames } from '../../../src/console/domains/certificates-card.ts'
import type { Certificate } from '../../../src/keys/certificates.ts'

const certificate = (...names: string[]) => ({ names, notAfter: 1 }) as unknown as Certificate
const covered = (domain: string, ...certificates: Certificate[]) =>
  coveredNames(domain, certificates)?.flatMap(({ name, notAfter }) => (notAfter === undefined ? [] : [name]))

t.test('certificates card: a wildcard covers the hosts of its domain and not those of a subdomain', async t => {
  const wildcard = certificate('*.example.com', 'example.com')
  t.same(covered('example.com', wildcard), [
    'autoconfig.example.com',
    'autodiscover.example.com',
    'ua-auto-config.example.com'
  ])
  t.same(covered('m1.example.com', wildcard), [])
  t.same(covered('m1.example.com', wildcard, certificate('autoconfig.m1.example.com')), ['autoconfig.m1.example.com'])
  t.equal(covered('example.com'), undefined, 'a proxy has the certificates')
})
