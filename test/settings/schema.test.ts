import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { describe } from '../../src/settings/load/finding.ts'
import { load } from '../../src/settings/load/load.ts'
import { Settings } from '../../src/settings/schema.ts'
import { matchLists } from '../support/match-lists.ts'
import { commentedExample, shippedFile, shippedText } from '../support/settings/commented-example.ts'
import { nodesOf } from '../support/settings/schema-node.ts'

const generated = `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...Settings }, null, 2)}\n`
const schemaFile = new URL('../../config/signpost.schema.json', import.meta.url)

t.test('schema: config/signpost.schema.json is what src/settings/schema.ts generates', async t => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(schemaFile, generated)
  t.equal(readFileSync(schemaFile, 'utf8'), generated)
})

/** Every field with its path: `providers[].servers[].port` */
const fields = nodesOf(JSON.parse(generated)).filter(([path]) => /\w$/.test(path))

/** @returns the path of every key: `providers[].servers[].port` */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(item => keysOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const place = path === '' ? key : `${path}.${key}`
    return [place, ...keysOf(item, place)]
  })
}

t.test('schema: every property has a description or a title', async t => {
  for (const [path, { title, description }] of fields) t.ok(title ?? description, path)
})

t.test('schema: the shipped settings name the schema for editors', async t => {
  t.match(shippedText, /^# yaml-language-server: \$schema=\.\/signpost\.schema\.json\n/)
})

t.test('schema: nothing is found in the settings shipped, and they hold what mailbox.org publishes', async t => {
  const { table, findings } = load(shippedText, shippedFile)
  t.same(findings, [])
  const [provider, ...others] = table?.providers ?? []
  t.same(others, [])
  matchLists(t, provider, {
    id: 'mailbox.org',
    name: 'mailbox.org',
    domains: ['mailbox.org'],
    mx: ['*.mailbox.org'],
    username: '%EMAILADDRESS%',
    services: [],
    dialects: { thunderbird: true, outlook: true, apple: true }
  })
  const authentication = ['password']
  t.same(provider?.servers, [
    { protocol: 'imap', host: 'imap.mailbox.org', port: 993, security: 'tls', authentication },
    { protocol: 'pop3', host: 'pop3.mailbox.org', port: 995, security: 'tls', authentication },
    { protocol: 'smtp', host: 'smtp.mailbox.org', port: 465, security: 'tls', authentication },
    { protocol: 'smtp', host: 'smtp.mailbox.org', port: 587, security: 'starttls', authentication }
  ])
  const { en = '', de = '' } = provider?.password.note ?? {}
  t.match(en, /application password if two-factor authentication is on/)
  t.match(en, /All settings \| Security \| Application passwords/)
  t.match(de, /Anwendungspasswort, wenn die Zwei-Faktor-Authentifizierung eingeschaltet ist/)
})

t.test('schema: the example in the settings shipped is right', async t => {
  const { table, findings } = load(commentedExample(), shippedFile, { readIncluded: () => ({ files: [] }) })
  t.ok(table, findings.map(describe).join('\n'))
})

t.test('schema: the example in the settings shipped names every field', async t => {
  const named = keysOf(parse(commentedExample()))
  const unnamed = fields.filter(([path]) => !named.includes(path))
  t.same(
    unnamed.map(([path]) => path),
    []
  )
})
