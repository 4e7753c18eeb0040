import t from 'tap'
import { evolutionDav } from '../../../src/clients/dav/evolution-dav.ts'
import { davRecords, discoverDav, multistatus, redirect } from '../../support/clients/dav-answers.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'

const dav = 'https://dav.example.net'

t.test('evolution-dav: without records, it requests the root of the domain and the well-known URL', async t => {
  const { caldav, carddav, asked } = await discoverDav(evolutionDav, {})
  t.same([caldav, carddav], [undefined, undefined])
  t.same(
    asked,
    ['caldav', 'carddav'].flatMap(service => [
      `SRV _${service}s._tcp.example.com`,
      `SRV _${service}._tcp.example.com`,
      'PROPFIND https://example.com/',
      `PROPFIND https://example.com/.well-known/${service}`
    ])
  )
})

t.test('evolution-dav: uses a server at the root, and sends no further requests', async t => {
  const { caldav, results } = await discoverDav(evolutionDav, { 'PROPFIND https://example.com/': multistatus() })
  t.equal(caldav, 'https://example.com/')
  t.equal(results[2], '207, used')
})

t.test('evolution-dav: follows redirects to other hosts', async t => {
  const { caldav, carddav } = await discoverDav(evolutionDav, {
    'PROPFIND https://example.com/.well-known/caldav': redirect(`${dav}/calendars/`),
    [`PROPFIND ${dav}/calendars/`]: multistatus()
  })
  t.same([caldav, carddav], [`${dav}/calendars/`, undefined])
})

t.test('evolution-dav: requests the path in a TXT record, then the well-known URL of the same host', async t => {
  const dns = davRecords('caldavs', { port: 8443 }, ['other', 'Path=/a/', 'path=/b/'])
  const { asked } = await discoverDav(evolutionDav, {}, dns)
  t.same(asked.slice(0, 4), [
    'SRV _caldavs._tcp.example.com',
    'TXT _caldavs._tcp.example.com',
    `PROPFIND ${dav}:8443/a/`,
    `PROPFIND ${dav}:8443/.well-known/caldav`
  ])
})

t.test('evolution-dav: with an SRV record, it sends no request to the domain', async t => {
  const answers = { 'PROPFIND https://example.com/': multistatus() }
  const { caldav, carddav, asked } = await discoverDav(evolutionDav, answers, davRecords('caldavs', {}))
  t.same([caldav, carddav], [undefined, 'https://example.com/'])
  t.equal(asked[2], `PROPFIND ${dav}/.well-known/caldav`)
})

t.test('evolution-dav: a record without TLS leads to http', async t => {
  const { asked } = await discoverDav(evolutionDav, {}, davRecords('carddav', { port: 80 }))
  t.equal(asked.at(-1), 'PROPFIND http://dav.example.net/.well-known/carddav')
})

t.test('evolution-dav: ignores a record without a host, and ends the search if a host is invalid in a URL', async t => {
  const ignored = await discoverDav(evolutionDav, {}, davRecords('caldavs', { target: '.' }))
  t.equal(ignored.asked[2], 'PROPFIND https://example.com/')
  const invalid = await discoverDav(evolutionDav, {}, davRecords('caldavs', { target: 'a b' }))
  t.equal(invalid.asked[2], 'SRV _carddavs._tcp.example.com')
})

t.test('evolution-dav: finds no path for a domain with U-labels', async t => {
  const name = '_caldavs._tcp.xn--bcher-kva.example'
  const record = { priority: 0, weight: 1, port: 443, target: 'dav.example.net' }
  const world = fakeWorld({}, { srv: { [name]: [record] }, txt: { [name]: ['path=/a/'] } })
  const firstRequest = async (typed: string) =>
    (await evolutionDav.discover(typed, world)).trace.find(({ asked }) => asked.startsWith('PROPFIND'))?.asked
  t.equal(await firstRequest('jane@xn--bcher-kva.example'), `PROPFIND ${dav}/a/`)
  t.equal(await firstRequest('jane@bücher.example'), `PROPFIND ${dav}/.well-known/caldav`)
})
