import t from 'tap'
import { checkPatterns } from '../../../src/settings/check/patterns.ts'

type Settings = Parameters<typeof checkPatterns>[0]

const reported = (providers: Settings['providers'], more: Partial<Settings> = {}) =>
  checkPatterns({ providers, ...more }, ['p']).map(
    ({ severity, path, message }) => `${severity} ${path.join('.')} ${message}`
  )

t.test('checkPatterns: warns of a pattern without its domain', async t => {
  const message = 'found "*.Example.com", which does not include example.com: expected example.com in the list, too'
  t.same(reported([{ domains: ['other.example', '*.Example.com'] }]), [`warning p.0.domains.1 ${message}`])
})

t.test(
  'checkPatterns: the domain of a pattern may be listed by any provider, by a pattern or in a directory',
  async t => {
    const pattern = { domains: ['*.example.com'] }
    t.same(reported([{ domains: ['*.example.com', 'EXAMPLE.com'] }]), [])
    t.same(reported([pattern, { domains: ['example.com'] }]), [])
    t.same(reported([{ domains: ['*.a.example.com', '*.example.com', 'example.com'] }]), [])
    t.same(reported([pattern, { domains: ['*'] }]), [])
    t.same(reported([{ domains: ['*.example', '*'] }]), [])
    t.same(reported([{ domains: ['*.example'] }]), [])
    const directory: Settings['directory'] = { type: 'sqlite', file: 'a.sqlite', query: 'SELECT 1' }
    t.same(reported([pattern], { directory }), [])
  }
)

t.test('checkPatterns: invalid names, which other checks report, are no patterns', async t => {
  t.same(reported([{ domains: ['*.a_b', 'a b', '*.*'], mx: ['a b.example', '10 mx1.example.com'] }]), [])
})

t.test('checkPatterns: warns of a mail exchanger that a pattern of domains matches', async t => {
  const domains = ['example.com', '*.example.com', 'x.example.com']
  const why =
    'which *.example.com in domains matches: programs that look for a mail exchanger may get it as a mail domain'
  t.same(reported([{ domains, mx: ['mx.example.net', 'MX1.example.com'] }]), [
    `warning p.0.mx.1 found "MX1.example.com", ${why}`
  ])
  t.same(reported([{ domains: ['other.example'], mx: ['*.mx.example.com'] }, { domains }]), [
    `warning p.0.mx.0 found "*.mx.example.com", ${why}`
  ])
  t.same(reported([{ domains, mx: ['example.com', 'mx.example.org'] }]), [])
})
