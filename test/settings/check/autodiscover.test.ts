import t from 'tap'
import { checkAutodiscover } from '../../../src/settings/check/autodiscover.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const reported = (redirect: string, changes: Partial<ProviderSettings> = {}) =>
  linesOf(checkAutodiscover(exampleProvider({ autodiscover: { redirect }, ...changes }), ['p']))

const exchange = 'https://ex.example.net/autodiscover/autodiscover.xml'

t.test('checkAutodiscover: finds nothing without a redirect', async t => {
  t.same(checkAutodiscover(exampleProvider({}), ['p']), [])
})

t.test('checkAutodiscover: accepts a host, and a path of Autodiscover in any letter case', async t => {
  for (const redirect of [
    exchange,
    'https://ex.example.net',
    'https://ex.example.net:8443/',
    'https://ex.example.net/x/AutoDiscover/AutoDiscover.xml',
    'https://ex.%EMAILDOMAIN%/'
  ]) {
    t.same(reported(redirect), [], redirect)
  }
})

t.test('checkAutodiscover: reports URLs that Outlook refuses', async t => {
  for (const redirect of [
    'https://ex.example.net/owa/',
    `${exchange}?x=1`,
    `${exchange}#x`,
    'https://ex.example.net/?x=1'
  ]) {
    t.same(reported(redirect), [
      `error p.autodiscover.redirect: found "${redirect}", expected a URL that ends in /autodiscover/autodiscover.xml`
    ])
  }
})

t.test('checkAutodiscover: reports what is no URL, and other placeholders', async t => {
  for (const redirect of ['https://[', 'https://ex.example.net/%EMAILADDRESS%']) {
    t.same(reported(redirect), [
      `error p.autodiscover.redirect: found "${redirect}", expected an https:// URL with no placeholder except %EMAILDOMAIN%`
    ])
  }
})

t.test('checkAutodiscover: warns about loops', async t => {
  const loop = (redirect: string) =>
    `warning p.autodiscover.redirect: found "${redirect}", a loop unless the DNS leads this host to Exchange instead of here`
  for (const redirect of [
    'https://autodiscover.example.com/',
    'https://example.com/autodiscover/autodiscover.xml',
    'https://autodiscover.%EMAILDOMAIN%/'
  ]) {
    t.same(reported(redirect, { domains: ['other.example', 'example.com'] }), [loop(redirect)])
  }
  const pattern = 'https://autodiscover.%EMAILDOMAIN%/'
  t.same(reported(pattern, { domains: ['*.example.com'] }), [loop(pattern)])
})

t.test('checkAutodiscover: warns if both dialects of Outlook are off', async t => {
  const off = (dialects: ProviderSettings['dialects']) => reported(exchange, { ...(dialects && { dialects }) })
  t.same(off({ outlook: false, 'outlook-json': false }), [
    `warning p.autodiscover.redirect: found "${exchange}", which has no effect: the dialects outlook and outlook-json are off`
  ])
  t.same(off({ outlook: false }), [])
  t.same(off({ 'outlook-json': false }), [])
})
