import t from 'tap'
import {
  createNamesPerson,
  hostsOf,
  isProviderName,
  ownDomain,
  ownerOf,
  pathForEveryone
} from '../../src/importers/owner.ts'
import type { ServerSettings } from '../../src/settings/schema.ts'

const jane = ownerOf([undefined, 'jane', 'jane@a.example', 'other@b.example'])
const nobody = ownerOf([undefined, 'jane'])
const serversOf = (...values: readonly ServerSettings[]) =>
  values.map(value => ({ value, origin: { source: 'x' }, username: undefined }))
const servers = serversOf(
  { protocol: 'caldav', url: 'https://dav.hoster.example/' },
  { protocol: 'imap', host: 'Mail.hoster.example' },
  { protocol: 'jmap', url: 'https://[broken' }
)
const hosts = hostsOf(servers)

t.test('ownerOf: the first text that is an address', async t => {
  t.equal(jane.address?.text, 'jane@a.example')
  t.equal(nobody.address, undefined)
})

t.test('isProviderName: rejects persons, addresses and servers', async t => {
  for (const name of ['Example', 'Example Inc.', 'Booking.com', 'a.example', 'hoster.example', 'Jane @ Example']) {
    t.ok(isProviderName(name, jane, hosts), name)
  }
  for (const name of [
    'Jane@a.example',
    'Mail (jane@a.example)',
    'jane(at)a.example',
    'jane[AT]a.example',
    'jane%40a.example',
    '%EMAILADDRESS%',
    'Mail of %EMAILLOCALPART%',
    'Jane',
    'MAIL.hoster.example',
    'dav.hoster.example',
    'www.a.example'
  ]) {
    t.notOk(isProviderName(name, jane, hosts), name)
  }
  t.ok(isProviderName('Jane', nobody, hosts))
  t.ok(isProviderName('www.a.example', nobody, hosts))
  t.notOk(isProviderName('mail.hoster.example', nobody, hosts))
})

t.test('createNamesPerson: finds whole names, and all words of a name of several words in any order', async t => {
  const namesPerson = createNamesPerson(['Jane Doe', 'Example', 'Zoë Ĳssel', '—'])
  for (const name of ['Jane Doe', 'jane  doe', 'Doe, Jane', 'Mail of Jane Doe', 'Example', 'ZOË ĲSSEL', '—']) {
    t.ok(namesPerson(name), name)
  }
  for (const name of ['Jane', 'Example Mail', 'Doe & Sons', 'Janet Doe', '']) t.notOk(namesPerson(name), name)
  const many = createNamesPerson(Array.from({ length: 30 }, (_, index) => `Person ${index}`))
  t.ok(many('Person 29'), 'a whole name')
  t.ok(many('Mail of Person 19'))
  t.notOk(many('Mail of Person 20'), 'names beyond the limit count as a whole')
})

t.test('ownDomain: without an address, a guess from the first server with a host', async t => {
  t.same(ownDomain(jane, servers, 'profile'), { domain: 'a.example', domainGuess: undefined })
  for (const [host, domain] of [
    ['mail.hoster.example', 'hoster.example'],
    ['hoster.example', 'hoster.example'],
    ['mail.%EMAILDOMAIN%', '*'],
    ['%EMAILDOMAIN%', '*']
  ] as const) {
    t.match(ownDomain(nobody, serversOf({ protocol: 'imap', host }), 'profile'), {
      domain,
      domainGuess: /^The profile/
    })
  }
  t.equal(ownDomain(nobody, serversOf({ protocol: 'jmap', url: 'https://a.example/' }), 'x').domain, undefined)
})

t.test('pathForEveryone: segments that name the owner become placeholders', async t => {
  for (const [path, expected] of [
    ['/dav/jane@a.example/cal/', '/dav/%EMAILADDRESS%/cal/'],
    ['/dav/Jane%40a.example/', '/dav/%EMAILADDRESS%/'],
    ['/~/jane/', '/~/%EMAILLOCALPART%/'],
    ['/%zz/', '/%zz/'],
    ['/dav/', '/dav/'],
    ['/mary-jane/', undefined]
  ] as const) {
    t.equal(pathForEveryone(path, jane), expected)
  }
  t.equal(pathForEveryone('/mary-jane/', nobody), '/mary-jane/')
})
