import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { describe, error, type Fault, warning } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { Settings } from '../../../src/settings/schema.ts'
import { matchLists } from '../../support/match-lists.ts'
import { anyCharacter, anyTyped } from '../../support/settings/typed.ts'

const file = 'config/signpost.yaml'
const reported = (text: string) => load(text, file).findings.map(describe)

/** Right but for what a test changes. */
const text = `# Example
http:
  port: 8080

providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop3.example.com }
      - protocol: smtp
        host: smtp.example.com
        port: 465
`

const change = (from: string, to: string) => text.replace(from, to)

t.test('load: makes a table of settings in which nothing is wrong', async t => {
  const { table, findings } = load(text, file)
  t.same(findings, [])
  t.equal(table?.find('example.com')?.id, 'example')
  t.equal(table?.settings.http?.port, 8080)
})

t.test('load: findings contain file, line, column, path, what was found and what is allowed', async t => {
  t.same(reported(change('465', 'smtps')), [
    'config/signpost.yaml:14:15 providers[0].servers[2].port: found "smtps", expected an integer from 1 to 65535'
  ])
  const wrapped = change('# Example\n', '').replace('pop3.example.com }', 'pop3.example.com,\n        port: pop3s }')
  t.same(reported(wrapped), [
    'config/signpost.yaml:11:15 providers[0].servers[1].port: found "pop3s", expected an integer from 1 to 65535'
  ])
})

t.test('load: a finding about the whole file has no path', async t => {
  const expected = 'expected a settings table: a mapping with providers'
  for (const nothing of ['', '\n\n', '# only a comment\n', 'null', '~']) {
    t.same(reported(nothing), [`${file}:1:1 found nothing, ${expected}`], JSON.stringify(nothing))
  }
  t.same(reported('# comment\n- example.com\n'), [`${file}:2:1 found a list of 1, ${expected}`])
  t.same(reported('example.com'), [`${file}:1:1 found "example.com", ${expected}`])
  t.same(reported('<?xml version="1.0"?><clientConfig/>'), [
    `${file}:1:1 found "<?xml version=\\"1.0\\"?><clientConfig/>", ${expected}`
  ])
})

t.test('load: reports all errors at once, from top to bottom', async t => {
  const wrong = text
    .replace('8080', 'http')
    .replace('id: example', 'ident: 1')
    .replace('protocol: pop3', 'protocol: POP3')
    .replace('host: smtp', 'hots: smtp')
  matchLists(t, reported(wrong), [
    /^config\/signpost\.yaml:3:9 http\.port: found "http", /,
    /^config\/signpost\.yaml:6:5 providers\[0\]: found no id, /,
    /^config\/signpost\.yaml:6:5 providers\[0\]\.ident: unknown key, /,
    /^config\/signpost\.yaml:11:21 providers\[0\]\.servers\[1\]\.protocol: found "POP3", /,
    /^config\/signpost\.yaml:13:9 providers\[0\]\.servers\[2\]\.hots: unknown key, did you mean "host"\?/
  ])
  t.equal(reported(wrong).length, 5)
})

t.test('load: reports problems beyond the schema, errors and warnings, from top to bottom', async t => {
  const wrong = text
    .replace('name: Example', `name: ${'x'.repeat(31)}`)
    .replace('[example.com]', '[example.com, Example.com]')
    .replace('imap.example.com', '192.0.2.1')
    .replace('465', '587')
  const { table, findings } = load(wrong, file)
  t.equal(table, undefined)
  t.same(
    findings.map(({ severity, line, column, path }) => `${severity} ${line}:${column} ${path}`),
    [
      'warning 7:11 providers[0].name',
      'error 8:28 providers[0].domains[1]',
      'error 10:33 providers[0].servers[0].host',
      'error 14:15 providers[0].servers[2].port'
    ]
  )
})

t.test('load: warnings alone leave the table usable', async t => {
  const { table, findings } = load(change('name: Example', `name: ${'x'.repeat(31)}`), file)
  t.ok(table)
  t.same(findings.map(describe), [
    `${file}:7:11 providers[0].name: warning: found 31 characters, but mail programs have room for 30`
  ])
})

