import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import type { Document } from '../../../src/dialects/document.ts'
import { escapeHtml, html } from '../../../src/formats/html.ts'
import { type Provider, toProvider } from '../../../src/settings/provider.ts'
import { type Address, toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { type ChosenDevice, type Device, devices } from '../../../src/web/devices/choose-device.ts'
import { programsOf } from '../../../src/web/devices/programs-of-device.ts'
import { pages } from '../../../src/web/pages/pages.ts'
import { programsFor } from '../../../src/web/sections/programs.ts'
import { ar } from '../../../src/web/words/languages/ar.ts'
import { de } from '../../../src/web/words/languages/de.ts'
import { en } from '../../../src/web/words/languages/en.ts'
import { languages } from '../../../src/web/words/languages/index.ts'
import type { Messages } from '../../../src/web/words/messages.ts'
import { plainText, richText, richTexts } from '../../../src/web/words/rich-text.ts'
import { pageFaults } from '../../schemas/page-faults.ts'
import { uncovered } from '../../support/child-processes.ts'
import { modulesOfSvg, readQr } from '../../support/formats/read-qr.ts'
import { tableOf } from '../../support/table-of.ts'
import type { PageCase, PageCost } from '../../support/web/page-cost.ts'

const small = `
providers:
  - id: example
    name: Example Mail
    domains: [example.com, bücher.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

/** Every setting that a page shows. */
const everything = `
providers:
  - id: example
    name: <Example> & "Sons"
    domains: [example.com, bücher.example]
    username: "%EMAILLOCALPART%"
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN%, authentication: [password, oauth2] }
      - { protocol: imap, host: imap.example.com, security: starttls }
      - { protocol: pop3, host: pop.example.com, security: none, allowPlaintext: true, authentication: [encrypted-password, ntlm] }
      - { protocol: smtp, host: smtp.example.com, authentication: [password, gssapi, client-certificate, none] }
      - { protocol: smtp, host: smtp.example.com, security: starttls }
      - { protocol: managesieve, host: sieve.%EMAILDOMAIN% }
      - { protocol: jmap, url: "https://jmap.example.com/session" }
      - { protocol: caldav, url: "https://dav.%EMAILDOMAIN%/calendars/" }
      - { protocol: carddav, url: "https://dav.example.com/contacts/" }
      - { protocol: webdav, url: "https://dav.example.com/files/" }
      - { protocol: activesync, url: https://eas.example.com/Microsoft-Server-ActiveSync }
    password:
      note: { en: 'Use an <application> password.', de: Bitte ein Anwendungspasswort nehmen., pt-BR: Senha de aplicativo. }
      url: https://example.com/passwords?a=1&b=2
    documentation:
      - { url: "https://help.example.com/?a=1&b=2", text: { en: Help & more, de: Hilfe } }
      - { url: "https://faq.example.com/", text: { fr: Questions } }
    website: https://example.com/
    webmail: https://webmail.example.com/
    brand: { accent: "#7a1fa2", support: "mailto:help@example.com?subject=Help" }
`

/** The default address. */
const jane = 'jane@example.com'

interface PersonPageOptions {
  readonly messages?: Messages
  readonly device?: Device
  /** Default: the device is a guess. */
  readonly isChosen?: boolean
  readonly origin?: string
  readonly signature?: number | undefined
}

/** @returns a person's page as a browser reads it */
function personPage(settings: string, typed = jane, options: PersonPageOptions = {}): Document {
  const address = addressOf(typed)
  const found = resolve(tableOf(settings), { domain: address.domain, host: undefined })
  if (found === undefined) throw new Error(`${typed} is not served`)
  const { messages = en, origin, device = 'iphone', isChosen = false } = options
  const signature = 'signature' in options ? options.signature : 0
  return read(pages.personPage({ ...found, address, messages, device: { device, isChosen }, origin, signature }))
}

function providerPage(settings: string, messages: Messages, device: Device = 'windows'): Document {
  return read(pages.providerPage(providerOf(settings), choices(messages, { device, isChosen: false })))
}

function choices(messages: Messages, device: ChosenDevice, isLanguageChosen = false) {
  return { language: { messages, isChosen: isLanguageChosen }, device }
}

/** The name of the service where it does not matter. */
const site = ''

/** Why: the body of a provider's page is a buffer, and that of another page a string with one character for each byte. */
function read(page: Document<string | Buffer>): Document {
  const { body } = page
  return { ...page, body: (typeof body === 'string' ? Buffer.from(body, 'latin1') : body).toString() }
}

function addressOf(typed: string): Address {
  const address = toAddress(typed)
  if (address === undefined) throw new Error(`${typed} is not an address`)
  return address
}

function providerOf(settings: string): Provider {
  const [provider] = tableOf(settings).providers
  if (provider === undefined) throw new Error('no provider')
  return provider
}

/** Adds the headers that are the same for every page. */
function faultsOf({ headers, body }: Document): string[] {
  return pageFaults({ headers: { ...headers, 'referrer-policy': 'no-referrer' }, body })
}

/** @returns the visible text, on one line */
function textOf({ body }: Document): string {
  const shown = body.replace(/<(style|script|title)>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ')
  return unescaped(shown).replace(/\s+/g, ' ')
}

function unescaped(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

for (const messages of languages) {
  t.test(`pages: every page in ${messages.name} is valid and has at most 40 kB`, async t => {
    for (const [name, page] of Object.entries({
      start: read(pages.startPage({ messages, provider: undefined, site: 'Mail of <everyone>' })),
      wrong: read(pages.startPage({ messages, provider: providerOf(everything), site, typed: 'jane' })),
      unknown: read(pages.unknownPage({ messages, address: addressOf('jane@other.example'), site })),
      foreign: read(
        pages.foreignPage({ messages, provider: providerOf(everything), address: addressOf('jane@other.example') })
      ),
      missing: read(pages.missingPage({ messages, site })),
      small: personPage(small, 'jane@bücher.example', { messages }),
      ...Object.fromEntries(
        devices.flatMap(device => [
          [`provider, ${device}`, providerPage(everything, messages, device)],
          [`everything, ${device}`, personPage(everything, jane, { messages, device, signature: 2000 })]
        ])
      )
    })) {
      t.same(faultsOf(page), [], name)
      t.match(page.body, `<html lang="${messages.code}" dir="${messages.direction}">`)
      t.equal(page.headers['content-length'], Buffer.byteLength(page.body))
    }
  })
}

t.test('pages: each has a link to itself in every language', async t => {
  const { body } = personPage(small, jane, { messages: de })
  const menuOf = (url: string, { target = '', current }: { target?: string; current: string }) => {
    const links = languages.map(({ code, name }) => {
      const mark = code === current ? ' aria-current="true"' : ''
      return `<li><a href="${url}${code}"${target} lang="${code}"${mark}>${name}</a></li>`
    })
    return `<ul>${links.join('')}</ul>`
  }
  t.ok(body.includes(menuOf('/setup?email=jane%40example.com&amp;lang=', { current: 'de' })))
  const embedded = menuOf('/setup/example?lang=', { target: ' target="_self"', current: 'en' })
  t.ok(providerPage(small, en).body.includes(embedded), 'links of an embedded page stay in its frame')
  const hrefOf = ({ body: page }: Document) => /href="([^"]*lang=)ar"/.exec(page)?.[1]
  t.equal(hrefOf(read(pages.startPage({ messages: en, provider: undefined, site }))), '/?lang=')
  t.equal(hrefOf(providerPage(small, en)), '/setup/example?lang=')
})

t.test('pages: none contains styles or scripts for parts that it does not have', async t => {
  const start = read(pages.startPage({ messages: en, provider: providerOf(everything), site }))
  for (const part of ['table', '.guide', '.choices{', 'figure', '.error', '.copy', 'clipboard', '#help']) {
    t.notOk(start.body.includes(part), part)
  }
  t.ok(start.body.includes('.lang') && start.body.includes('Escape'), 'the menu works')
  t.ok(start.body.length < 7000, `${start.body.length} bytes`)
  const iphone = personPage(everything, jane, { device: 'iphone' }).body
  const windows = personPage(everything, jane, { device: 'windows' }).body
  t.same(
    [iphone, windows].map(body => body.includes('.trap{')),
    [true, false]
  )
  t.same(
    [iphone, windows].map(body => body.includes('#outlookNew:target')),
    [false, true]
  )
  for (const part of ['.copy.done::before{', 'navigator.clipboard']) t.ok(iphone.includes(part), part)
})

t.test('setup page: shows every server of the table, the first choice first', async t => {
  const text = textOf(personPage(everything))
  t.match(
    text,
    'IMAP recommended imap.example.com 993 SSL/TLS encrypted from the start Password / Sign-in in the browser (OAuth2)'
  )
  t.match(text, 'IMAP alternative imap.example.com 143 STARTTLS encrypted after connecting Password')
  t.match(
    text,
    'POP3 alternative pop.example.com 110 None (not encrypted) others can read your data Encrypted password / NTLM'
  )
  t.match(text, 'SMTP recommended smtp.example.com 465 SSL/TLS')
  t.match(text, 'SMTP alternative smtp.example.com 587 STARTTLS encrypted after connecting Password')
  t.match(text, en.servers.imapOrPop3)
  for (const place of [
    'https://dav.example.com/calendars/',
    'https://dav.example.com/contacts/',
    'https://dav.example.com/files/',
    'https://jmap.example.com/session',
    'https://eas.example.com/Microsoft-Server-ActiveSync',
    'sieve.example.com:4190 STARTTLS'
  ]) {
    t.match(text, place)
  }
})

t.test('setup page: omits everything that a provider does not have', async t => {
  const page = personPage(small)
  const text = textOf(page)
  for (const word of [
    en.login.note,
    en.login.makePassword,
    en.servers.first,
    en.servers.alternative,
    en.servers.imapOrPop3,
    en.services.heading,
    en.help.heading,
    'DAVx'
  ]) {
    t.notMatch(text, word)
  }
  t.match(text, en.login.plainPassword)
  t.notMatch(page.body, '<p></p>')
  t.notMatch(page.body, '<ul></ul>')
})

t.test(
  'setup page: a provider that only receives, only sends, or does neither has only the matching parts',
  async t => {
    const only = (server: string) =>
      personPage(`providers: [{ id: e, name: E, domains: [example.com], servers: [${server}] }]`)
    const imap = textOf(await only('{ protocol: imap, host: imap.example.com }'))
    t.match(imap, en.servers.incoming)
    t.notMatch(imap, en.servers.outgoing)
    t.notMatch(imap, en.programs.heading)
    t.notMatch(imap, en.qr.heading)
    const smtp = textOf(await only('{ protocol: smtp, host: smtp.example.com }'))
    t.match(smtp, en.servers.outgoing)
    t.notMatch(smtp, en.servers.incoming)
    const caldav = textOf(await only('{ protocol: caldav, url: "https://dav.example.com/", authentication: [oauth2] }'))
    t.notMatch(caldav, en.servers.heading)
    t.match(caldav, 'https://dav.example.com/')
  }
)

t.test('setup page: the help section needs only a website or only a help page', async t => {
  const helpWith = async (field: string) => {
    const page = personPage(small.replace('servers:', `${field}\n    servers:`))
    return /<section class="card" id="help">.*?<\/section>/s.exec(page.body)?.[0] ?? ''
  }
  const website = await helpWith('website: https://example.com/')
  t.match(website, '<a class="link" href="https://example.com/">Example Mail website</a>')
  t.notMatch(website, 'help pages')
  const page = await helpWith('documentation: [{ url: "https://example.com/help", text: { en: Help } }]')
  t.match(page, '<p>Example Mail help pages</p><ul><li><a class="link" href="https://example.com/help">')
  t.notMatch(page, 'website')
})

t.test('setup page: for providers without passwords, shows the other login methods', async t => {
  const authentication = 'authentication: [oauth2, client-certificate]'
  const settings = small.replace(/(host: \S+) }/g, `$1, ${authentication} }`)
  const text = textOf(personPage(settings))
  t.match(text, `${en.servers.authentication} ${en.authentication.oauth2} / ${en.authentication['client-certificate']}`)
})

t.test('setup page: for a provider without mail servers, shows the login methods of its services', async t => {
  const only = (server: string) =>
    textOf(personPage(`providers: [{ id: e, name: E, domains: [example.com], servers: [${server}] }]`))
  const eas = 'protocol: activesync, url: "https://eas.example.com/"'
  t.match(only(`{ ${eas} }`), `${en.login.password} ${en.login.plainPassword}`)
  t.match(
    only(`{ ${eas}, authentication: [client-certificate] }`),
    `${en.servers.authentication} ${en.authentication['client-certificate']}`
  )
})

t.test(
  "setup page: the provider's texts are in the page's language, otherwise in English, otherwise in any language",
  async t => {
    const { body: german } = personPage(everything, jane, { messages: de })
    t.match(german, '<span lang="de" dir="auto">Bitte ein Anwendungspasswort nehmen.</span>')
    t.match(german, '<span lang="de" dir="auto">Hilfe</span>')
    t.match(german, '<span lang="fr" dir="auto">Questions</span>')
    const { body: arabic } = personPage(everything, jane, { messages: ar })
    t.match(arabic, '<span lang="en" dir="auto">Use an &lt;application&gt; password.</span>')
    const portuguese = languages.find(({ code }) => code === 'pt')
    const { body } = personPage(everything, jane, portuguese && { messages: portuguese })
    t.match(body, '<span lang="pt-BR" dir="auto">Senha de aplicativo.</span>')
  }
)

t.test('setup page: every program of a device has a link to its guide, with the values of the person', async t => {
  const settings = everything.replace(/authentication: \[encrypted-password, ntlm\]/, 'authentication: [password]')
  for (const device of devices) {
    const { body } = personPage(settings, jane, { device })
    const shown = programsFor(providerOf(settings), device)
    t.same(
      shown.map(({ id }) => id),
      programsOf[device],
      device
    )
    for (const { id, name } of shown) {
      t.match(body, new RegExp(`<a href="#${id}" target="_self"><svg class="icon".*?</svg>${RegExp.escape(name)}</a>`))
      t.match(body, `<article class="guide" id="${id}"><h3>${name}</h3>`)
      const [, guide = ''] = new RegExp(`id="${id}">(.*?)</article>`, 's').exec(body) ?? []
      t.match(guide, /jane(?:@example\.com)?<\/code>/, `${id} names the address`)
    }
    t.equal(body.match(/<article/g)?.length, shown.length)
  }
  const [, davx5 = ''] =
    /id="davx5">(.*?)<\/article>/s.exec(personPage(settings, jane, { device: 'android' }).body) ?? []
  t.match(davx5, '<code translate="no" dir="ltr">https://dav.example.com/calendars/</code>')
  t.match(davx5, '<code translate="no" dir="ltr">jane</code>')
})

/** @returns the guide of a program, as text */
function guideOf(page: Document, id: string): string {
  const [, guide = ''] = new RegExp(`id="${id}">(.*?)</article>`, 's').exec(page.body) ?? []
  return textOf({ ...page, body: guide })
}

t.test('setup page: programs without documented menus share their steps, with their own name', async t => {
  const guide = guideOf(personPage(small, jane, { device: 'android' }), 'samsung')
  t.match(guide, 'Open Samsung Email and add an account.')
  t.match(guide, 'incoming imap.example.com , port 993 , SSL/TLS; outgoing smtp.example.com')
  t.notMatch(guide, en.programs.sparkNote)
})

t.test('setup page: a text about both servers has one user name, or two with their protocols', async t => {
  const guide = (imap: string, smtp: string) => {
    const settings = small.replace('host: imap.example.com', `host: imap.example.com, username: ${imap}`)
    const page = personPage(
      settings.replace('host: smtp.example.com', `host: smtp.example.com, username: ${smtp}`),
      jane,
      {
        device: 'android'
      }
    )
    return guideOf(page, 'samsung')
  }
  t.match(guide('"mail-%EMAILLOCALPART%"', '"smtp-%EMAILLOCALPART%"'), 'user name mail-jane (IMAP), smtp-jane (SMTP)')
  t.match(guide('"mail-%EMAILLOCALPART%"', '"mail-%EMAILLOCALPART%"'), /user name mail-jane [^(]/)
  t.match(guide('"mail-%EMAILLOCALPART%"', 'none'), /user name mail-jane [^(]/)
})

t.test('setup page: the step for an outgoing server without a login has no user name', async t => {
  const nameless = small.replace(
    'host: smtp.example.com',
    'host: smtp.example.com, username: none, authentication: [none]'
  )
  const iphone = (settings: string, messages = en) => guideOf(personPage(settings, jane, { messages }), 'iphone')
  t.match(iphone(small), 'enter smtp.example.com , and again jane@example.com and your password, even where')
  t.match(iphone(nameless), 'Under Outgoing Mail Server enter smtp.example.com .')
  t.notMatch(iphone(nameless), 'again')
  for (const messages of languages) t.match(iphone(nameless, messages), 'smtp.example.com', messages.code)
  const gmail = (settings: string) => guideOf(personPage(settings, jane, { device: 'android' }), 'gmail')
  const named = small.replace('host: smtp.example.com', 'host: smtp.example.com, username: "smtp-%EMAILLOCALPART%"')
  t.match(gmail(named), 'Outgoing: user name smtp-jane , server smtp.example.com')
  const relay = small.replace('host: smtp.example.com', 'host: smtp.example.com, username: none')
  t.match(gmail(relay), 'Outgoing: server smtp.example.com')
})

t.test('setup page: says which programs pass mail and password to their vendor', async t => {
  const page = personPage(small, jane, { device: 'mac' })
  t.match(guideOf(page, 'spark'), en.programs.sparkNote)
  t.match(guideOf(page, 'outlook'), 'Microsoft cloud')
  t.notMatch(guideOf(page, 'emClient'), 'cloud')
  t.match(guideOf(personPage(small, jane, { device: 'windows' }), 'outlookNew'), 'Microsoft cloud')
})

t.test('setup page: for a provider with an Exchange service, Outlook signs in there on every device', async t => {
  const settings = small.replace('servers:', 'autodiscover: { redirect: "https://ex.example.net" }\n    servers:')
  for (const [device, id] of [
    ['android', 'outlook'],
    ['mac', 'outlook'],
    ['windows', 'outlookNew'],
    ['windows', 'outlookClassic']
  ] as const) {
    const guide = guideOf(personPage(settings, jane, { device }), id)
    t.match(guide, 'Outlook finds the Exchange server', `${id} on ${device}`)
    t.notMatch(guide, 'imap.example.com')
    t.notMatch(guide, 'Microsoft cloud')
  }
  const note = guideOf(personPage(small, jane, { device: 'mac', messages: withoutNote }), 'outlook')
  t.notMatch(note, 'cloud')
})

/** English without the note about the cloud. */
const withoutNote: Messages = {
  ...en,
  programs: {
    ...en.programs,
    steps: { ...en.programs.steps, outlookNew: { steps: en.programs.steps.outlookNew.steps } }
  }
}

t.test('setup page: links to itself for every device, and marks the one that it explains', async t => {
  for (const device of devices) {
    const { body } = personPage(small, jane, { device, messages: de })
    const [, nav = ''] = /<nav class="devices"[^>]*>(.*?)<\/nav>/s.exec(body) ?? []
    const links = [...nav.matchAll(/<a href="([^"]*)" target="_self"( aria-current="true")?>/g)]
    t.same(
      links.map(([, href]) => href),
      devices.map(each => `/setup?email=jane%40example.com&amp;device=${each}&amp;lang=de`)
    )
    t.same(
      links.flatMap(([, href, isCurrent]) => (isCurrent ? [href] : [])),
      [`/setup?email=jane%40example.com&amp;device=${device}&amp;lang=de`]
    )
    t.match(textOf({ ...providerPage(small, en, device), body: nav }), `iPhone, iPad Android Windows Mac Linux Anderes`)
  }
  t.match(providerPage(small, en).body, '<a href="/setup/example?device=mac&amp;lang=en" target="_self">')
})

t.test('setup page: links to other languages keep a chosen device, but not a guessed one', async t => {
  const chosen = personPage(small, jane, { device: 'android', isChosen: true }).body
  t.match(chosen, 'href="/setup?email=jane%40example.com&amp;device=android&amp;lang=ar"')
  const guessed = personPage(small, jane, { device: 'android' }).body
  t.match(guessed, 'href="/setup?email=jane%40example.com&amp;lang=ar"')
  const provider = read(pages.providerPage(providerOf(small), choices(en, { device: 'mac', isChosen: true }))).body
  t.match(provider, 'href="/setup/example?device=mac&amp;lang=ar"')
  t.match(provider, '<input type="hidden" name="device" value="mac">')
  t.notMatch(providerPage(small, en).body, 'name="device"')
})

t.test('setup page: has a link to all settings, which are open on an unknown device', async t => {
  for (const device of devices) {
    const { body } = personPage(everything, jane, { device })
    t.match(body, `<a href="#servers" target="_self">${en.setup.allSettings}</a>`)
    const kind = device === 'other' ? 'open' : 'fold'
    t.match(body, `<section class="card ${kind}" id="servers">`)
    t.match(body, `<section class="card ${kind}" id="services">`)
    t.ok(body.indexOf('id="programs"') < body.indexOf('id="servers"'), 'guides come first')
  }
  const dav = `providers: [{ id: e, name: E, domains: [example.com], servers: [{ protocol: caldav, url: "https://dav.example.com/" }] }]`
  t.match(
    personPage(dav, jane, { device: 'android' }).body,
    `<a href="#services" target="_self">${en.setup.allSettings}</a>`
  )
  t.match(
    personPage(dav, jane, { device: 'android' }).body,
    `<a class="link" href="#services" target="_self">${en.programs.byHand}</a>`
  )
})

t.test('setup page: the tables are open if no program of the device is suitable', async t => {
  const dav = `providers: [{ id: e, name: E, domains: [example.com], servers: [{ protocol: caldav, url: "https://dav.example.com/" }] }]`
  const foldOf = (device: Device) => {
    const { body } = personPage(dav, jane, { device })
    return /class="card (\w+)" id="services"/.exec(body)?.[1]
  }
  t.equal(foldOf('android'), 'fold', 'DAVx⁵ has a guide')
  for (const device of devices.filter(each => each !== 'android')) t.equal(foldOf(device), 'open', device)
  const receiving = small.replace(/- { protocol: smtp.*/, '')
  t.match(personPage(receiving, jane, { device: 'windows' }).body, '<section class="card open" id="servers">')
})

t.test('setup page: the top has a link to the note about the password', async t => {
  t.match(personPage(everything).body, `<a href="#login" target="_self">${en.login.note}</a>`)
  t.notMatch(personPage(small).body, '<a href="#login"')
})

t.test('setup page: only on an iPhone and a Mac, the profile comes before all programs', async t => {
  for (const device of devices) {
    const { body } = personPage(everything, jane, { device })
    const isApple = device === 'iphone' || device === 'mac'
    const [before = ''] = body.split('<section class="card')[isApple ? 1 : 0]?.split('</section>') ?? []
    t.equal(before.includes('class="button main" href="/email.mobileconfig'), isApple, device)
    t.match(textOf(personPage(everything, jane, { device })), isApple ? en.programs.others : en.programs.heading)
    t.equal(body.includes('<section class="card first" id="programs">'), !isApple, 'the first guide is shown')
  }
  const iphone = textOf(personPage(everything, jane, { device: 'iphone' }))
  const mac = textOf(personPage(everything, jane, { device: 'mac' }))
  t.match(iphone, plainText(en.apple.eightMinutes, {}).slice(4, 30))
  t.notMatch(iphone, en.apple.mac, 'no steps for a Mac')
  t.match(mac, en.apple.phone, 'the headers of an iPad are those of a Mac')
})

t.test(
  'setup page: offers the Apple profile if there is one, with its size and how the device shows its signature',
  async t => {
    const { body } = personPage(everything)
    t.match(body, '<a class="button main" href="/email.mobileconfig?email=jane%40example.com">')
    t.match(body, '<input type="hidden" name="email" value="jane@example.com">')
    t.match(textOf(personPage(everything)), 'Download profile ( 5 kB )')
    t.match(textOf(personPage(everything)), 'Not Signed')
    const signed = textOf(personPage(everything, jane, { signature: 3000 }))
    t.match(signed, 'Verified')
    t.match(signed, '8 kB')
    for (const page of [
      personPage(everything, jane, { signature: undefined }),
      personPage(everything.replace('brand:', 'dialects: { apple: false }\n    brand:'))
    ]) {
      t.notMatch(page.body, 'mobileconfig')
      t.notMatch(textOf(page), en.apple.heading)
      t.notMatch(textOf(page), en.apple.quicker)
      t.notMatch(page.body, en.qr.appleAlt)
    }
  }
)

/** @returns the contents of the QR codes of a page, and the texts next to them */
function codesOf({ body }: Document) {
  const figures = [...body.matchAll(/<figure>(<svg.*?<\/svg>).*?<p><code[^>]*>(.*?)<\/code>/gs)]
  return figures.map(([, svg = '', text = '']) => {
    const [, , drawn = ''] = svg.split('<path')
    const size = /viewBox="([^"]*)"/.exec(svg)?.[0]
    return { read: readQr(modulesOfSvg(`<svg ${size}><path${drawn}`)), text: unescaped(text) }
  })
}

t.test('setup page: an independent reader reads both codes, and the page shows the same text next to them', async t => {
  const codes = codesOf(personPage(everything, jane, { device: 'linux' }))
  t.equal(codes.length, 2)
  for (const { read, text } of codes) t.equal(read, text)
  t.equal(codes[0]?.text, 'https://autoconfig.example.com/email.mobileconfig?email=jane%40example.com')
  t.same(JSON.parse(codes[1]?.text ?? '').slice(0, 3), [1, [1, 1], [0, 'imap.example.com', 993, 3, 1, 'jane']])
  const elsewhere = codesOf(personPage(everything, jane, { device: 'linux', origin: 'https://signpost.example.net' }))
  t.equal(elsewhere[0]?.text, 'https://signpost.example.net/email.mobileconfig?email=jane%40example.com')
})

t.test('setup page: a phone has only its own code, and a computer has both', async t => {
  for (const device of devices) {
    const page = personPage(everything, jane, { device })
    t.equal(page.body.includes(en.qr.appleAlt), device !== 'android', device)
    t.equal(page.body.includes(en.qr.thunderbirdAlt), device !== 'iphone', device)
    for (const { read, text } of codesOf(page)) t.ok(text !== '' && read === text, device)
  }
  const { body } = personPage(everything, jane, { device: 'windows' })
  t.match(
    body,
    `<a class="link" href="/setup?email=jane%40example.com&amp;device=iphone&amp;lang=en">${en.apple.heading}</a>`
  )
  t.notMatch(personPage(everything, jane, { device: 'mac' }).body, 'device=iphone&amp;lang=en">Profile')
})

t.test('setup page: the code for a phone comes before the login, and those for another device after it', async t => {
  for (const device of devices) {
    const { body } = personPage(everything, jane, { device })
    const isPhone = device === 'iphone' || device === 'android'
    t.equal(body.indexOf('id="codes"') < body.indexOf('id="login"'), isPhone, device)
  }
})

t.test('setup page: small screens show neither codes nor their texts', async t => {
  for (const device of devices) {
    const { body } = personPage(everything, jane, { device })
    t.match(body, '<section class="card wide" id="codes">', device)
    t.match(body, '(max-height:30rem){.wide{display:none!important}}')
  }
})

t.test('setup page: has no code for Thunderbird if Thunderbird would reject it', async t => {
  const page = personPage(everything, 'jäne@example.com', { device: 'windows' })
  t.equal(codesOf(page).length, 1)
  t.notMatch(textOf(page), en.qr.thunderbirdText)
  t.same(faultsOf(page), [])
})

t.test(
  'setup page: takes less than 2 ms of processor time, in every language and for the longest addresses',
  async t => {
    const longest = `${['x', 'y'].map(letter => letter.repeat(60)).join('.')}.${'z'.repeat(50)}.example`
    const everywhere = everything
      .replace('[example.com,', `[example.com, ${longest},`)
      .replaceAll(/host: (imap|smtp)\.example\.com/g, 'host: $1.%EMAILDOMAIN%')
    const cases: PageCase[] = [
      { settings: small, local: 'jane', domain: 'example.com' },
      { settings: small, local: 'jane', domain: 'bücher.example' },
      { settings: everything, local: 'x'.repeat(60), domain: 'example.com' },
      { settings: everything, local: "&'".repeat(20), domain: 'example.com' },
      { settings: everything, local: 'ä'.repeat(28), domain: 'example.com' },
      { settings: everywhere, local: 'x'.repeat(60), domain: longest }
    ]
    // Why another process, without tap's recorder: code whose coverage is recorded takes several times as long.
    const script = fileURLToPath(new URL('../../support/web/page-cost.ts', import.meta.url))
    const env = { ...process.env, ...uncovered }
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(cases), '2'], { env })
    const costs: PageCost[] = JSON.parse(stdout)
    t.equal(costs.length, cases.length * languages.length)
    for (const { page, ms } of costs) t.ok(ms < 2, `${page}: ${ms} ms`)
  }
)

t.test('rich text: an optional part is left out if it contains a slot without a value', async t => {
  const outgoing = html`smtp`
  const text = 'Enter {outgoing}|, and {login} in [Name]|.'
  t.equal(richText(text, { outgoing, outgoingLogin: html`jane` })?.html, 'Enter smtp, and jane in <b>Name</b>.')
  t.equal(richText(text, { outgoing, login: html`of the other server` })?.html, 'Enter smtp.')
  t.equal(richText(text, { outgoingLogin: html`jane` }), undefined)
  t.equal(plainText('a|b|', {}), 'ab')
})

t.test('plain text: brackets are removed, and slots are replaced by their values or by nothing', async t => {
  t.equal(plainText('[Open] {provider}: {address}', { provider: '[E]' }), 'Open [E]: ')
})

t.test('rich text: menus are bold, slots are replaced, and a text with a slot without a value is left out', async t => {
  const values = { provider: html`<bdi>E</bdi>`, incoming: html`x` }
  t.equal(
    richText('A & [B → C] of [{provider}]: {incoming}.', values)?.html,
    'A &amp; <b>B → C</b> of <b><bdi>E</bdi></b>: x.'
  )
  t.equal(richText('to {dav}', values), undefined)
  t.equal(richText('tap [{dav}]', values), undefined)
  t.same(richTexts(['a', '{dav}', 'b'], values), [{ html: 'a' }, { html: 'b' }])
})

t.test(
  'setup page: a domain outside ASCII is shown in U-labels, and in A-labels where it is entered in a program',
  async t => {
    const { body } = personPage(small, 'jane@BÜCHER.example')
    t.match(body, '<title>Email settings for jane@bücher.example</title>')
    t.match(body, '<td role="cell"><code translate="no" dir="ltr">jane@xn--bcher-kva.example</code></td>')
    t.match(body, '/email.mobileconfig?email=jane%40xn--bcher-kva.example"')
  }
)

t.test('setup page: the pages of two mailboxes of a domain differ only in their addresses', async t => {
  const page = async (name: string) => {
    const { headers, body } = personPage(everything, `${name}@example.com`)
    return { headers, body: body.replaceAll(name, 'NAME').replace(/<path stroke[^>]*>/g, '') }
  }
  const { 'content-length': _, ...headers } = (await page('jane')).headers
  t.match((await page('nope')).headers, headers)
  t.equal((await page('nope')).body, (await page('jane')).body)
})

/** Any local part, including those that look like markup, slots, menus and placeholders. */
const localPart = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom("o'brien", '{slot}', "'onclick='x", '&lt;b&gt;', '$&', '%EMAILDOMAIN%', '&amp', '#{1}', 'a/b?c=d')
  )
  .filter(text => toAddress(`${text}@example.com`) !== undefined)

t.test('setup page: no address becomes markup, and each reads back as typed', async () => {
  await fc.assert(
    fc.asyncProperty(localPart, async local => {
      const typed = `${local}@example.com`
      const page = personPage(everything, typed)
      const [, title = ''] = /<title>Email settings for ([^<]*)<\/title>/.exec(page.body) ?? []
      const [, hidden = ''] = /name="email" value="([^"]*)"/.exec(page.body) ?? []
      const [, link = ''] = /href="\/email\.mobileconfig\?email=([^"]*)"/.exec(page.body) ?? []
      // Why without the local part: {slot} in an address is not a fault.
      const itself = escapeHtml(local)
      const body = page.body.replaceAll(`${itself}@`, 'LOCAL@').replaceAll(`>${itself}<`, '>LOCAL<')
      const faults = faultsOf({ ...page, body })
      return (
        [title, hidden].every(text => unescaped(text) === typed) &&
        decodeURIComponent(unescaped(link)) === typed &&
        faults.length === 0
      )
    }),
    { numRuns: 60 }
  )
})

t.test('provider page: words replace the address and the user name, and it may be cached and embedded', async t => {
  const page = providerPage(everything, en)
  const text = textOf(page)
  t.match(text, `${en.login.username} ${en.placeholder.localPart}`)
  t.match(text, `imap.‹${en.placeholder.domain}›`)
  t.match(text, en.setup.enterAddress)
  t.notMatch(page.body, 'mobileconfig')
  t.notMatch(page.body, '<figure')
  t.match(page.headers, {
    'accept-ch': 'sec-ch-ua-platform',
    'cache-control': 'private, max-age=300',
    'content-security-policy': /frame-ancestors \*$/,
    'cross-origin-resource-policy': 'cross-origin'
  })
  for (const [username, words] of [
    ['%EMAILADDRESS%', 'your email address'],
    ['%EMAILDOMAIN%/%EMAILLOCALPART%', '‹your domain›/‹the part before the @›']
  ] as const) {
    const settings = everything.replace('"%EMAILLOCALPART%"', `"${username}"`)
    t.match(textOf(providerPage(settings, en)), `${en.login.username} ${words}`)
  }
})

t.test('provider page: is rendered once for each language and device', async t => {
  const provider = providerOf(everything)
  const windows = { device: 'windows', isChosen: false } as const
  const page = pages.providerPage(provider, choices(en, windows))
  t.equal(pages.providerPage(provider, choices(en, { ...windows })), page)
  t.not(pages.providerPage(provider, choices(de, windows)), page)
  t.not(pages.providerPage(provider, choices(en, { ...windows, device: 'mac' })), page)
  t.not(pages.providerPage(provider, choices(en, { ...windows, isChosen: true })), page)
  t.not(pages.providerPage(providerOf(everything), choices(en, windows)), page)
  t.equal(
    pages.providerPage(provider, choices(en, windows, true)).body,
    page.body,
    'a chosen language changes headers only'
  )
})

t.test('provider page: shared caches may store it only if the URL names language and device', async t => {
  const provider = providerOf(everything)
  const headersOf = (isDeviceChosen: boolean, isLanguageChosen: boolean) => {
    const device = { device: 'mac', isChosen: isDeviceChosen } as const
    const { headers } = pages.providerPage(provider, choices(en, device, isLanguageChosen))
    return [headers['cache-control'], headers.vary]
  }
  const guessed = 'private, max-age=300'
  t.same(headersOf(true, true), ['public, max-age=300', undefined])
  t.same(headersOf(true, false), [guessed, 'accept-language'])
  t.same(headersOf(false, true), [guessed, 'sec-ch-ua-platform, user-agent'])
  t.same(headersOf(false, false), [guessed, 'accept-language, sec-ch-ua-platform, user-agent'])
})

t.test("pages: have the provider's colours and logo", async t => {
  const logo = 'data:image/png;base64,AAAA'
  const settings = parse(everything).providers[0]
  const provider = toProvider({ ...settings, brand: { ...settings.brand, logo: 'logo.png' } }, { logo })
  const { body } = read(pages.startPage({ messages: en, provider, site }))
  t.match(body, `<img src="${logo}" alt="&lt;Example&gt; &amp; &quot;Sons&quot;">`)
  t.match(body, '--accent:#7a1fa2')
  t.match(body, '%237a1fa2')
  t.match(
    read(pages.startPage({ messages: en, provider: undefined, site })).body,
    '<div class="brand"><bdi></bdi></div>'
  )
  t.match(personPage(everything).body, '<a class="link" href="mailto:help@example.com?subject=Help">')
})

t.test('start page: an error message belongs to its field', async t => {
  const page = pages.startPage({ messages: en, provider: undefined, site, typed: '"><b>x' })
  t.equal(page.status, 400)
  t.match(page.body, `<p class="error" id="error" role="alert">${en.start.notAnAddress}</p>`)
  t.match(
    page.body,
    /<input id="email"[^>]* aria-invalid="true"[^>]* aria-describedby="error hint" value="&quot;&gt;&lt;b&gt;x">/
  )
  const { status, body } = pages.startPage({ messages: en, provider: undefined, site })
  t.equal(status, 200)
  t.match(body, /<input id="email"[^>]* aria-describedby="hint" value="">/)
  t.notMatch(body, 'role="alert"')
})

t.test('foreign page: names domain and provider, and keeps the address in the form', async t => {
  const provider = providerOf(everything)
  const { status, body } = read(
    pages.foreignPage({ messages: en, provider, address: addressOf("o'b@xn--mller-kva.example") })
  )
  t.equal(status, 200)
  t.match(body, '<bdi>&lt;Example&gt; &amp; &quot;Sons&quot;</bdi>')
  t.match(body, '>müller.example</code>')
  t.match(body, ' value="o&#39;b@müller.example"')
  t.match(body, `href="/setup?email=o'b%40xn--mller-kva.example&amp;confirmed=1&amp;lang=en"`.replace("'", '&#39;'))
})

t.test('unknown page: names the domain in U-labels, and keeps the address in the form', async t => {
  const { status, body } = read(
    pages.unknownPage({ messages: en, address: addressOf("o'b@xn--mller-kva.example"), site })
  )
  t.equal(status, 404)
  t.match(body, '<code translate="no" dir="ltr">müller.example</code>')
  t.match(body, 'value="o&#39;b@müller.example"')
})

t.test('start page: names the service if the provider is unknown', async t => {
  const named = { messages: en, provider: undefined, site: 'Mail & more' }
  const brand = '<div class="brand"><bdi>Mail &amp; more</bdi></div>'
  t.match(read(pages.startPage(named)).body, brand)
  t.match(read(pages.unknownPage({ ...named, address: addressOf('jane@other.example') })).body, brand)
  t.match(read(pages.missingPage(named)).body, brand)
  t.notMatch(read(pages.startPage({ ...named, provider: providerOf(small) })).body, 'Mail &amp; more')
})

t.test('pages: links and forms keep a chosen device', async t => {
  const start = read(pages.startPage({ messages: en, provider: undefined, site, device: 'linux' })).body
  t.match(start, '<input type="hidden" name="device" value="linux">')
  t.match(start, 'href="/?device=linux&amp;lang=de"')
  const provider = providerOf(everything)
  const address = addressOf('jane@other.example')
  const foreign = read(pages.foreignPage({ messages: en, provider, address, device: 'linux' })).body
  t.match(foreign, '<input type="hidden" name="device" value="linux">')
  t.match(foreign, 'href="/setup?email=jane%40other.example&amp;confirmed=1&amp;device=linux&amp;lang=en"')
  t.match(foreign, 'href="/setup?email=jane%40other.example&amp;device=linux&amp;lang=de"')
  const unknown = read(pages.unknownPage({ messages: en, address, site, device: 'linux' })).body
  t.match(unknown, '<input type="hidden" name="device" value="linux">')
  t.match(unknown, 'href="/setup?email=jane%40other.example&amp;device=linux&amp;lang=de"')
  const missing = read(pages.missingPage({ messages: en, site, device: 'linux' })).body
  t.match(missing, '<input type="hidden" name="device" value="linux">')
  t.match(missing, 'href="/?device=linux&amp;lang=de"')
  const chosen = personPage(small, jane, { device: 'linux', isChosen: true }).body
  t.match(chosen, `<a class="link" href="/?device=linux&amp;lang=en">${en.setup.another}</a>`)
  t.match(personPage(small, jane, { device: 'linux' }).body, `<a class="link" href="/?lang=en">${en.setup.another}</a>`)
})
