import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { parse } from 'yaml'
import { findMismatches } from '../../../src/settings/load/schema-check.ts'
import { Settings } from '../../../src/settings/schema.ts'
import { matchLists } from '../../support/match-lists.ts'
import { commentedExample } from '../../support/settings/commented-example.ts'
import { exampleProvider, imap } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'
import { nodesOf, type SchemaNode } from '../../support/settings/schema-node.ts'

const schemaText = readFileSync(new URL('../../../config/signpost.schema.json', import.meta.url), 'utf8')
const { $schema, ...schema } = JSON.parse(schemaText)

const reported = (value: unknown) => linesOf(findMismatches(value))
const reportedForProvider = (changes: object) => reported({ providers: [{ ...exampleProvider(), ...changes }] })
const reportedForServer = (changes: object) => reportedForProvider({ servers: [{ ...imap, ...changes }] })

const root = 'a settings table: a mapping with providers'
const server = 'providers[0].servers[0]'
const https = 'an https:// URL without a user name'
const tls = 'tls (also called SSL or SSL/TLS), starttls or none'
const methods = 'password, encrypted-password, oauth2, gssapi, ntlm, client-certificate, none'
const protocols = 'imap, pop3, smtp, managesieve, jmap, caldav, carddav, webdav, activesync, ews, graph'

for (const [what, lines, line] of [
  ['nothing at all', reported(null), `: found nothing, expected ${root}`],
  ['a list as root', reported([1, 2]), `: found a list of 2, expected ${root}`],
  ['a text as root', reported('providers'), `: found "providers", expected ${root}`],
  [
    'no consent to the terms of a certificate authority',
    reported({ providers: [exampleProvider()], http: { tls: { acme: {} } } }),
    "http.tls.acme: found no termsAgreed, expected true after you have read the terms of service of the certificate authority (Let's Encrypt: https://letsencrypt.org/repository/)"
  ],
  [
    'an empty list',
    reported({ providers: [] }),
    'providers: found a list of 0, expected a list with at least one provider'
  ],
  [
    'a mapping for a list',
    reported({ providers: {} }),
    'providers: found a mapping, expected a list with at least one provider'
  ],
  ['a text for a mapping', reported({ providers: ['a'] }), 'providers[0]: found "a", expected a mapping'],
  [
    'a text for a list',
    reportedForProvider({ domains: 'a.example' }),
    'providers[0].domains: found "a.example", expected a list such as [example.com]'
  ],
  ['nothing for a text', reportedForProvider({ name: null }), 'providers[0].name: found nothing, expected a text'],
  ['an empty text', reportedForProvider({ name: '' }), 'providers[0].name: found "", expected a text'],
  [
    'a number for a text',
    reportedForProvider({ name: 2026 }),
    'providers[0].name: found 2026, expected a text, in quotes'
  ],
  [
    'a truth value for a text',
    reportedForProvider({ name: true }),
    'providers[0].name: found true, expected a text, in quotes'
  ],
  [
    'capitals in an id',
    reportedForProvider({ id: 'A' }),
    'providers[0].id: found "A", expected a short name of small letters, digits, dots and hyphens'
  ],
  [
    'a port that is no number',
    reportedForServer({ port: 'imaps' }),
    `${server}.port: found "imaps", expected an integer from 1 to 65535`
  ],
  [
    'a port in quotes',
    reportedForServer({ port: '993' }),
    `${server}.port: found "993", expected an integer from 1 to 65535, without quotes`
  ],
  [
    'automatic workers in capitals',
    reported({ http: { workers: 'Auto' }, providers: [exampleProvider()] }),
    'http.workers: found "Auto", expected an integer from 1 to 64, or auto, did you mean "auto"?'
  ],
  ['port 0', reportedForServer({ port: 0 }), `${server}.port: found 0, expected an integer from 1 to 65535`],
  [
    'port 65536',
    reportedForServer({ port: 65536 }),
    `${server}.port: found 65536, expected an integer from 1 to 65535`
  ],
  [
    'a port with a fraction',
    reportedForServer({ port: 993.5 }),
    `${server}.port: found 993.5, expected an integer from 1 to 65535`
  ],
  [
    'an endless port',
    reportedForServer({ port: Infinity }),
    `${server}.port: found Infinity, expected an integer from 1 to 65535`
  ],
  [
    'a list for a port',
    reportedForServer({ port: [993, 143] }),
    `${server}.port: found a list of 2, expected an integer from 1 to 65535`
  ],
  [
    'security ssl',
    reportedForServer({ security: 'ssl' }),
    `${server}.security: found "ssl", expected ${tls}, did you mean "tls"?`
  ],
  [
    'Exchange, which has several protocols',
    reportedForServer({ protocol: 'exchange' }),
    `${server}.protocol: found "exchange", expected one of ${protocols}, did you mean "ews"?`
  ],
  [
    'a protocol that is not about mail',
    reportedForServer({ protocol: 'xmpp' }),
    `${server}.protocol: found "xmpp", expected one of ${protocols}`
  ],
  [
    'a protocol with two letters swapped',
    reportedForServer({ protocol: 'smpt' }),
    `${server}.protocol: found "smpt", expected one of ${protocols}, did you mean "smtp"?`
  ],
  [
    'a method by the name of Thunderbird',
    reportedForServer({ authentication: ['password-cleartext'] }),
    `${server}.authentication[0]: found "password-cleartext", expected one of ${methods}, did you mean "password"?`
  ],
  [
    'security in capitals',
    reportedForServer({ security: 'STARTTLS' }),
    `${server}.security: found "STARTTLS", expected ${tls}, did you mean "starttls"?`
  ],
  [
    'a protocol with TLS',
    reportedForServer({ protocol: 'imaps' }),
    `${server}.protocol: found "imaps", expected one of ${protocols}, did you mean "imap"?`
  ],
  [
    'a method that is no list',
    reportedForServer({ authentication: 'password' }),
    `${server}.authentication: found "password", expected a list such as [password]`
  ],
  [
    'an unknown method',
    reportedForServer({ authentication: ['password', 'plain'] }),
    `${server}.authentication[1]: found "plain", expected one of ${methods}, did you mean "password"?`
  ],
  [
    'a text for a truth value',
    reportedForServer({ allowPlaintext: 'yes' }),
    `${server}.allowPlaintext: found "yes", expected true or false`
  ],
  [
    'a URL without scheme',
    reportedForProvider({ website: 'example.com' }),
    `providers[0].website: found "example.com", expected ${https}`
  ],
  [
    'a URL of http',
    reportedForProvider({ website: 'http://example.com' }),
    `providers[0].website: found "http://example.com", expected ${https}`
  ],
  [
    'a URL with a user name',
    reportedForProvider({ website: 'https://a@example.com' }),
    `providers[0].website: found "…@example.com", expected ${https}`
  ],
  [
    'one text for all languages',
    reportedForProvider({ password: { note: 'Note' } }),
    'providers[0].password.note: found "Note", expected texts by language, such as { en: "…", de: "…" }'
  ],
  [
    'texts without a language',
    reportedForProvider({ password: { note: {} } }),
    'providers[0].password.note: found a mapping, expected texts by language, such as { en: "…", de: "…" }'
  ],
  [
    'a language that is none',
    reportedForProvider({ password: { note: { english: 'Note' } } }),
    'providers[0].password.note.english: unknown key, expected a language such as en or pt-BR'
  ],
  ...['many', 0, 65, 1.5].map(
    workers =>
      [
        `workers: ${workers}`,
        reported({ http: { workers }, providers: [exampleProvider()] }),
        `http.workers: found ${JSON.stringify(workers)}, expected an integer from 1 to 64, or auto`
      ] as const
  ),
  [
    'a publicUrl with a path',
    reported({ http: { publicUrl: 'https://a.example/' }, providers: [exampleProvider()] }),
    'http.publicUrl: found "https://a.example/", expected an https:// origin in ASCII, without a path, such as https://signpost.example.net'
  ]
] as const) {
  t.test(`findMismatches: reports ${what} and what is allowed`, async t => t.same(lines, [`error ${line}`]))
}

