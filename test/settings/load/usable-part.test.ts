import fc from 'fast-check'
import t from 'tap'
import { describe, error, type Path, warning } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { findMismatches, schemaFor } from '../../../src/settings/load/schema-check.ts'
import { isDoubtful, usablePart } from '../../../src/settings/load/usable-part.ts'
import { exampleProvider, imap } from '../../support/settings/example.ts'

const partOf = (value: unknown) => usablePart(value, schemaFor({}))

const smtp = { protocol: 'smtp', host: 'smtp.example.com' }

t.test('usable part: leaves out mismatches, and mappings and lists that need them', async t => {
  const provider = exampleProvider()
  for (const [value, part] of [
    [
      { http: { port: 0, host: '::' }, providers: [provider] },
      { http: { host: '::' }, providers: [provider] }
    ],
    [{ prviders: 1, 'x-a': 1, providers: [provider] }, { providers: [provider] }],
    [{ providers: [{ ...provider, id: 1 }, provider] }, { providers: [provider] }],
    [{ http: {}, providers: [{ ...provider, domains: [] }] }, { http: {} }],
    [
      { providers: [{ ...provider, servers: [imap, { host: 'a' }] }] },
      { providers: [{ ...provider, servers: [imap] }] }
    ],
    [
      { providers: [{ ...provider, password: { note: { english: 'a' } } }] },
      { providers: [{ ...provider, password: {} }] }
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
      ['providers', 0, 'id'],
      ['providers', 1, 'id']
    ],
    [
      ['providers', 1, 'domains', 1],
      ['providers', 3, 'domains', 3]
    ],
    [
      ['providers', 1, 'oauth', 'issuer'],
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

t.test('usable part: matches the schema, whatever the value', async () => {
  const provider = fc.record(
    { ...exampleAsArbitrary(), password: fc.jsonValue(), mx: fc.jsonValue() },
    { requiredKeys: [] }
  )
  const value = fc.record(
    { http: fc.jsonValue(), providers: fc.array(fc.oneof(provider, fc.jsonValue())) },
    { requiredKeys: [] }
  )
  fc.assert(fc.property(value, any => findMismatches(partOf(any).part ?? {}).length === 0))
})

function exampleAsArbitrary() {
  const entries = Object.entries(exampleProvider()).map(([key, item]) => [
    key,
    fc.oneof(fc.constant(item), fc.jsonValue())
  ])
  return Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>
}

t.test('usable part: a fault that may be due to a mismatch is doubtful', async t => {
  const at = (path: Path) => [error(path, 'mismatch')]
  const server: Path = ['providers', 0, 'servers', 1]
  for (const [mismatch, fault, doubtful] of [
    // A mapping that lost a field, and everything around it.
    [[...server, 'security'], [...server, 'port'], true],
    [[...server, 'security'], server, true],
    [[...server, 'security'], ['providers', 0, 'servers'], true],
    [[...server, 'security'], ['providers', 0], true],
    [[...server, 'security'], ['providers', 0, 'servers', 2, 'port'], false],
    [[...server, 'security'], ['providers', 1, 'servers', 1, 'port'], false],
    [[...server, 'authentication', 0], [...server, 'port'], true],
    // Providers and the table are too large to be doubted as a whole.
    [['providers', 0, 'name'], ['providers', 0, 'domains', 0], false],
    [['providers', 0, 'domains', 1], ['providers', 0, 'domains', 0], false],
    [['http'], ['limits', 'urlBytes'], false],
    [['http', 'host'], ['http', 'trustProxy', 0], true]
  ] as const) {
    t.equal(isDoubtful(error(fault, 'fault'), at(mismatch)), doubtful, `${mismatch} ${fault}`)
  }
  t.equal(isDoubtful(warning(['providers', 0, 'autoconfig'], 'a'), at(['providers', 0, 'oauth'])), true)
  t.equal(isDoubtful(warning(['providers', 1, 'autoconfig'], 'a'), at(['providers', 0, 'oauth'])), false)
  t.equal(isDoubtful(warning(['limits'], 'a'), at(['http'])), false)
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
  t.same(settings.providers[0]?.servers, [{ protocol: smtp.protocol, host: smtp.host }])
})

t.test('load: users are not said to name unknown providers if one could not be used', async t => {
  const text = `users: { type: sqlite, file: u.sqlite, query: 'SELECT address, login AS username FROM m WHERE address = :address', unknown: 'u######', providers: [a] }
providers:
  - { id: a, name: A, domains: [], servers: [{ protocol: imap, host: imap.example.com }] }
`
  t.same(
    load(text, file).findings.map(({ path }) => path),
    ['providers[0].domains']
  )
})
