import fc from 'fast-check'
import t from 'tap'
import { describe } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { findMismatches, schemaFor } from '../../../src/settings/load/schema-check.ts'
import { unusableValues, usablePart } from '../../../src/settings/load/usable-part.ts'
import { exampleProvider, imap } from '../../support/settings/example.ts'

const partOf = (value: unknown) => usablePart(value, schemaFor({}))

const emptyProvider = { id: '', name: '', domains: [], servers: [] }
const smtp = { protocol: 'smtp', host: 'smtp.example.com' }

t.test('usable part: leaves out mismatches, and required keys without a usable value are empty', async t => {
  const provider = exampleProvider()
  for (const [value, part] of [
    [
      { http: { port: 0, host: '::' }, providers: [provider] },
      { http: { host: '::' }, providers: [provider] }
    ],
    [{ prviders: 1, 'x-a': 1, providers: [provider] }, { providers: [provider] }],
    [{ providers: [{ ...provider, id: 1 }, 7] }, { providers: [{ ...provider, id: '' }, emptyProvider] }],
    [
      { http: {}, providers: [{ ...provider, domains: [], mx: [1] }] },
      { http: {}, providers: [{ ...provider, domains: [], mx: [] }] }
    ],
    [
      { providers: [{ ...provider, servers: [imap, { host: 'a' }] }] },
      { providers: [{ ...provider, servers: [imap, { protocol: 'imap', host: 'a' }] }] }
    ],
    [
      { providers: [{ ...provider, password: { note: { english: 'a' } } }] },
      { providers: [{ ...provider, password: { note: {} } }] }
    ],
    [[], undefined],
    [null, undefined]
  ] as const) {
    t.same(partOf(value).part, part, JSON.stringify(value))
  }
})

t.test('usable part: translates paths to the whole value', async t => {
  const domains = [1, 'a.example', 2, 'b.example']
  const { pathOf } = partOf({ providers: [{}, exampleProvider(), { id: 7 }, exampleProvider({ domains } as object)] })
  for (const [path, whole] of [
    [
      ['providers', 1, 'id'],
      ['providers', 1, 'id']
    ],
    [
      ['providers', 3, 'domains', 1],
      ['providers', 3, 'domains', 3]
    ],
    [
      ['providers', 3, 'oauth', 'issuer'],
      ['providers', 3, 'oauth', 'issuer']
    ],
    [
      ['providers', 9],
      ['providers', 9]
    ],
    [
      ['users', 'providers', 0],
      ['users', 'providers', 0]
    ]
  ] as const) {
    t.same(pathOf(path), whole)
  }
})

t.test('usable part: matches the schema except for empty values, for any value', async () => {
  const provider = fc.record(
    { ...exampleAsArbitrary(), password: fc.jsonValue(), mx: fc.jsonValue() },
    { requiredKeys: [] }
  )
  const value = fc.record(
    { http: fc.jsonValue(), providers: fc.array(fc.oneof(provider, fc.jsonValue())) },
    { requiredKeys: [] }
  )
  const isEmpty = ({ message }: { message: string }) => /^found (?:""|a list of 0|a mapping), expected/.test(message)
  fc.assert(fc.property(value, any => findMismatches(partOf(any).part ?? {}).every(isEmpty)))
})

function exampleAsArbitrary() {
  const entries = Object.entries(exampleProvider()).map(([key, item]) => [
    key,
    fc.oneof(fc.constant(item), fc.jsonValue())
  ])
  return Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>
}

t.test('usable part: a value is unusable within an unusable one, and touched if it contains one', async t => {
  const { has, touches } = unusableValues([['users'], ['providers', 0, 'servers', 1, 'port'], ['providers', 2]])
  for (const [path, isUnusable, isTouched] of [
    [['users', 'type'], true, true],
    [['users'], true, true],
    [[], false, true],
    [['http'], false, false],
    [['providers', 0, 'servers', 1, 'port'], true, true],
    [['providers', 0, 'servers', 1, 'host'], false, false],
    [['providers', 0, 'servers', 1], false, true],
    [['providers', 0, 'servers', '*', 'port'], true, true],
    [['providers', 0, 'servers', '*', 'host'], false, false],
    [['providers', 0, 'name'], false, false],
    [['providers', '*', 'name'], true, true],
    [['providers', 1], false, false]
  ] as const) {
    t.same([has(path), touches(path)], [isUnusable, isTouched], path.join('.'))
  }
  t.equal(unusableValues([[]]).has(['http', 'port']), true, 'nothing of the file is usable')
  t.equal(unusableValues([]).touches([]), false)
})

const file = 'signpost.yaml'

t.test('load: mismatches and contradictions are reported in one run', async t => {
  const text = `http: { prot: 8080 }
limits: { urlBytes: 4096, headerBytes: 1024 }
providers:
  - id: a
    name: A
    domains: [a.example, 7, b..example]
    servers:
      - { protocol: imaps, host: imap.example.com, port: 143 }
      - { protocol: smtp, host: smtp.example.com }
  - id: a
    name: B
    domains: [A.example]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
    website: http://b.example/
`
  const { table, settings, findings } = load(text, file)
  t.equal(table, undefined)
  t.same(
    findings.map(each => describe(each).split(', expected')[0]),
    [
      `${file}:1:9 http.prot: unknown key, did you mean "port"?`,
      `${file}:2:21 limits.urlBytes: found 4096`,
      `${file}:6:26 providers[0].domains[1]: found 7`,
      `${file}:6:29 providers[0].domains[2]: found "b..example"`,
      `${file}:8:21 providers[0].servers[0].protocol: found "imaps"`,
      `${file}:10:9 providers[1].id: found "a", which another provider already has (${file}:4:9)`,
      `${file}:12:15 providers[1].domains[0]: found "A.example", which provider "a" already has (${file}:6:15)`,
      `${file}:14:14 providers[1].website: found "http://b.example/"`
    ]
  )
  t.same(settings.providers[0]?.servers[1], { protocol: smtp.protocol, host: smtp.host })
})

t.test('load: users are not said to name unknown providers if one could not be used', async t => {
  const text = `users: { type: sqlite, file: u.sqlite, query: 'SELECT address, login AS username FROM m WHERE address = :address', unknown: 'u######', providers: [a] }
providers:
  - { id: 7, name: A, domains: [a.example], servers: [{ protocol: smtp, host: smtp.example.com }, { protocol: imap, host: imap.example.com }] }
`
  t.same(
    load(text, file).findings.map(({ path }) => path),
    ['providers[0].id']
  )
})
