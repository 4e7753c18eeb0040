import t from 'tap'
import { outlook } from '../../../src/dialects/outlook/autodiscover.ts'
import { compileExchangeRedirect } from '../../../src/dialects/outlook/exchange-redirect.ts'
import { toProvider } from '../../../src/settings/provider.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider } from '../../support/settings/example.ts'

const redirectsTo = (redirect: string) => {
  const write = compileExchangeRedirect(toProvider(exampleProvider({ autodiscover: { redirect } })))
  const { provider, ...rest } = accountOf({})
  return write?.({ provider, ...rest, personName: undefined }).headers.location
}

const accountOf = (changes: Partial<ProviderSettings>, looksUpUsers = false) => ({
  provider: toProvider(exampleProvider(changes), { looksUpUsers }),
  domain: 'example.com',
  address: undefined
})

t.test('exchange redirect: the path is complete and in lower case', async t => {
  const url = 'https://ex.example.net/autodiscover/autodiscover.xml'
  for (const redirect of [
    url,
    'https://EX.example.net',
    'https://ex.example.net/',
    'https://ex.example.net:443/Autodiscover/AutoDiscover.XML'
  ]) {
    t.equal(redirectsTo(redirect), url, redirect)
  }
  t.equal(redirectsTo('https://ex.example.net/X/Autodiscover/a'), 'https://ex.example.net/X/Autodiscover/a')
  t.equal(redirectsTo('https://ex.%EMAILDOMAIN%:8443/'), 'https://ex.example.com:8443/autodiscover/autodiscover.xml')
})

t.test('exchange redirect: a provider without one gets the answer of the table', async t => {
  t.equal(compileExchangeRedirect(toProvider(exampleProvider())), undefined)
  t.equal(outlook.plainRedirect?.(accountOf({})), undefined)
})

t.test(
  'exchange redirect: plain http leads there directly, unless people of the domain may have different providers',
  async t => {
    const autodiscover = { redirect: 'https://ex.example.net' }
    t.match(outlook.plainRedirect?.(accountOf({ autodiscover })), {
      status: 302,
      headers: { location: 'https://ex.example.net/autodiscover/autodiscover.xml' }
    })
    t.equal(outlook.plainRedirect?.(accountOf({ autodiscover }, true)), undefined)
    t.equal(outlook.plainRedirect?.(accountOf({ autodiscover, dialects: { outlook: false } })), undefined)
  }
)

t.test('exchange redirect: Outlook autodiscover is served without any mail server', async t => {
  const ews = { protocol: 'ews', url: 'https://ex.example.net/EWS/Exchange.asmx' } as const
  const only = (changes: Partial<ProviderSettings>) => accountOf({ servers: [ews], ...changes }).provider
  t.equal(outlook.unsupportedReason?.(only({ autodiscover: { redirect: 'https://ex.example.net' } })), undefined)
  t.match(outlook.unsupportedReason?.(only({})), 'it needs an imap')
})
