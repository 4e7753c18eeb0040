import t from 'tap'
import { groupOf, keptGroup, listedGroups, ownNames, wantedGroup } from '../../src/certificates/names.ts'
import { tableOf } from '../support/table-of.ts'

const table = (http: string, domains: string) =>
  tableOf(`
http: ${http}
providers:
  - { id: p, name: P, domains: ${domains}, servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }] }
`)

t.test('names: those of a domain share a certificate, and other names have their own', async t => {
  t.equal(groupOf('autoconfig.a.example'), 'a.example')
  t.equal(groupOf('ua-auto-config.a.example'), 'a.example')
  t.equal(groupOf('mail.a.example'), 'mail.a.example')
})

t.test('names: a requested name is optional, unless the settings list it', async t => {
  const own = table(
    '{ tls: { acme: { storage: s, termsAgreed: true, names: [mail.own.example] } } }',
    '[a.example, "*.b.example"]'
  )
  const listed = ['autoconfig.a.example', 'autodiscover.a.example']
  const [first = '', second = ''] = listed
  t.same(wantedGroup(second, own), { key: 'a.example', names: listed, optional: [], asked: second })
  const rare = 'ua-auto-config.a.example'
  t.same(wantedGroup(rare, own), { key: 'a.example', names: listed, optional: [rare], asked: rare })
  t.same(wantedGroup('autodiscover.x.b.example', own), {
    key: 'x.b.example',
    names: [],
    optional: ['autodiscover.x.b.example', 'autoconfig.x.b.example'],
    asked: 'autodiscover.x.b.example'
  })
  const mail = 'mail.own.example'
  t.same(wantedGroup(mail, own), { key: mail, names: [mail], optional: [], asked: mail })
  t.same(keptGroup('x.b.example', own), { key: 'x.b.example', names: [] })
  t.same(keptGroup('a.example', own).names, [first, second])
})

t.test('names: the own ones come first, then the domains of the table without patterns', async t => {
  const acme =
    '{ certificates: [{ certificate: a, key: b }], acme: { storage: s, termsAgreed: true, names: [Mail.own.example, x.own.example] } }'
  const own = table(
    `{ publicUrl: "https://mail.own.example:8443", tls: ${acme} }`,
    '[a.example, "*.b.example", "*", bücher.example]'
  )
  t.same(ownNames(own.settings), ['mail.own.example', 'x.own.example'])
  t.same(
    [...listedGroups(own)],
    [
      { key: 'mail.own.example', names: ['mail.own.example'] },
      { key: 'x.own.example', names: ['x.own.example'] },
      { key: 'a.example', names: ['autoconfig.a.example', 'autodiscover.a.example'] },
      {
        key: 'xn--bcher-kva.example',
        names: ['autoconfig.xn--bcher-kva.example', 'autodiscover.xn--bcher-kva.example']
      }
    ]
  )
  const invalid = { tls: { acme: { storage: 's', termsAgreed: true, names: ['*.own.example'] } } }
  t.same(ownNames({ http: invalid }), [])
  t.same(ownNames(table('{}', '[a.example]').settings), [])
})

/** @returns a domain with this many characters */
function longDomain(length: number): string {
  const labels = `${'a'.repeat(49)}.`.repeat(5)
  return `${labels}example`.slice(-length).replace(/^\./, 'a')
}

t.test('names: those that are too long for the DNS are not ordered', async t => {
  const keys = [240, 241, 242, 243].map(longDomain)
  const [both = '', one = '', other = ''] = keys
  t.same(
    [...listedGroups(table('{}', JSON.stringify(keys)))],
    [
      { key: both, names: [`autoconfig.${both}`, `autodiscover.${both}`] },
      { key: one, names: [`autoconfig.${one}`] },
      { key: other, names: [`autoconfig.${other}`] }
    ]
  )
})

t.test('names: own names of a listed domain share its certificate', async t => {
  const acme = '{ acme: { storage: s, termsAgreed: true, names: [ua-auto-config.b.example] } }'
  const own = table(`{ publicUrl: "https://autoconfig.a.example", tls: ${acme} }`, '[c.example, a.example, b.example]')
  t.same(
    [...listedGroups(own)],
    [
      { key: 'a.example', names: ['autoconfig.a.example', 'autodiscover.a.example'] },
      {
        key: 'b.example',
        names: ['ua-auto-config.b.example', 'autoconfig.b.example', 'autodiscover.b.example']
      },
      { key: 'c.example', names: ['autoconfig.c.example', 'autodiscover.c.example'] }
    ]
  )
})
