import t from 'tap'
import { thunderbirdDav } from '../../../src/clients/dav/thunderbird-dav.ts'
import { davRecords, discoverDav, multistatus, redirect } from '../../support/clients/dav-answers.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'

const nothing = { status: 404 }
const wellKnown = (service: string, host = 'example.com') => `PROPFIND https://${host}/.well-known/${service}`
const dav = 'dav.example.net:443'

t.test('thunderbird-dav: without records, it requests the well-known URL and the root of the domain', async t => {
  const answers = { [wellKnown('caldav')]: nothing, [wellKnown('carddav')]: nothing }
  const { caldav, carddav, asked } = await discoverDav(thunderbirdDav, answers)
  t.same([caldav, carddav], [undefined, undefined])
  t.same(
    asked,
    ['caldav', 'carddav'].flatMap(service => [
      `SRV _${service}s._tcp.example.com`,
      wellKnown(service),
      'PROPFIND https://example.com/'
    ])
  )
})

t.test('thunderbird-dav: finds nothing if no URL responds like a DAV server', async t => {
  const root = { 'PROPFIND https://example.com/': nothing }
  const answers = { [wellKnown('caldav')]: nothing, [wellKnown('carddav')]: nothing, ...root }
  const { caldav, carddav, results } = await discoverDav(thunderbirdDav, answers)
  t.same([caldav, carddav], [undefined, undefined])
  t.equal(results.at(-1), '404')
})

t.test('thunderbird-dav: sends PROPFIND with depth 0', async t => {
  const world = fakeWorld({})
  await thunderbirdDav.discover('jane@example.com', world)
  t.match(world.requests[0], { headers: { depth: '0' }, body: /current-user-principal/ })
})

t.test(
  'thunderbird-dav: follows a redirect within the origin, and discards the response after one to another',
  async t => {
    const url = 'PROPFIND https://example.com/.well-known/caldav'
    const same = await discoverDav(thunderbirdDav, {
      [url]: redirect('/dav/'),
      'PROPFIND https://example.com/dav/': multistatus()
    })
    t.equal(same.caldav, 'https://example.com/dav/')
    t.equal(same.carddav, undefined)
    const other = await discoverDav(thunderbirdDav, {
      [url]: redirect('https://dav.example.net/'),
      'PROPFIND https://dav.example.net/': multistatus()
    })
    t.equal(other.caldav, undefined)
    t.equal(other.results[2], '207, refused: a redirect to another origin')
  }
)

t.test('thunderbird-dav: uses the host of an SRV record with the path of the TXT record', async t => {
  const dns = davRecords('caldavs', { port: 8443 }, ['other', 'path=/dav/', 'path=/late/'])
  const path = 'PROPFIND https://dav.example.net:8443/dav/'
  const found = await discoverDav(thunderbirdDav, { [path]: multistatus() }, dns)
  t.equal(found.caldav, 'https://dav.example.net:8443/dav/')
  const { asked } = await discoverDav(thunderbirdDav, { [path]: nothing }, dns)
  t.same(asked.slice(2, 6), [
    path,
    wellKnown('caldav', 'dav.example.net:8443'),
    wellKnown('caldav'),
    'PROPFIND https://example.com/'
  ])
})

t.test(
  'thunderbird-dav: for calendars, a failed request skips the well-known URL at the host of the SRV record',
  async t => {
    const dns = davRecords('caldavs', {}, ['path=/dav/'])
    for (const answers of [{}, { [`PROPFIND https://${dav}/dav/`]: redirect('https://other.example.net/') }]) {
      const { asked } = await discoverDav(thunderbirdDav, answers, dns)
      t.same(
        asked.filter(each => each.includes('.well-known/caldav')),
        [wellKnown('caldav')]
      )
      t.ok(asked.includes('PROPFIND https://example.com/'))
    }
  }
)

t.test('thunderbird-dav: requests the path / only for calendars', async t => {
  const calendars = await discoverDav(thunderbirdDav, {}, davRecords('caldavs', {}, ['path=/']))
  t.equal(calendars.asked[2], `PROPFIND https://${dav}/`)
  const contacts = await discoverDav(thunderbirdDav, {}, davRecords('carddavs', {}, ['path=/']))
  t.equal(contacts.asked.at(-1), wellKnown('carddav', dav))
})

