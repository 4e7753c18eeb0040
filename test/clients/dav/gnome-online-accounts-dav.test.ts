import t from 'tap'
import { gnomeOnlineAccountsDav } from '../../../src/clients/dav/gnome-online-accounts-dav.ts'
import { davRecords, discoverDav, options, redirect } from '../../support/clients/dav-answers.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  discoverDav(gnomeOnlineAccountsDav, answers, dns)
const root = 'OPTIONS https://example.com/'
const wellKnown = 'OPTIONS https://example.com/.well-known/caldav'

t.test('gnome-online-accounts-dav: looks up records of both kinds, then sends OPTIONS to the domain', async t => {
  const { caldav, carddav, asked } = await discover({ [root]: { status: 404 } })
  t.same([caldav, carddav], [undefined, undefined])
  t.same(asked, [
    ...['caldavs', 'caldav', 'carddavs', 'carddav'].map(service => `SRV _${service}._tcp.example.com`),
    ...['caldav', 'carddav'].flatMap(service => [root, `OPTIONS https://example.com/.well-known/${service}`])
  ])
})

t.test('gnome-online-accounts-dav: looks up the base domain if the domain has no record', async t => {
  const { trace } = await gnomeOnlineAccountsDav.discover('jane@mail.example.com', fakeWorld({}))
  t.same(
    trace.slice(0, 2).map(({ asked }) => asked),
    ['SRV _caldavs._tcp.mail.example.com', 'SRV _caldavs._tcp.example.com']
  )
  const suffix = await gnomeOnlineAccountsDav.discover('jane@co.uk', fakeWorld({}))
  t.equal(suffix.trace[1]?.asked, 'SRV _caldav._tcp.co.uk', 'a public suffix has no base domain')
})

t.test('gnome-online-accounts-dav: requests the well-known URL only after 404, 405, 500 and 501', async t => {
  const found = async (status: number) => (await discover({ [root]: { status }, [wellKnown]: options })).caldav
  for (const status of [404, 405, 500, 501]) t.equal(await found(status), 'https://example.com/.well-known/caldav')
  for (const status of [200, 204, 401, 503]) t.equal(await found(status), undefined, String(status))
  t.equal((await discover({ [wellKnown]: options })).caldav, undefined, 'no answer')
  const both = { [root]: { status: 404 }, [wellKnown]: { status: 404 } }
  t.equal((await discover(both)).caldav, undefined)
})

t.test(
  'gnome-online-accounts-dav: a response without a DAV header ends the search, one without the service does not',
  async t => {
    const answers = { [root]: { headers: { dav: '1, addressbook' } }, [wellKnown]: options }
    const found = await discover(answers)
    t.equal(found.caldav, 'https://example.com/.well-known/caldav')
    t.equal(found.carddav, 'https://example.com/')
    const page = await discover({ [root]: { headers: {} }, [wellKnown]: options })
    t.equal(page.caldav, undefined)
    t.ok(page.results.includes('200, refused: no caldav in its DAV header'))
  }
)

t.test('gnome-online-accounts-dav: a DAV header also counts in a response without a body', async t => {
  const { headers = {} } = options
  const found = async (status: number) => (await discover({ [root]: { status, headers } })).caldav
  for (const status of [200, 203, 204, 207]) t.equal(await found(status), 'https://example.com/', String(status))
  for (const status of [202, 206]) t.equal(await found(status), undefined, String(status))
})

t.test('gnome-online-accounts-dav: follows redirects of OPTIONS to other hosts', async t => {
  const { caldav } = await discover({
    [root]: { status: 404 },
    [wellKnown]: redirect('https://dav.example.net/'),
    'OPTIONS https://dav.example.net/': options
  })
  t.equal(caldav, 'https://dav.example.net/')
})

t.test('gnome-online-accounts-dav: uses the host of an SRV record, and ignores the TXT record', async t => {
  const dns = davRecords('caldavs', { port: 8443 }, ['path=/dav/'])
  const url = 'https://dav.example.net:8443/.well-known/caldav'
  const { caldav, carddav, asked } = await discover({ [`OPTIONS ${url}`]: options, [root]: options }, dns)
  t.equal(caldav, url)
  t.equal(carddav, undefined, 'the domain itself is not contacted if one service was found')
  t.notOk(asked.includes('OPTIONS https://dav.example.net:8443/dav/'))
  const plain = await discover(
    { 'OPTIONS http://dav.example.net:443/.well-known/caldav': options },
    davRecords('caldav', {})
  )
  t.equal(plain.caldav, 'http://dav.example.net:443/.well-known/caldav')
})

t.test('gnome-online-accounts-dav: continues if the host of an SRV record has no server', async t => {
  const target = 'OPTIONS https://dav.example.net:443/.well-known/caldav'
  for (const answer of [{ status: 404 }, { status: 200 }]) {
    const { caldav } = await discover({ [target]: answer, [root]: options }, davRecords('caldavs', {}))
    t.equal(caldav, 'https://example.com/')
  }
  const { caldav } = await discover({ [root]: options }, davRecords('caldavs', { target: 'a b' }))
  t.equal(caldav, 'https://example.com/')
})