t.test('findMismatches: reports everything that is missing', async t => {
  t.same(reported({ providers: [{ servers: [{}] }] }), [
    'error providers[0]: found no id, expected a short name of small letters, digits, dots and hyphens',
    'error providers[0]: found no name, expected a text',
    'error providers[0]: found no domains, expected a list such as [example.com]',
    `error ${server}: found no protocol, expected one of ${protocols}`
  ])
})

t.test('findMismatches: accepts a URL with an @ after the host', async t => {
  t.same(reportedForProvider({ website: 'https://example.com/@example?a@b#@' }), [])
})

const serverKeys = Object.keys(schema.properties.providers.items.properties.servers.items.properties).join(', ')

for (const [key, message] of [
  ['prot', 'did you mean "port"?'],
  ['port:993', 'did you mean "port"?'],
  ['Port', 'did you mean "port"?'],
  ['hosts', 'did you mean "host"?'],
  ['hostname', 'did you mean "host"?'],
  ['auth', 'did you mean "authentication"?'],
  ['authentification', 'did you mean "authentication"?'],
  ['allow-plaintext', 'did you mean "allowPlaintext"?'],
  ['securty', 'did you mean "security"?'],
  ['protocoll', 'did you mean "protocol"?'],
  ['ur', 'did you mean "url"?'],
  ['ssl', 'did you mean "security"?'],
  ['prefix', 'did you mean "pathPrefix"?'],
  ['IMAP path prefix', 'did you mean "pathPrefix"?'],
  ['rootFolder', 'did you mean "pathPrefix"?'],
  ['personalNamespace', 'did you mean "pathPrefix"?'],
  ['login', 'did you mean "username"?'],
  ['uri', 'did you mean "url"?'],
  ['x', `expected one of ${serverKeys}`],
  ['', `expected one of ${serverKeys}`],
  ['socketType', 'did you mean "security"?'],
  ['constructor', `expected one of ${serverKeys}`]
] as const) {
  t.test(`findMismatches: of the unknown key "${key}" says ${message}`, async t => {
    const [fault, ...others] = findMismatches({ providers: [exampleProvider({ servers: [{ ...imap, [key]: 1 }] })] })
    t.same(fault?.path, ['providers', 0, 'servers', 0, key])
    t.equal(fault?.message, `unknown key, ${message}`)
    t.equal(fault?.ofKey, true)
    t.same(others, [])
  })
}