t.test('thunderbird-dav: for contacts, an SRV record limits the search to its host', async t => {
  const answers = { [`PROPFIND https://${dav}/dav/`]: nothing, [wellKnown('carddav', dav)]: nothing }
  const { asked } = await discoverDav(thunderbirdDav, answers, davRecords('carddavs', {}, ['path=/dav/']))
  t.same(asked.slice(-3), [`PROPFIND https://${dav}/dav/`, wellKnown('carddav', dav), `PROPFIND https://${dav}/`])
})

t.test(
  'thunderbird-dav: for contacts, a failed request, a redirect to another origin and 401 end the search',
  async t => {
    const url = wellKnown('carddav')
    for (const answers of [{}, { [url]: redirect('https://dav.example.net/') }, { [url]: { status: 401 } }]) {
      const root = { 'PROPFIND https://example.com/': multistatus() }
      const { carddav, caldav, asked } = await discoverDav(thunderbirdDav, { ...root, ...answers })
      t.equal(carddav, undefined)
      t.equal(asked.filter(each => each === 'PROPFIND https://example.com/').length, 1)
      t.equal(caldav, 'https://example.com/')
    }
  }
)

t.test('thunderbird-dav: for calendars, 401 and 403 end the search', async t => {
  for (const service of ['caldav', 'carddav'] as const) {
    const { caldav, carddav } = await discoverDav(thunderbirdDav, {
      [wellKnown(service)]: { status: 403 },
      'PROPFIND https://example.com/': multistatus()
    })
    t.equal(service === 'caldav' ? caldav : carddav, service === 'caldav' ? undefined : 'https://example.com/')
  }
  const { caldav } = await discoverDav(thunderbirdDav, {
    [wellKnown('caldav')]: { status: 401 },
    'PROPFIND https://example.com/': multistatus()
  })
  t.equal(caldav, undefined)
})

t.test('thunderbird-dav: uses the record with the lowest priority, then the one with the highest weight', async t => {
  const record = { port: 443, priority: 1, weight: 1 }
  const srv = [
    { ...record, target: 'late.example.net.', priority: 2, weight: 9 },
    { ...record, target: 'light.example.net.' },
    { ...record, target: 'heavy.example.net.', weight: 2 }
  ]
  const { asked } = await discoverDav(thunderbirdDav, {}, { srv: { '_caldavs._tcp.example.com': srv } })
  t.equal(asked[2], wellKnown('caldav', 'heavy.example.net:443'))
})

t.test('thunderbird-dav: without a host in the SRV record, calendars are searched at the domain', async t => {
  const none = { target: '.', port: 0 }
  const calendars = await discoverDav(thunderbirdDav, {}, davRecords('caldavs', none))
  t.equal(calendars.asked[2], wellKnown('caldav'))
  const contacts = await discoverDav(thunderbirdDav, {}, davRecords('carddavs', none))
  t.equal(contacts.asked.at(-1), 'TXT _carddavs._tcp.example.com')
})

t.test(
  'thunderbird-dav: continues after a response without a principal, and after a host that is invalid in a URL',
  async t => {
    const url = 'PROPFIND https://example.com/.well-known/caldav'
    const bodies = ['', '<multistatus/>', '<a><current-user-principal/></a>']
    for (const answer of [nothing, ...bodies.map(body => ({ status: 207, body })), { ...multistatus(), status: 200 }]) {
      const { caldav } = await discoverDav(thunderbirdDav, {
        [url]: answer,
        'PROPFIND https://example.com/': multistatus()
      })
      t.equal(caldav, 'https://example.com/')
    }
    const { asked } = await discoverDav(thunderbirdDav, {}, davRecords('caldavs', { target: 'a b' }))
    t.equal(asked[2], 'PROPFIND https://example.com/.well-known/caldav')
  }
)

t.test('thunderbird-dav: sends no request for an invalid address', async t => {
  t.same(await thunderbirdDav.discover('jane', fakeWorld({})), { caldav: undefined, carddav: undefined, trace: [] })
})
