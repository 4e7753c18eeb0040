import fc from 'fast-check'
import t from 'tap'
import { overrideNames } from '../../src/settings/overrides.ts'
import type { ProviderSettings } from '../../src/settings/schema.ts'
import { toVariant } from '../../src/settings/variant.ts'
import { anyText } from '../support/arbitraries/text.ts'
import { exampleProvider, imap, pop3, smtp } from '../support/settings/example.ts'

const provider = exampleProvider({
  shortName: 'Ex',
  servers: [imap, pop3, smtp, { protocol: 'caldav', url: 'https://dav.example.com/' }],
  brand: { logo: 'logo.svg', accent: '#0b5c94', accentDark: '#84bdf0', support: 'mailto:help@example.com' }
})

function settingsOf(overrides: Parameters<typeof toVariant>[1], base: ProviderSettings = provider): ProviderSettings {
  const variant = toVariant(base, overrides)
  if ('problem' in variant) throw new Error(variant.problem)
  return variant.settings
}

const hostsOf = ({ servers }: ProviderSettings) =>
  servers.map(({ protocol, host, url }) => `${protocol} ${host ?? url}`)

t.test('variant: without overrides, it equals the provider', async t => {
  t.same(settingsOf({}), provider)
})

t.test('variant: a host applies to every server, and one of a protocol takes precedence', async t => {
  const dav = 'caldav https://dav.example.com/'
  t.same(hostsOf(settingsOf({ host: 'mx.a.example' })), [
    'imap mx.a.example',
    'pop3 mx.a.example',
    'smtp mx.a.example',
    dav
  ])
  t.same(hostsOf(settingsOf({ host: 'mail.%EMAILDOMAIN%', smtp_host: 'out.a.example' })), [
    'imap mail.%EMAILDOMAIN%',
    'pop3 mail.%EMAILDOMAIN%',
    'smtp out.a.example',
    dav
  ])
  t.same(hostsOf(settingsOf({ imap_host: 'in.a.example' })), [
    'imap in.a.example',
    'pop3 pop3.example.com',
    'smtp smtp.example.com',
    dav
  ])
})

t.test('variant: servers that become identical are listed once', async t => {
  const twice = exampleProvider({
    servers: [imap, { ...imap, host: 'imap2.example.com' }, smtp, { ...smtp, port: 587, security: 'starttls' }]
  })
  t.same(hostsOf(settingsOf({ host: 'a.example' }, twice)), ['imap a.example', 'smtp a.example', 'smtp a.example'])
})

t.test('variant: another name removes short name and logo', async t => {
  const { name, shortName, brand } = settingsOf({ name: 'Kunde' })
  t.same(
    { name, shortName, brand },
    {
      name: 'Kunde',
      shortName: undefined,
      brand: { accent: '#0b5c94', accentDark: '#84bdf0', support: 'mailto:help@example.com' }
    }
  )
  t.equal(settingsOf({ name: 'Kunde', short_name: 'K' }).shortName, 'K')
  t.match(settingsOf({ short_name: 'K' }), { name: 'Example', shortName: 'K', brand: { logo: 'logo.svg' } })
})

t.test('variant: pages and colours', async t => {
  const variant = settingsOf({
    website: 'https://a.example/',
    webmail: 'https://b.example/',
    accent: '#006600',
    support: 'https://c.example/'
  })
  t.match(variant, { website: 'https://a.example/', webmail: 'https://b.example/' })
  t.same(variant.brand, { logo: 'logo.svg', accent: '#006600', support: 'https://c.example/' }, 'and no other dark one')
})

t.test('variant: an invalid host is refused, and invalid values for display are ignored, with their path', async t => {
  for (const [overrides, problem] of [
    [{ host: 'no host' }, 'servers[0].host: found "no host", expected a host name such as mail.example.com'],
    [{ accent: 'red' }, 'brand.accent: found "red", expected a colour such as "#0b5c94"'],
    [{ accent: '#ffff00' }, /^brand\.accent: found "#ffff00" with a contrast of/],
    [
      { webmail: 'http://a.example/' },
      'webmail: found "http://a.example/", expected an https:// URL without a user name'
    ],
    [{ name: 'x'.repeat(61) }, 'name: found 61 characters, expected at most 60'],
    [{ support: 'javascript:alert(1)' }, /^brand\.support: /]
  ] as const) {
    if ('host' in overrides) t.match(toVariant(provider, overrides), { problem }, JSON.stringify(overrides))
    else {
      const variant = toVariant(provider, { ...overrides, imap_host: 'imap.own.example' })
      t.match('ignored' in variant && variant.ignored.join(), problem, JSON.stringify(overrides))
      t.same('settings' in variant && variant.settings, settingsOf({ imap_host: 'imap.own.example' }))
    }
  }
})

t.test('variant: several invalid values for display are all reported', async t => {
  const variant = toVariant(provider, {
    accent: 'red',
    webmail: 'w',
    short_name: 'x'.repeat(21),
    website: 'https://a.example/'
  })
  t.same('ignored' in variant && variant.ignored.map(each => each.split(':')[0]).sort(), [
    'brand.accent',
    'shortName',
    'webmail'
  ])
  t.match('settings' in variant && variant.settings, { website: 'https://a.example/' })
  t.match(toVariant(provider, { accent: 'red', host: 'no host' }), { problem: /host/ })
})

t.test('variant: any values of a directory give valid settings or are refused', async () => {
  const anyValue = fc.oneof(
    anyText(70),
    fc.string(),
    fc.constantFrom('a.example', 'https://a.example/', '#006600', '%EMAILDOMAIN%')
  )
  const anyOverrides = fc.dictionary(fc.constantFrom(...overrideNames), anyValue, { maxKeys: 4, noNullPrototype: true })
  fc.assert(
    fc.property(anyOverrides, overrides => {
      const variant = toVariant(provider, overrides)
      return 'problem' in variant ? variant.problem.length > 0 : 'settings' in toVariant(variant.settings, {})
    })
  )
})
