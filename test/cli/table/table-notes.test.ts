import t from 'tap'
import { calendarsNeedingRecords, domainsWithoutTypingErrors } from '../../../src/cli/table/table-notes.ts'
import { tableOf } from '../../support/table-of.ts'

const caldav = (url: string) => `{ protocol: caldav, url: "${url}" }`
const carddav = (url: string) => `{ protocol: carddav, url: "${url}" }`

const notesOf = (services: string[], { domains = 'example.com', more = '' } = {}) => {
  const mail = ['imap', 'smtp'].map(protocol => `{ protocol: ${protocol}, host: mail.example.com }`)
  const provider = `{ id: a, name: A, domains: [${domains}], ${more} servers: [${[...mail, ...services].join(', ')}] }`
  return calendarsNeedingRecords(tableOf(`providers: [${provider}]`))
}

const messageOf = (...parameters: Parameters<typeof notesOf>) => notesOf(...parameters)[0]?.message

t.test('calendar notes: Thunderbird needs SRV records for servers at another host than the domain', async t => {
  const elsewhere = 'https://dav.example.com/dav/'
  t.same(notesOf([caldav(elsewhere), carddav(elsewhere)]), [
    {
      severity: 'note',
      path: ['providers', 0],
      message:
        'a: Thunderbird (140 to 153) finds calendars and contacts only with the SRV records _caldavs._tcp.example.com and _carddavs._tcp.example.com, because it discards responses after a redirect to another host: signpost dns example.com prints them'
    }
  ])
  t.match(
    messageOf([carddav(elsewhere)]),
    'finds contacts only with the SRV records _carddavs._tcp.example.com, because'
  )
})

t.test('calendar notes: another port is another origin, and so is a host below the domain', async t => {
  for (const url of ['https://example.com:8443/dav/', 'https://dav.%EMAILDOMAIN%/%EMAILADDRESS%/']) {
    t.match(messageOf([caldav(url)]), '_caldavs._tcp.example.com', url)
  }
})

t.test('calendar notes: the first domain that needs the records is named', async t => {
  const domains = 'example.com, example.net, example.org'
  const message = messageOf([caldav('https://example.com/dav/')], { domains })
  t.match(message, '_caldavs._tcp.example.net,')
  t.match(message, /: signpost dns example\.net prints them, and signpost dns --all those of every domain$/)
  t.match(messageOf([caldav('https://dav.example.org/')], { domains: '"*.example.com"' }), '_tcp.example.example.com,')
})

t.test('calendar notes: none for a server at the domain itself or at an IP address', async t => {
  for (const url of ['https://example.com/dav/', 'https://%EMAILDOMAIN%/dav/', 'https://192.0.2.1/dav/']) {
    t.same(notesOf([caldav(url)]), [], url)
  }
})

t.test('calendar notes: none for providers without calendars or redirects', async t => {
  t.same(notesOf([]), [])
  t.same(notesOf(['{ protocol: jmap, url: "https://jmap.example.org/" }']), [])
  t.same(notesOf([caldav('https://dav.example.org/')], { more: 'dialects: { well-known: false },' }), [])
})

t.test('typing errors: a default provider hides them, which is noted if its page or profiles are served', async t => {
  const notesOf = (domains: string, dialects = '') =>
    domainsWithoutTypingErrors(
      tableOf(
        `providers: [{ id: a, name: A, domains: [${domains}], ${dialects} servers: [{ protocol: imap, host: i.example }] }]`
      )
    )
  t.same(notesOf('example.com, "*"'), [
    {
      severity: 'note',
      path: ['providers', 0, 'domains', 1],
      message:
        'found "*", so every domain counts as one of a: the setup page does not ask about typing errors, and Apple profiles are made for any address. A directory or mx can name the domains'
    }
  ])
  t.equal(notesOf('"*"', 'dialects: { web: false },').length, 1)
  t.equal(notesOf('"*"', 'dialects: { apple: false },').length, 1)
  t.same(notesOf('"*"', 'dialects: { web: false, apple: false },'), [])
  t.same(notesOf('example.com, "*.example.com"'), [])
})
