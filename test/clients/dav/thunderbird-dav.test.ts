import t from 'tap'
import { thunderbirdDav } from '../../../src/clients/dav/thunderbird-dav.ts'
import { davRecords, discoverDav, multistatus, redirect } from '../../support/clients/dav-answers.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'

const nothing = { status: 404 }

t.test('thunderbird-dav: without records it asks the well-known URL and the root of the domain', async t => {
  const { caldav, carddav, asked } = await discoverDav(thunderbirdDav, {})
  t.same([caldav, carddav], [undefined, undefined])
  t.same(
    asked,
    ['caldav', 'carddav'].flatMap(service => [
      `SRV _${service}s._tcp.example.com`,
      `PROPFIND https://example.com/.well-known/${service}`,
      'PROPFIND https://example.com/'
    ])
  )
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

t.test('thunderbird-dav: takes the host of an SRV record with the path of the TXT record', async t => {
  const dns = davRecords('caldavs', { port: 8443 }, ['other', 'path=/dav/', 'path=/late/'])
  const found = await discoverDav(thunderbirdDav, { 'PROPFIND https://dav.example.net:8443/dav/': multistatus() }, dns)
  t.equal(found.caldav, 'https://dav.example.net:8443/dav/')
  const { asked } = await discoverDav(thunderbirdDav, {}, dns)
  t.same(asked.slice(2, 6), [
    'PROPFIND https://dav.example.net:8443/dav/',
    'PROPFIND https://dav.example.net:8443/.well-known/caldav',
    'PROPFIND https://example.com/.well-known/caldav',
    'PROPFIND https://example.com/'
  ])
})

t.test('thunderbird-dav: for contacts, an SRV record leaves only its host', async t => {
  const { asked } = await discoverDav(thunderbirdDav, {}, davRecords('carddavs', {}))
  t.same(asked.slice(-2), [
    'PROPFIND https://dav.example.net:443/.well-known/carddav',
    'PROPFIND https://dav.example.net:443/'
  ])
})

t.test(
  'thunderbird-dav: goes on after a response without a principal, and after a host that no URL can have',
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

t.test('thunderbird-dav: asks nothing for what is no address', async t => {
  t.same(await thunderbirdDav.discover('jane', fakeWorld({})), { caldav: undefined, carddav: undefined, trace: [] })
})
