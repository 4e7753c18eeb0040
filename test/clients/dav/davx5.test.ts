import t from 'tap'
import { davx5 } from '../../../src/clients/dav/davx5.ts'
import { davRecords, discoverDav, multistatus, options, redirect } from '../../support/clients/dav-answers.ts'

const wellKnown = 'PROPFIND https://example.com/.well-known/caldav'
const principal = { 'OPTIONS https://dav.example.net/principals/jane/': options }

t.test('davx5: searches contacts and then calendars, at the well-known URL and the root', async t => {
  const { caldav, carddav, asked } = await discoverDav(davx5, {})
  t.same([caldav, carddav], [undefined, undefined])
  t.same(
    asked,
    ['carddav', 'caldav'].flatMap(service => [
      `SRV _${service}s._tcp.example.com`,
      `TXT _${service}s._tcp.example.com`,
      `PROPFIND https://example.com/.well-known/${service}`,
      'PROPFIND https://example.com/'
    ])
  )
})

t.test('davx5: follows redirects to other hosts, but not to http', async t => {
  const server = { 'PROPFIND https://dav.example.net/': multistatus(), ...principal }
  const found = await discoverDav(davx5, { [wellKnown]: redirect('https://dav.example.net/'), ...server })
  t.equal(found.caldav, 'https://dav.example.net/')
  t.equal(found.carddav, undefined)
  const plain = await discoverDav(davx5, {
    [wellKnown]: redirect('http://dav.example.net/'),
    'PROPFIND http://dav.example.net/': multistatus(),
    ...principal
  })
  t.equal(plain.caldav, undefined)
})

t.test('davx5: the principal must offer the service', async t => {
  const answersOf = (dav: string) => ({
    [wellKnown]: multistatus('https://dav.example.net/principals/jane/'),
    'OPTIONS https://dav.example.net/principals/jane/': { headers: { dav } }
  })
  t.equal((await discoverDav(davx5, answersOf('1, calendar-access'))).caldav, 'https://example.com/.well-known/caldav')
  const other = await discoverDav(davx5, answersOf('1, addressbook'))
  t.equal(other.caldav, undefined)
  t.ok(other.results.includes('200, refused: no caldav in its DAV header'))
  const missing = { [wellKnown]: multistatus('/p/'), 'OPTIONS https://example.com/p/': {} }
  t.equal((await discoverDav(davx5, missing)).caldav, undefined)
  t.equal((await discoverDav(davx5, { [wellKnown]: multistatus('/p/') })).caldav, undefined)
  t.equal((await discoverDav(davx5, { [wellKnown]: multistatus('https://') })).caldav, undefined)
})

t.test('davx5: tries every path of TXT records at the host of the SRV record', async t => {
  const dns = davRecords('caldavs', { port: 8443 }, ['path=/a/', 'path=x', 'other', 'path=/b/'])
  const { asked } = await discoverDav(davx5, {}, dns)
  t.same(
    asked.slice(-4),
    ['/a/', '/b/', '/.well-known/caldav', '/'].map(path => `PROPFIND https://dav.example.net:8443${path}`)
  )
  const { caldav } = await discoverDav(
    davx5,
    {
      'PROPFIND https://dav.example.net:8443/b/': multistatus(),
      'OPTIONS https://dav.example.net:8443/principals/jane/': options
    },
    dns
  )
  t.equal(caldav, 'https://dav.example.net:8443/b/')
  const nowhere = await discoverDav(davx5, {}, davRecords('caldavs', { target: 'a b' }))
  t.equal(nowhere.asked.at(-1), 'TXT _caldavs._tcp.example.com')
})
