import t from 'tap'
import { toProvider } from '../../../src/settings/provider.ts'
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'
import { devices } from '../../../src/web/devices/choose-device.ts'
import { programsOf } from '../../../src/web/devices/programs-of-device.ts'
import { programs } from '../../../src/web/sections/programs.ts'
import { fallback } from '../../../src/web/words/languages/index.ts'
import { documentedIds, programIds } from '../../../src/web/words/messages.ts'
import { exampleProvider, imap, pop3, smtp } from '../../support/settings/example.ts'

const shownFor = (...servers: ServerSettings[]) => {
  const provider = toProvider(exampleProvider({ servers }))
  return programs.filter(({ isFor }) => isFor(provider)).map(({ id }) => id)
}
const caldav: ServerSettings = { protocol: 'caldav', url: 'https://dav.example.com/' }
const carddav: ServerSettings = { protocol: 'carddav', url: 'https://dav.example.com/' }
const mailPrograms = programIds.filter(id => id !== 'davx5')

t.test('program: each is listed once, and explained', async t => {
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

t.test('program: several need IMAP', async t => {
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

t.test('program: programs without OAuth 2.0 are only shown to people who log in with a password', async t => {
  const modern = (server: ServerSettings): ServerSettings => ({ ...server, authentication: ['oauth2'] })
  const withoutOauth = ['outlookClassic', 'outlookNew', 'deltaChat', 'gmail', ...programIds.slice(documentedIds.length)]
  t.same(
    shownFor(modern(imap), modern(smtp)),
    mailPrograms.filter(id => !withoutOauth.includes(id))
  )
  t.same(shownFor({ ...imap, authentication: ['oauth2', 'password'] }, smtp), mailPrograms, 'a choice is enough')
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