t.test('load: gives a fault that was found elsewhere its place', async t => {
  const { locate } = load(`\ufeff${text}`, file)
  const place = (fault: Fault) => describe(locate(fault))
  t.equal(place(warning(['providers', 0], 'found x')), `${file}:6:5 providers[0]: warning: found x`)
  t.equal(place(error(['providers', 0, 'name'], 'found x')), `${file}:7:11 providers[0].name: found x`)
  t.equal(place({ ...error(['http'], 'found x'), ofKey: true }), `${file}:2:1 http: found x`)
})

t.test('load: asks of an unknown key whether another was meant', async t => {
  t.same(reported(change('domains:', 'domain: [a.example]\n    domains:')), [
    `${file}:8:5 providers[0].domain: unknown key, did you mean "domains"?`
  ])
  t.same(reported(`prividers: 1\n${text}`), [`${file}:1:1 prividers: unknown key, did you mean "providers"?`])
})

t.test('load: names an unknown key in quotes where it is no plain one', async t => {
  const known = `expected one of ${Object.keys(Settings.properties).join(', ')}`
  t.same(reported(`"a b.c\\n": 1\n${text}`), [`${file}:1:1 ["a b.c\\n"]: unknown key, ${known}`])
  t.same(reported(`2: 1\n${text}`), [`${file}:1:1 2: unknown key, ${known}`])
})

t.test('load: reports only invalid YAML, with line and column', async t => {
  t.same(reported(change('[example.com]', '[example.com')), [
    `${file}:9:5 found a list in brackets without its end, expected ] or deeper indentation`
  ])
  t.same(reported(change('name: Example', 'name: Example\n    name: Other')), [
    `${file}:8:5 found "name" a second time, expected each key once`
  ])
  t.same(reported(change('[example.com]', '[*.example.com]')), [
    `${file}:8:15 found *.example.com, expected "*.example.com" in quotes (or an anchor &.example.com above)`
  ])
  t.same(reported(change('  port: 8080', '\tport: 8080')).at(0), `${file}:3:1 found a tab, expected spaces`)
})

t.test('load: accepts tabs where YAML allows them', async t => {
  t.same(reported(change('port: 8080', 'port:\t8080\t# tab')), [])
})

t.test('load: warnings about the YAML are listed with those about the settings', async t => {
  const { table, findings } = load(change('[example.com]', '!list [localhost]'), file)
  t.ok(table)
  matchLists(t, findings.map(describe), [
    /:8:14 warning: found a tag, which is ignored, expected a value without "!"$/,
    /:8:21 providers\[0\]\.domains\[0\]: warning: /
  ])
})

t.test('load: lines may end in CRLF', async t => {
  const crlf = (lines: string) => lines.replaceAll('\n', '\r\n')
  t.same(reported(crlf(text)), [])
  t.same(reported(crlf(change('465', 'smtps'))), reported(change('465', 'smtps')))
  t.same(reported(crlf(change('domains:', '\tdomains:'))).at(0), reported(change('domains:', '\tdomains:')).at(0))
})

t.test('load: a byte order mark at the beginning is not there', async t => {
  t.same(reported(`\ufeff${text}`), [])
  t.same(reported('\ufeffhttp: 1'), reported('http: 1'))
  t.same(reported('\ufeff'), reported(''))
})

t.test('load: reports a file that is not UTF-8', async t => {
  const latin1 = Buffer.from(change('name: Example', 'name: Müller'), 'latin1').toString('utf8')
  t.same(reported(latin1), [`${file}:7:12 found bytes that are not UTF-8, expected a file saved as UTF-8`])
  t.same(reported(Buffer.from(`\ufeff${text}`, 'utf16le').toString('utf8')), [
    `${file}:1:1 found bytes that are not UTF-8, expected a file saved as UTF-8`
  ])
})

const shared = `providers:
  - &first
    id: first
    name: First
    domains: [first.example]
    servers: &servers
      - { protocol: imap, host: mail.example.com }
      - { protocol: smtp, host: mail.example.com }
  - id: second
    name: Second
    domains: [second.example]
    servers: *servers
  - { <<: *first, id: third, domains: [third.example] }
`

t.test('load: aliases and merged mappings are resolved', async t => {
  const { table, findings } = load(shared, file)
  t.same(findings.map(describe), [])
  t.same(table?.find('second.example')?.servers, table?.find('first.example')?.servers)
  t.match(table?.find('third.example'), { id: 'third', name: 'First', servers: table?.find('first.example')?.servers })
})

