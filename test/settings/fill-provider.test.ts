import fc from 'fast-check'
import t from 'tap'
import { fillProvider, isPersonal, personTexts, withoutPerson } from '../../src/settings/fill-provider.ts'
import { toProvider } from '../../src/settings/provider.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { anyAddress } from '../support/arbitraries/address.ts'
import { matchLists } from '../support/match-lists.ts'
import { exampleProvider } from '../support/settings/example.ts'

const url = 'https://%EMAILDOMAIN%/?d=%EMAILDOMAIN%'
const provider = toProvider({
  ...exampleProvider(),
  name: 'Mail of %EMAILDOMAIN%',
  shortName: '%EMAILDOMAIN%',
  website: url,
  webmail: url,
  documentation: [{ url, text: { en: 'Help' } }],
  password: { url, note: { en: '%EMAILADDRESS% or %EMAILLOCALPART% at %EMAILDOMAIN%' } },
  servers: [
    { protocol: 'imap', host: 'mail.%EMAILDOMAIN%' },
    { protocol: 'caldav', url: 'https://dav.%EMAILDOMAIN%/users/%EMAILADDRESS%/' },
    { protocol: 'carddav', url: 'https://dav.%EMAILDOMAIN%/%EMAILLOCALPART%/contacts/' }
  ]
})
const filledUrl = 'https://example.com/?d=example.com'

t.test('fillProvider: replaces placeholders in texts and URLs', async t => {
  const address = toAddress('jane+x@example.com')
  const texts = {
    domain: 'example.com',
    address: address?.text ?? '',
    ...(address && personTexts(address, { usernameCase: 'as-typed' }))
  }
  matchLists(t, fillProvider(provider, texts), {
    name: 'Mail of example.com',
    shortName: 'example.com',
    website: filledUrl,
    webmail: filledUrl,
    documentation: [{ url: filledUrl, text: { en: 'Help' } }],
    password: { url: filledUrl, note: { en: 'jane+x@example.com or jane+x at example.com' } },
    servers: [{ host: 'mail.%EMAILDOMAIN%' }],
    services: [
      { url: 'https://dav.example.com/users/jane%2Bx@example.com/' },
      { url: 'https://dav.example.com/jane%2Bx/contacts/' }
    ]
  })
})

t.test('fillProvider: without an address, URLs end before it, and texts keep its placeholders', async t => {
  matchLists(t, fillProvider(provider, { domain: 'example.com' }), {
    password: { note: { en: '%EMAILADDRESS% or %EMAILLOCALPART% at example.com' } },
    services: [{ url: 'https://dav.example.com/users/' }, { url: 'https://dav.example.com/' }]
  })
})

t.test('fillProvider: changes nothing without placeholders', async t => {
  const plain = toProvider(exampleProvider())
  t.same(fillProvider(plain, { domain: 'example.com' }), plain)
})

t.test('withoutPerson: keeps the part of a URL that is the same for everyone', async t => {
  for (const [personal, general] of [
    ['https://a.b/dav/%EMAILADDRESS%/x', 'https://a.b/dav/'],
    ['https://a.b/dav/%EMAILLOCALPART%', 'https://a.b/dav/'],
    ['https://a.b/dav/~%EMAILLOCALPART%/', 'https://a.b/dav/'],
    ['https://a.b/%EMAILLOCALPART%/%EMAILADDRESS%', 'https://a.b/'],
    ['https://a.b/dav/?user=%EMAILADDRESS%', 'https://a.b/dav/'],
    ['https://a.b/dav?user=%EMAILADDRESS%', 'https://a.b/dav'],
    ['https://a.b/dav#%EMAILADDRESS%', 'https://a.b/dav']
  ] as const) {
    t.equal(withoutPerson(personal), general)
    t.ok(isPersonal(personal))
  }
  t.equal(withoutPerson('https://dav.%EMAILDOMAIN%/x'), 'https://dav.%EMAILDOMAIN%/x')
  t.notOk(isPersonal('https://dav.%EMAILDOMAIN%/x'))
})

t.test('personTexts: URLs have the user as login names do', async t => {
  const address = toAddress('Jane+X@example.com')
  if (address === undefined) throw new Error('no address')
  t.same(personTexts(address, { usernameCase: 'lower' }), {
    localPart: 'Jane+X',
    urlAddress: 'jane%2Bx@example.com',
    urlLocalPart: 'jane%2Bx'
  })
  t.equal(personTexts(address, { usernameCase: 'as-typed' }).urlLocalPart, 'Jane%2BX')
})

t.test('personTexts: any address gives one segment of a path', async () => {
  const segment = (text: string) => decodeURIComponent(new URL(`https://a.b/u-${text}`).pathname.slice('/u-'.length))
  fc.assert(
    fc.property(anyAddress, address => {
      const { urlAddress, urlLocalPart } = personTexts(address, { usernameCase: 'as-typed' })
      return segment(urlAddress) === address.text && segment(urlLocalPart) === address.localPart
    })
  )
})
