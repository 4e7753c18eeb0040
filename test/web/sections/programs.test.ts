import t from 'tap'
import { toProvider } from '../../../src/settings/provider.ts'
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'
import { devices } from '../../../src/web/devices/choose-device.ts'
import { programsOf } from '../../../src/web/devices/programs-of-device.ts'
import { programs } from '../../../src/web/sections/programs.ts'
import { fallback, languages } from '../../../src/web/words/languages/index.ts'
import { documentedIds, programIds } from '../../../src/web/words/messages.ts'
import { exampleProvider, imap, pop3, smtp } from '../../support/settings/example.ts'

const shownFor = (...servers: ServerSettings[]) => {
  const provider = toProvider(exampleProvider({ servers }))
  return programs.filter(({ isFor }) => isFor(provider)).map(({ id }) => id)
}
const caldav: ServerSettings = { protocol: 'caldav', url: 'https://dav.example.com/' }
const carddav: ServerSettings = { protocol: 'carddav', url: 'https://dav.example.com/' }
const mailPrograms = programIds.filter(id => id !== 'davx5')

t.test('program: each is listed once, and has a guide', async t => {
  t.same(
    programs.map(({ id }) => id),
    programIds
  )
  t.equal(new Set(programs.map(({ name }) => name)).size, programs.length)
  t.same(Object.keys(fallback.programs.steps).sort(), [...documentedIds].sort())
  t.same(new Set(devices.flatMap(device => programsOf[device])), new Set(programIds), 'each is for a device')
})

t.test('program: mail programs are shown only with an incoming and an outgoing server', async t => {
  t.same(shownFor(imap, smtp), mailPrograms)
  t.same(shownFor(imap), [])
  t.same(shownFor(smtp), [])
  t.same(shownFor({ protocol: 'jmap', url: 'https://jmap.example.com/' }), [])
})

t.test('program: some need IMAP', async t => {
  t.same(
    shownFor(pop3, smtp),
    mailPrograms.filter(id => !['deltaChat', 'spark', 'geary', 'thunderbirdAndroid', 'k9', 'fairemail'].includes(id))
  )
})

t.test('program: DAVx⁵ is for calendars or address books', async t => {
  t.same(shownFor(caldav), ['davx5'])
  t.same(shownFor(carddav), ['davx5'])
  t.same(shownFor(imap, smtp, carddav), programIds)
})

t.test('program: without a password, none is shown except Thunderbird for the servers that it knows', async t => {
  const modern = (server: ServerSettings): ServerSettings => ({ ...server, authentication: ['oauth2'] })
  t.same(shownFor(modern(imap), modern(smtp)), [])
  t.same(shownFor(imap, modern(smtp)), [])
  const known = [
    { ...modern(imap), host: 'imap.gmail.com' },
    { ...modern(smtp), host: 'smtp.gmail.com' }
  ] as const
  t.same(shownFor(...known), ['thunderbird', 'thunderbirdAndroid', 'k9'])
  t.same(shownFor(...known.map(server => ({ ...server, host: 'imap.mail.ru' }))), ['thunderbird'], 'not on Android')
  t.same(
    shownFor({ ...imap, authentication: ['oauth2', 'password'] }, smtp),
    mailPrograms,
    'one of several methods is enough'
  )
})

t.test('program: some need a password for both servers, and others also support encrypted passwords', async t => {
  const automatic = ['iphone', 'mac', 'thunderbird', 'evolution', 'kmail', 'fairemail']
  const shownWith = (authentication: NonNullable<ServerSettings['authentication']>) =>
    new Set<string>(shownFor(imap, { ...smtp, authentication }))
  t.same(shownWith(['none']), new Set(automatic))
  t.same(shownWith(['encrypted-password']), new Set([...automatic, 'thunderbirdAndroid', 'k9']))
})

t.test('program: FairEmail needs one user name for all servers', async t => {
  const changed = { ...smtp, username: '%EMAILLOCALPART%' }
  const others = mailPrograms.filter(id => id !== 'fairemail')
  t.same(shownFor(imap, changed), others)
  t.same(shownFor(imap, smtp, { ...pop3, username: '%EMAILLOCALPART%' }), others)
  t.same(shownFor({ ...imap, username: '%EMAILLOCALPART%' }, changed), mailPrograms)
})

t.test('guide: steps that name the servers also name the user name, in every language', async t => {
  for (const { code, programs } of languages) {
    const guides = [programs.generic, ...documentedIds.map(id => programs.steps[id].steps)]
    const isNamed = guides.map(steps => steps.join()).filter(text => text.includes('{incoming}'))
    t.ok(isNamed.length >= 6, code)
    t.same(
      isNamed.filter(text => !text.includes('{login}')),
      [],
      code
    )
  }
})

t.test(
  'program: Outlook is shown for providers that redirect it to Exchange, with any methods of their servers',
  async t => {
    const shown = (changes: Partial<ProviderSettings>) => {
      const provider = toProvider(exampleProvider({ autodiscover: { redirect: 'https://ex.example.net' }, ...changes }))
      return programs.filter(({ isFor }) => isFor(provider)).map(({ id }) => id)
    }
    const servers: ServerSettings[] = [{ protocol: 'ews', url: 'https://ex.example.net/EWS/Exchange.asmx' }]
    t.same(shown({ servers }), ['outlookClassic', 'outlookNew', 'outlook'])
    t.same(shown({ servers, dialects: { outlook: false } }), ['outlookClassic', 'outlookNew', 'outlook'])
    t.same(shown({ servers, dialects: { 'outlook-json': false } }), ['outlookClassic', 'outlookNew', 'outlook'])
    t.same(shown({ servers, dialects: { outlook: false, 'outlook-json': false } }), [])
  }
)