for (const [protocol, meant] of [
  ['mapi', 'ews'],
  ['MAPI/HTTP', 'ews'],
  ['MobileSync', 'activesync'],
  ['exchange-activesync', 'activesync']
] as const) {
  t.test(`findMismatches: of the protocol "${protocol}" says that ${meant} was meant`, async t => {
    matchLists(t, reportedForServer({ protocol }), [new RegExp(`protocol: found .*, did you mean "${meant}"`)])
  })
}

t.test('findMismatches: knows the cut key of a longer one', async t => {
  t.same(reportedForProvider({ user: 'a' }), ['error providers[0].user: unknown key, did you mean "username"?'])
})

t.test('findMismatches: takes no key from the prototype for one that is there', async t => {
  matchLists(t, reported(JSON.parse('{ "__proto__": { "providers": [] } }')), [/^error __proto__: unknown key/])
})

t.test('findMismatches: the schema uses no word of JSON Schema but those that are read', async t => {
  const words: Readonly<Record<string, readonly string[]>> = {
    object: ['properties', 'patternProperties', 'required', 'additionalProperties', 'minProperties'],
    array: ['items', 'minItems'],
    string: ['pattern', 'minLength', 'writeOnly'],
    integer: ['minimum', 'maximum'],
    boolean: [],
    undefined: ['enum', 'anyOf']
  }
  for (const [path, node] of nodesOf(schema).flatMap(withChoices)) {
    const known = ['type', 'title', 'description', ...(words[String(node.type)] ?? [])]
    t.same(
      Object.keys(node).filter(word => !known.includes(word)),
      [],
      path
    )
  }
})

t.test('findMismatches: the schema has the words that are relied on', async t => {
  for (const [path, node] of nodesOf(schema).flatMap(withChoices)) {
    if (node.type === 'object') t.equal(node.additionalProperties, false, path)
    if (node.type === 'integer') t.ok('minimum' in node && 'maximum' in node, path)
    if (node.type === 'array') t.ok(node.items && node.title, path)
    if (node.type === undefined && path !== '*') t.ok(node.enum ?? node.anyOf, path)
  }
})

/** @returns a schema, and each that it leaves the choice of */
function withChoices([path, node]: [string, SchemaNode]): [string, SchemaNode][] {
  return [node, ...(node.anyOf ?? [])].map(each => [path, each])
}

const typebox = Compile(Settings)
const example = parse(commentedExample())

/** A path into the example, and what is put there: something, nothing, or a further key. */
const paths: readonly (readonly (string | number)[])[] = pathsOf(example)

function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [[], ...keys.flatMap(key => pathsOf(Reflect.get(value, key)).map(path => [key, ...path]))]
}

function changed(value: unknown, [key, ...rest]: readonly (string | number)[], put: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return put
  const copy = Array.isArray(value) ? [...value] : { ...value }
  if (rest.length === 0 && put === undefined) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, changed(Reflect.get(value, key), rest, put))
  return copy
}

const near = fc.constantFrom<unknown[]>(
  0,
  1,
  65535,
  65536,
  1.5,
  -0,
  '',
  'a',
  'imap',
  'tls',
  'en',
  'https://a.b/',
  'https://a@b',
  true,
  [],
  {},
  ['*'],
  { en: 'a' }
)

t.test('findMismatches: agrees with typebox for any change of the example of everything', async t => {
  t.ok(typebox.Check(example))
  t.same(findMismatches(example), [])
  const put = fc.oneof(near, fc.jsonValue(), fc.constant(undefined))
  fc.assert(
    fc.property(fc.constantFrom(...paths), put, (path, item) => {
      // Why: deleting from a list leaves a hole, which no YAML can write.
      const value = JSON.parse(JSON.stringify(changed(example, path, item)) ?? 'null')
      return typebox.Check(value) === (findMismatches(value).length === 0)
    }),
    { numRuns: 1000 }
  )
})

t.test('findMismatches: agrees with typebox about any JSON', async () => {
  const value = fc.jsonValue().chain(any => fc.constantFrom(any, { providers: any }, { providers: [any] }))
  fc.assert(fc.property(value, any => typebox.Check(any) === (findMismatches(any).length === 0)))
})
