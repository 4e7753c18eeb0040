import t from 'tap'
import { checkOpenNames, checkTls } from '../../../src/settings/check/tls.ts'
import { linesOf } from '../../support/settings/lines.ts'

const path = ['http', 'tls']
const acme = { storage: 's', termsAgreed: true }
const reported = (tls: Parameters<typeof checkTls>[0]) => linesOf(checkTls(tls, path))

t.test('checkTls: certificates come from files, from an authority, or from both', async t => {
  const certificates = [{ certificate: 'a', key: 'b' }]
  for (const tls of [{ certificates }, { acme }, { certificates, acme }]) t.same(reported(tls), [])
  t.same(reported({}), [
    'error http.tls: found neither certificates nor acme, expected one of them: https needs a certificate'
  ])
})

t.test('checkTls: the terms of the authority must be accepted, and the message names them', async t => {
  const terms = (directory?: string) =>
    reported({ acme: { ...acme, termsAgreed: false, ...(directory && { directory }) } })
  t.same(terms(), [
    'error http.tls.acme.termsAgreed: found false, expected true after you have read https://letsencrypt.org/repository/'
  ])
  t.same(terms('https://ca.example/dir'), [
    'error http.tls.acme.termsAgreed: found false, expected true after you have read the terms of service of https://ca.example/dir'
  ])
})

t.test('checkTls: the directory is a URL, and names are host names', async t => {
  t.same(
    reported({
      acme: { ...acme, directory: 'https://[::1]:14000/dir', names: ['mail.example.com', 'bücher.example'] }
    }),
    []
  )
  t.match(reported({ acme: { ...acme, directory: 'https://[::/' } })[0], /^error http\.tls\.acme\.directory: found/)
  for (const name of ['*.example.com', 'localhost', 'a b', '127.0.0.1', '']) {
    t.match(
      reported({ acme: { ...acme, names: ['ok.example', name] } })[0],
      /^error http\.tls\.acme\.names\[1\]: found/,
      name
    )
  }
})

t.test(
  'checkOpenNames: names that strangers can invent get a warning with acme, unless its orders are limited',
  async t => {
    const provider = { domains: ['example.com', '*.example.com'] }
    const tlsAsk = { patterns: true, mx: true }
    const settings = { http: { tls: { acme } }, admin: { tlsAsk }, mxLookup: {}, providers: [provider] }
    const reported = (changes: Partial<Parameters<typeof checkOpenNames>[0]>) =>
      linesOf(checkOpenNames({ ...settings, ...changes })).map(line => line.replace(/: .*/, ''))
    t.same(reported({}), ['warning admin.tlsAsk.patterns', 'warning admin.tlsAsk.mx'])
    t.same(reported({ mxLookup: undefined }), ['warning admin.tlsAsk.patterns'])
    t.same(reported({ admin: { tlsAsk: { patterns: true } }, providers: [{ domains: ['*'], mx: ['*.mx.example'] }] }), [
      'warning admin.tlsAsk.patterns'
    ])
    t.same(reported({ admin: { tlsAsk: { patterns: true } }, providers: [{ domains: ['*', 'a.example'] }] }), [])
    t.same(reported({ admin: {} }), [])
    t.same(reported({ http: { tls: {} } }), [])
    t.same(reported({ http: { tls: { acme: { ...acme, ordersPerHour: 10 } } } }), [])
    t.match(
      linesOf(checkOpenNames(settings))[0],
      /expected a number that you accept in http\.tls\.acme\.ordersPerHour$/
    )
  }
)
