/**
 * One run reports everything: each mistake once, and nothing that is only a consequence of another one.
 */
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { describe, type Path, pathText } from '../../../src/settings/load/finding.ts'
import { type IncludedFile, load } from '../../../src/settings/load/load.ts'
import { commentedExample } from '../../support/settings/commented-example.ts'
import { changed, flawless, type Mistake, mistakes, overlaps, pathsIn } from '../../support/settings/mistakes.ts'

const readLogo = (name: string) => (name === 'none.svg' ? { reason: 'no such file' } : { url: 'data:a' })

/** Why JSON: every JSON text is YAML. */
const findingsOf = (settings: unknown) => load(JSON.stringify(settings), 'a.yaml', { readLogo }).findings

t.test('one run: the table for these tests has no finding', async t => t.same(findingsOf(flawless).map(describe), []))

for (const { at, put, path, message } of mistakes) {
  t.test(`one run: ${pathText(at)} ${put === undefined ? 'left out' : JSON.stringify(put)} is one finding`, async t => {
    const findings = findingsOf(changed(flawless, at, put))
    t.same(
      findings.map(finding => finding.path),
      [path],
      findings.map(describe).join('\n')
    )
    t.match(findings[0], { message })
  })
}

/** What a mistake changes or is compared with. */
const concerned = ({ at, needs = [] }: Mistake) => [at, ...needs]
const areIndependent = (one: Mistake, other: Mistake) =>
  !concerned(one).some(path => overlaps(path, other.at)) && !concerned(other).some(path => overlaps(path, one.at))

/** @returns the mistakes without those that are not independent of an earlier one */
function independent(chosen: readonly Mistake[]): Mistake[] {
  const kept: Mistake[] = []
  for (const next of chosen) if (kept.every(each => areIndependent(each, next))) kept.push(next)
  return kept
}

t.test('one run: each of several independent mistakes is reported, and nothing else', async t => {
  const some = fc.shuffledSubarray([...mistakes], { minLength: 2 }).map(independent)
  const counts = new Set<number>()
  fc.assert(
    fc.property(some, chosen => {
      counts.add(chosen.length)
      // Why in this order: a key is left out after everything else, so that no index changes.
      const settings = chosen.reduce<unknown>((value, { at, put }) => changed(value, at, put), flawless)
      const found = findingsOf(settings).map(({ path }) => path)
      t.same(found.toSorted(), chosen.map(({ path }) => path).toSorted())
    }),
    { seed: 15, numRuns: 40 }
  )
  t.ok(Math.max(...counts) > 20, 'there are runs with many mistakes')
})

const example: Readonly<Record<string, unknown>> = parse(commentedExample())
const ofType = (type: string) =>
  ['directory', 'users'].reduce<unknown>((value, block) => changed(value, [block, 'type'], type), example)

for (const [name, settings] of [
  ['the example of everything', example],
  ['the same with LDAP', ofType('ldap')]
] as const) {
  t.test(`one run: in ${name}, each value that does not match the schema is one finding more`, async t => {
    const lines = (value: unknown) => findingsOf(value).map(({ path, message }) => `${path} ${message.split(' (')[0]}`)
    const before = new Set(lines(settings))
    const isInBlocks = ([block]: Path) => block === 'directory' || block === 'users'
    const paths = pathsIn(settings).filter(path => path.length > 0 && !String(path[0]).startsWith('x-'))
    for (const path of name.startsWith('the same') ? paths.filter(isInBlocks) : paths) {
      const more = lines(changed(settings, path, 7.5)).filter(line => !before.has(line))
      t.ok(more.length === 1 && more[0]?.startsWith(`${pathText(path)} `), `${pathText(path)}: ${more.join('\n')}`)
    }
  })
}

const placesOf = (text: string, included: readonly IncludedFile[] = []) =>
  load(text, 'a.yaml', { readLogo, readIncluded: () => ({ files: included }) }).findings.map(
    finding => describe(finding).split(', ')[0]
  )

t.test('one run: two mistakes in one server', async t => {
  t.same(
    placesOf(`providers:
  - id: a
    name: A
    domains: [a.example]
    servers:
      - protocol: imap
        host: https://imap.example.com
        port: 99999
      - { protocol: smtp, host: smtp.example.com }
`),
    [
      'a.yaml:7:15 providers[0].servers[0].host: found "https://imap.example.com"',
      'a.yaml:8:15 providers[0].servers[0].port: found 99999'
    ]
  )
})

