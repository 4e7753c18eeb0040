import t from 'tap'
import { checkPlaceholders } from '../../../src/settings/check/placeholders.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const reported = (more: Partial<ProviderSettings>) =>
  linesOf(checkPlaceholders({ providers: [{ ...exampleProvider(), ...more }] }))

t.test('checkPlaceholders: names and URLs of pages can contain the domain', async t => {
  const url = 'https://help.%EMAILDOMAIN%/?d=%EMAILDOMAIN%'
  const name = '%EMAILDOMAIN% (100% example)'
  const documentation = [{ url, text: { en: 'Help' } }]
  t.same(reported({ name, shortName: name, website: url, webmail: url, documentation, password: { url } }), [])
})

t.test('checkPlaceholders: names and URLs of pages can contain nothing of the address', async t => {
  const url = 'https://example.com/?user=%EMAILADDRESS%'
  const message = 'found "%EMAILADDRESS%", expected only %EMAILDOMAIN%'
  const name = '%EMAILADDRESS% at %EMAILDOMAIN%'
  const documentation = [{ url, text: { en: 'Help' } }]
  t.same(reported({ name, shortName: name, website: url, webmail: url, documentation, password: { url } }).toSorted(), [
    `error providers[0].documentation[0].url: ${message}`,
    `error providers[0].name: ${message}`,
    `error providers[0].password.url: ${message}`,
    `error providers[0].shortName: ${message}`,
    `error providers[0].webmail: ${message}`,
    `error providers[0].website: ${message}`
  ])
})

t.test('checkPlaceholders: the note about the password can contain all of them, spelt correctly', async t => {
  const note = { en: '%EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%', de: 'zu 100%' }
  t.same(reported({ password: { note } }), [])
  for (const wrong of ['%EMAILADRESS%', '%emailaddress%', '%EMAILADDRESS', '%REALNAME%']) {
    t.same(reported({ password: { note: { de: `Ihre ${wrong}!` } } }), [
      `error providers[0].password.note.de: found "${wrong}", expected one of %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%`
    ])
  }
})

t.test('checkPlaceholders: warns about placeholders of other programs where ours are replaced', async t => {
  for (const foreign of [
    '{domain}',
    '\u0024{domain}',
    '{{ email }}',
    '{user_name}',
    '{local-part}',
    '%USERNAME%',
    '{0}'
  ]) {
    t.same(reported({ name: `Mail of ${foreign}`, documentation: [{ url: 'https://a.b/', text: { en: foreign } }] }), [
      `warning providers[0].name: found "${foreign}", which is not replaced, expected %EMAILDOMAIN%`
    ])
  }
  const webmail = 'https://a.b/?d=%25EMAILDOMAIN%25'
  t.same(reported({ webmail }), [
    'warning providers[0].webmail: found "%25EMAILDOMAIN%25", which is not replaced, expected %EMAILDOMAIN%'
  ])
  for (const name of ['{Example}', '{ }', '100% user', '{users}', '$domain', '%C3%BC'])
    t.same(reported({ name }), [], name)
})

t.test('checkPlaceholders: everything else must contain none', async t => {
  const message = 'found "%EMAILDOMAIN%", expected no placeholder, because it is not replaced here'
  t.same(reported({ brand: { support: 'mailto:help@%EMAILDOMAIN%' } }), [
    `error providers[0].brand.support: ${message}`
  ])
  t.same(reported({ documentation: [{ url: 'https://a.b/', text: { en: '%EMAILDOMAIN%' } }] }), [
    `error providers[0].documentation[0].text.en: ${message}`
  ])
  const servers = [{ protocol: 'imap', host: 'a.b', pathPrefix: '%EMAILDOMAIN%' }] as const
  t.same(reported({ servers: [...servers] }), [`error providers[0].servers[0].pathPrefix: ${message}`])
  const http = { publicUrl: 'https://%EMAILDOMAIN%' }
  t.same(linesOf(checkPlaceholders({ http, providers: [exampleProvider()] })), [`error http.publicUrl: ${message}`])
})

t.test('checkPlaceholders: login names, hosts and queries are checked elsewhere', async t => {
  const servers = [{ protocol: 'imap', host: '%EMAILADDRESS%' }] as const
  t.same(reported({ username: '%EMAIL', domains: ['%EMAIL'], mx: ['%EMAIL'], servers: [...servers] }), [])
  const users = { type: 'sqlite', file: 'a', query: "SELECT '%EMAILDOMAIN%'", unknown: '%EMAILDOMAIN%#' } as const
  t.same(checkPlaceholders({ users, providers: [exampleProvider()] }), [])
})