t.test('load: reports an error behind an alias where it is written and where it is used', async t => {
  const message = 'servers[0].port: found 0, expected an integer from 1 to 65535'
  t.same(reported(shared.replace('imap, host', 'imap, port: 0, host')), [
    `${file}:7:33 providers[0].${message}`,
    `${file}:12:14 providers[1].${message}`,
    `${file}:13:5 providers[2].${message}`
  ])
  const unknown = 'servers[0].prot: unknown key, did you mean "port"?'
  t.same(reported(shared.replace('imap, host', 'imap, prot: 0, host')), [
    `${file}:7:27 providers[0].${unknown}`,
    `${file}:12:14 providers[1].${unknown}`,
    `${file}:13:5 providers[2].${unknown}`
  ])
})

t.test('load: reports a missing value of a merged mapping at the mapping', async t => {
  matchLists(t, reported(shared.replace('id: third, ', '')), [
    /^config\/signpost\.yaml:13:5 providers\[2\]\.id: found "first", which another provider already has \(config\/signpost\.yaml:3:9\)$/
  ])
})

t.test('load: an alias bomb ends in a finding', async t => {
  const names = [...'abcdefghijklmnop']
  const bomb = names.map((name, at) => `${name}: &${name} [${`*${names[at - 1]},`.repeat(at && 9)}x]\n`).join('')
  t.same(reported(bomb), [`${file}:1:1 found aliases that stand for too many values, expected at most 1000000 in all`])
})

t.test('load: a mapping inside of itself ends in findings', async t => {
  matchLists(t, reported('providers: &a [*a]'), [/providers\[0\]: found a list of 1, expected a mapping$/])
  t.equal(load('providers: &p\n  - &q { id: *q, password: *q, documentation: *p }', file).table, undefined)
})

const token = fc.oneof(
  fc.constantFrom(
    ...'-?:,[]{}#&*!|>\'"%@`\n\t\r ',
    '\n  ',
    '\n- ',
    ': ',
    '? ',
    ' #',
    '---\n',
    '...\n',
    '%YAML 1.1\n---\n'
  ),
  fc.constantFrom(
    '&a',
    '*a',
    '<<: ',
    '!!map ',
    '!!binary ',
    '!',
    '"\\u',
    '|-\n',
    '1',
    '.inf',
    'null',
    'true',
    '0x',
    '\ufeff',
    '\0',
    '\ud800'
  ),
  fc.constantFrom('http', 'providers', 'providers:\n  - ', 'servers: ', 'port: ', 'id: ', 'domains: ', '__proto__: '),
  anyCharacter
)
const anyText = fc.oneof(
  fc.array(token, { maxLength: 40 }).map(tokens => tokens.join('')),
  fc
    .tuple(fc.nat(text.length), fc.nat(9), token)
    .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut)),
  fc.tuple(fc.nat(shared.length), token).map(([at, put]) => shared.slice(0, at) + put + shared.slice(at)),
  fc.jsonValue().map(value => stringify(value)),
  fc.jsonValue().map(value => stringify({ http: value, providers: [value] })),
  anyTyped.map(host => change('imap.example.com', JSON.stringify(host)))
)

t.test('load: never throws, and every finding is one line that points into the text', async () => {
  fc.assert(
    fc.property(anyText, text => {
      const { table, findings } = load(text, 'f')
      const lines = text.replace(/^\ufeff/, '').split('\n')
      const inside = findings.every(({ line, column }) => column >= 1 && column <= (lines[line - 1] ?? '').length + 1)
      const printed = findings.every(finding => /^f:\d+:\d+ [^\p{C}\p{Zl}\p{Zp}]+$/u.test(describe(finding)))
      const broken = findings.some(({ severity }) => severity === 'error')
      return inside && printed && broken === (table === undefined)
    }),
    { numRuns: 500 }
  )
})

t.test('load: findings come from top to bottom', async () => {
  fc.assert(
    fc.property(anyText, text => {
      const places = load(text, 'f').findings.map(({ line, column }) => line * 1e6 + column)
      return places.every((place, at) => at === 0 || place >= (places[at - 1] ?? 0))
    })
  )
})