t.test('one run: six mistakes in one server', async t => {
  t.same(
    placesOf(`providers:
  - id: a
    name: A
    domains: [a.example]
    servers:
      - protocl: imap
        host: 192.0.2.1
        port: 465
        authentication: [pasword]
        username: jane
        colour: red
      - { protocol: smtp, host: smtp.example.com }
`),
    [
      'a.yaml:6:9 providers[0].servers[0].protocl: unknown key',
      'a.yaml:7:15 providers[0].servers[0].host: found "192.0.2.1"',
      'a.yaml:8:15 providers[0].servers[0].port: found 465',
      'a.yaml:9:26 providers[0].servers[0].authentication[0]: found "pasword"',
      'a.yaml:10:19 providers[0].servers[0].username: found "jane"',
      'a.yaml:11:9 providers[0].servers[0].colour: unknown key'
    ]
  )
})

t.test('one run: a misspelt protocol, and a misspelt placeholder in the URL of the same server', async t => {
  const lines = (server: string) =>
    placesOf(`providers:
  - id: a
    name: A
    domains: [a.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { ${server} }
`)
  const url = 'https://dav.example.com/%EMAILADRESS%'
  t.same(lines(`protocol: caldv, url: "${url}"`), [
    'a.yaml:8:21 providers[0].servers[2].protocol: found "caldv"',
    'a.yaml:8:33 providers[0].servers[2].url: found "%EMAILADRESS%"'
  ])
  t.same(lines(`protocol: jmpa, url: "https://jmap.example.com/%EMAILADDRESS%"`), [
    'a.yaml:8:21 providers[0].servers[2].protocol: found "jmpa"'
  ])
  t.same(lines(`protocol: imap, host: other.example.com, url: "${url}"`), [
    'a.yaml:8:57 providers[0].servers[2].url: found "%EMAILADRESS%"'
  ])
})

t.test('one run: three mistakes in one block', async t => {
  const users = `users:
  type: sqlite
  file: 7
  query: SELECT login AS username FROM m WHERE address = :address
  unknown: "u # %NAME%"
`
  const providers = `providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }] }
`
  t.same(placesOf(`${users}${providers}`), [
    'a.yaml:3:9 users.file: found 7',
    'a.yaml:4:10 users.query: found no column address',
    'a.yaml:5:12 users.unknown: found "%NAME%"'
  ])
})

t.test('one run: six mistakes in one provider, of all kinds', async t => {
  t.same(
    placesOf(`providers:
  - name: "%EMAILADDRESS%"
    domains: [a.example, a..example]
    username: jane
    brand: { logo: none.svg, accent: blue }
    servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }]
`),
    [
      'a.yaml:2:5 providers[0]: found no id',
      'a.yaml:2:11 providers[0].name: found "%EMAILADDRESS%"',
      'a.yaml:3:26 providers[0].domains[1]: found "a..example"',
      'a.yaml:4:15 providers[0].username: found "jane"',
      'a.yaml:5:20 providers[0].brand.logo: warning: no such file: the page shows the name instead',
      'a.yaml:5:38 providers[0].brand.accent: found "blue"'
    ]
  )
})

t.test('one run: mistakes in several files, each in its own file', async t => {
  const servers = 'servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }]'
  const included = [
    { file: 'b.yaml', text: `providers:\n  - { id: b, nmae: "\\a", domains: [a.example], ${servers} }\n` },
    { file: 'c.yaml', text: 'providers:\n  - { id: c' },
    { file: 'd.yaml', text: `http: {}\nproviders:\n  - { id: d, name: D, domains: [d..example], srvers: [] }\n` }
  ]
  const main = `include: ['*.yaml']
users: { type: ldap, base: b, filter: '(mail=:address)', attributes: { username: uid }, unknown: 'u#######', providers: [c, z] }
providers:
  - { id: a, name: A, domains: [a.example], ${servers} }
`
  t.same(placesOf(main, included), [
    'a.yaml:2:28 users.base: found "b"',
    'a.yaml:2:70 users.attributes: found no address',
    'b.yaml:2:14 providers[0].nmae: unknown key',
    'b.yaml:2:20 providers[0].nmae: found "\\u0007"',
    'b.yaml:2:36 providers[0].domains[0]: found "a.example"',
    'c.yaml:2:12 found a mapping in brackets without its end',
    'd.yaml:1:1 http: found http in an included file',
    'd.yaml:3:33 providers[0].domains[0]: found "d..example"',
    'd.yaml:3:46 providers[0].srvers: unknown key'
  ])
})
