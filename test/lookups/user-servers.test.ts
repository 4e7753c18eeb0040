import assert from 'node:assert/strict'
import t from 'tap'
import { createUnknownLogin } from '../../src/lookups/unknown-login.ts'
import { chooseServers, createProviderOfServers, serversProblem } from '../../src/lookups/user-servers.ts'
import { tableOf } from '../support/table-of.ts'

const secret = 'sixteen letters.'
const addresses = Array.from({ length: 4000 }, (_, at) => `a${at}@example.com`)
const staff = { provider: 'staff' }
const students = { provider: 'students' }

t.test(
  'user servers: an unknown address always gets the same choice, and a choice that is listed twice is used twice as often',
  async t => {
    const choose = (address: string, key = secret) => chooseServers([students, students, staff], address, key)
    const share = addresses.filter(address => choose(address) === staff).length / addresses.length
    t.ok(share > 0.28 && share < 0.39, `${share} instead of a third`)
    t.equal(choose('jane@example.com'), choose('jane@example.com'))
    t.ok(
      addresses.some(address => choose(address) !== choose(address, 'another key.....')),
      'the key decides'
    )
    t.equal(chooseServers([], 'jane@example.com', secret), undefined)
  }
)

t.test('user servers: the made-up login name does not follow from the servers', async t => {
  const digitOf = createUnknownLogin({ unknown: '#' }, secret)
  const at = (choice: unknown) =>
    addresses.filter(address => chooseServers([staff, students], address, secret) === choice)
  for (const choice of [staff, students]) {
    const digits = at(choice).map(address => Number(digitOf(address).username))
    const odd = digits.filter(digit => digit % 2 === 1).length / digits.length
    t.ok(odd > 0.45 && odd < 0.55, `${odd} of the digits are odd`)
  }
})

t.test('user servers: a known mailbox only has servers that an unknown one can get', async t => {
  const provider = { id: 'staff' }
  const problem = 'found servers that users.unknownServers does not contain, expected one of its items'
  const clusters = [
    { host: 'mail1.example.com' },
    { provider: 'students', imap_host: 'a.example', smtp_host: 'b.example' }
  ]
  for (const [choices, servers, expected] of [
    [[], undefined, undefined],
    [[], staff, problem],
    [[staff, students], undefined, undefined],
    [[staff, students], staff, undefined],
    [[{}, students], staff, undefined],
    [[students], undefined, problem],
    [[staff, students], { provider: 'others' }, problem],
    [clusters, { host: 'MAIL1.example.com' }, undefined],
    [clusters, { host: 'Mail1.example.com.' }, undefined],
    [[{ host: 'mail.bücher.example' }], { host: 'mail.xn--bcher-kva.example' }, undefined],
    [clusters, { host: 'mail1.example.com:993' }, problem],
    [clusters, { ...staff, host: 'mail1.example.com' }, undefined],
    [clusters, { host: 'mail2.example.com' }, problem],
    [clusters, { ...students, smtp_host: 'b.example', imap_host: 'a.example' }, undefined],
    [clusters, { ...students, imap_host: 'a.example' }, problem],
    [clusters, undefined, problem]
  ] as const) {
    t.equal(serversProblem(choices, servers, { provider }), expected, JSON.stringify([choices, servers]))
  }
})

const table = tableOf(`
providers:
  - id: staff
    name: Staff
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: imap, host: imap2.example.com }
      - { protocol: smtp, host: smtp.example.com }
  - id: students
    name: Students
    domains: [students.example.com]
    servers:
      - { protocol: imap, host: imap.students.example.com }
      - { protocol: smtp, host: smtp.students.example.com }
`)
const [own] = table.providers
assert(own)

t.test('user servers: a person gets another provider, or the same one with other hosts', async t => {
  const of = createProviderOfServers()
  const hostsOf = (servers: Parameters<typeof of>[1]) =>
    of(own, servers, { table }).servers.map(({ protocol, host }) => `${protocol} ${host}`)
  t.equal(of(own, undefined, { table }), own)
  t.equal(of(own, {}, { table }), own)
  t.equal(of(own, staff, { table }), own)
  t.equal(of(own, students, { table }), table.providers[1])
  t.equal(of(own, { provider: 'gone' }, { table }), own)
  t.same(hostsOf({ host: 'Mail1.example.com' }), ['imap mail1.example.com', 'smtp mail1.example.com'])
  t.same(hostsOf({ ...students, imap_host: 'a.example' }), ['imap a.example', 'smtp smtp.students.example.com'])
  t.same(hostsOf({ imap_host: 'no host', smtp_host: 'b.example' }), [
    'imap imap.example.com',
    'imap imap2.example.com',
    'smtp b.example'
  ])
  t.equal(of(own, { host: 'a.example' }, { table }), of(own, { provider: 'staff', host: 'A.example' }, { table }))
  t.equal(of(own, { host: 'a.example' }, { table }).name, 'Staff')
})
