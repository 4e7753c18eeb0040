import t from 'tap'
import { type Row, readRows } from '../../src/directories/row-reader.ts'
import { errors } from '../../src/errors.ts'
import { type DirectoryEntry, entryReading } from '../../src/lookups/directory-entry.ts'
import { createDirectoryLookup } from '../../src/lookups/directory-lookup.ts'
import type { Resolved } from '../../src/settings/question/account.ts'
import type { Awaitable } from '../../src/settings/question/resolution-order.ts'
import { createTable, type Table } from '../../src/settings/table.ts'
import { createSource } from '../../src/sources/source.ts'
import { matchLists } from '../support/match-lists.ts'
import { readableLog } from '../support/readable-log.ts'
import { tableOf } from '../support/table-of.ts'

const settings = `
providers:
  - id: example
    name: Example Mail
    shortName: Example
    domains: [example.com, "*.wild.example"]
    mx: ["*.mx.example.com"]
    brand: { accent: "#0b5c94" }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
  - id: other
    name: Other
    domains: [other.example]
    servers:
      - { protocol: imap, host: imap.other.example }
      - { protocol: smtp, host: smtp.other.example }
`

/** @param late some results are promises. @param rows of the directory, by domain */
function serve(rows: Readonly<Record<string, Row>>, { late = false, yaml = settings } = {}) {
  const tables: { table: Table } = { table: tableOf(yaml) }
  const lookedUp: string[] = []
  const { logger, lines } = readableLog()
  const find = (domain: string): Awaitable<DirectoryEntry | undefined> => {
    lookedUp.push(domain)
    const row = rows[domain]
    const entry = row && readRows([{ domain, ...row }], domain, entryReading)
    return late ? Promise.resolve(entry) : entry
  }
  const source = createSource(tables, { lookUps: [createDirectoryLookup(tables, { cache: { find }, logger })] })
  return {
    tables,
    source,
    lookedUp,
    lines,
    async resolve(domain: string | undefined, host?: string): Promise<Resolved | undefined> {
      return await source.find({ domain, host })
    }
  }
}

const rows = {
  'kunde.example': { provider: 'example' },
  'second.example': { provider: 'other' },
  'white.example': {
    provider: 'example',
    host: 'mail.%EMAILDOMAIN%',
    name: 'White',
    support: 'mailto:a@white.example'
  },
  'label.example': {
    provider: 'example',
    host: 'mail.%EMAILDOMAIN%',
    name: 'White',
    support: 'mailto:a@white.example'
  },
  'unknown.example': { provider: 'nobody' },
  'unsaid.example': { provider: null },
  'nameless.example': { domain: 'no domain', provider: 'example' },
  'broken.example': { provider: 'other', host: 'no host' }
}

t.test('directory: is not queried for domains and hosts that the table lists, by name or by pattern', async t => {
  const { source, lookedUp } = serve(rows)
  for (const [domain, host] of [
    ['example.com', undefined],
    ['a.wild.example', 'kunde.example'],
    [undefined, 'autoconfig.example.com:443'],
    [undefined, 'autoconfig.mx.example.com'],
    [undefined, undefined],
    [undefined, '192.0.2.1']
  ] as const) {
    t.notMatch(source.find({ domain, host }), Promise)
  }
  t.same(lookedUp, [])
})

for (const late of [false, true]) {
  t.test(
    `directory: the domain is preferred to the host, and the table to the directory${late ? ', also with promises' : ''}`,
    async t => {
      const { resolve, lookedUp } = serve(rows, { late })
      for (const [domain, host, provider, found, expected] of [
        ['kunde.example', 'autoconfig.second.example', 'example', 'kunde.example', ['kunde.example']],
        ['none.example', 'autoconfig.second.example', 'other', 'second.example', ['none.example', 'second.example']],
        ['none.example', 'autoconfig.none.example', undefined, undefined, ['none.example']],
        ['none.example', 'other.example', 'other', 'other.example', ['none.example']],
        ['none.example', 'autoconfig.mx.example.com', 'example', 'example.com', ['none.example']],
        [undefined, 'autodiscover.KUNDE.example:8080', 'example', 'kunde.example', ['kunde.example']],
        [undefined, 'none.example', undefined, undefined, ['none.example']],
        ['unknown.example', 'kunde.example', 'example', 'kunde.example', ['unknown.example', 'kunde.example']]
      ] as const) {
        const resolved = await resolve(domain, host)
        t.same([resolved?.provider.id, resolved?.domain], [provider, found], `${domain} at ${host}`)
        t.same(lookedUp.splice(0), expected)
      }
    }
  )
}

t.test('directory: a cached result is not a promise', async t => {
  const { source } = serve(rows)
  t.notMatch(source.find({ domain: 'kunde.example', host: 'none.example' }), Promise)
  t.notMatch(source.find({ domain: undefined, host: 'kunde.example' }), Promise)
  t.notMatch(source.find({ domain: 'none.example', host: 'none.example' }), Promise)
})

t.test('directory: while it is unreachable, only domains of the table are found', async t => {
  const find = () => Promise.reject(errors.unavailable())
  const tables = { table: tableOf(settings) }
  const lookUp = createDirectoryLookup(tables, { cache: { find }, logger: readableLog().logger })
  const { find: ask } = createSource(tables, { lookUps: [lookUp] })
  const code = 'AC_UNAVAILABLE'
  await t.rejects(Promise.resolve(ask({ domain: 'kunde.example', host: 'example.com' })), { code })
  await t.rejects(Promise.resolve(ask({ domain: undefined, host: 'kunde.example' })), { code })
  t.match(ask({ domain: 'example.com', host: undefined }), { provider: { id: 'example' } })
})

t.test('directory: customers with the same overrides share one provider', async t => {
  const { resolve, tables } = serve(rows)
  const white = await resolve('white.example')
  t.match(white?.provider, {
    id: 'example',
    name: 'White',
    shortName: 'White',
    brand: { accent: '#0b5c94', support: 'mailto:a@white.example' }
  })
  t.same(
    white?.provider.servers.map(({ host }) => host),
    ['mail.%EMAILDOMAIN%', 'mail.%EMAILDOMAIN%']
  )
  t.equal((await resolve('label.example'))?.provider, white?.provider)
  t.equal((await resolve('kunde.example'))?.provider, tables.table.find('example.com'))
})

t.test(
  'directory: unknown providers and invalid overrides are logged once, and their domains are not served',
  async t => {
    const { resolve, lines } = serve(rows)
    t.equal(await resolve('unknown.example'), undefined)
    t.equal(await resolve('unknown.example'), undefined)
    t.equal(await resolve('unsaid.example'), undefined)
    t.equal(await resolve('broken.example'), undefined)
    t.equal(await resolve('broken.example'), undefined)
    t.equal(await resolve('nameless.example'), undefined)
    matchLists(t, lines, [
      /"domain":"unknown\.example".*found \\"nobody\\" as provider, expected one of example, other.*the domain is not served/,
      /found no as provider/,
      /servers\[0\]\.host: found \\"no host\\"/,
      /found no domain in the column/
    ])
    t.equal(lines.length, 4)
  }
)

t.test(
  'directory: an invalid value for display is logged with its domain, and the mail settings are served',
  async t => {
    const row = { provider: 'example', host: 'mail.own.example', accent: 'red', webmail: 'w' }
    const { resolve, lines } = serve({ 'a.example': row, 'b.example': row })
    for (const domain of ['a.example', 'a.example', 'b.example']) {
      const found = await resolve(domain)
      t.equal(found?.provider.servers[0]?.host, 'mail.own.example')
      t.equal(found?.provider.brand.accent, '#0b5c94')
    }
    const expected = ['a', 'b'].flatMap(name =>
      ['brand\\.accent', 'webmail'].map(
        path => new RegExp(`"domain":"${name}\\.example".*"problem":"${path}: found.*the value of the provider is used`)
      )
    )
    matchLists(t, lines, expected)
  }
)

t.test('directory: the same invalid entry is logged for ten domains', async t => {
  const domains = Array.from({ length: 12 }, (_, index) => `d${index}.example`)
  const { resolve, lines } = serve(Object.fromEntries(domains.map(domain => [domain, { provider: 'nobody' }])))
  for (const domain of domains) await resolve(domain)
  t.equal(lines.length, 10)
  t.match(lines[9], '"domain":"d9.example"')
})

t.test('directory: the only provider of a table need not be named', async t => {
  const { resolve } = serve(rows, { yaml: settings.slice(0, settings.indexOf('  - id: other')) })
  t.equal((await resolve('unsaid.example'))?.provider.id, 'example')
  t.equal((await resolve('kunde.example'))?.provider.id, 'example')
})

t.test('directory: follows a reloaded table', async t => {
  const { resolve, tables, source } = serve(rows, { late: true })
  t.equal((await resolve('white.example'))?.provider.name, 'White')
  t.equal(await resolve('unknown.example'), undefined)
  const waiting = source.find({ domain: 'kunde.example', host: undefined })
  tables.table = tableOf(settings.replace('id: other', 'id: nobody').replaceAll('#0b5c94', '#006600'))
  t.equal((await waiting)?.provider.brand.accent, '#006600')
  t.equal((await resolve('unknown.example'))?.provider.id, 'nobody')
  t.equal((await resolve('white.example'))?.provider.brand.accent, '#006600')
  t.equal(source.table, tables.table)
})

t.test('directory: a customer with settings has the publicUrl of the provider', async t => {
  const { tables, resolve } = serve({ ...rows, 'blue.example': { provider: 'example', accent: '#0000aa' } })
  const publicUrl = 'https://signpost.example.net'
  tables.table = createTable({ ...tables.table.settings, http: { publicUrl } })
  t.equal((await resolve('blue.example'))?.provider.publicUrl, publicUrl)
})

t.test('directory: the logo of the provider is kept, unless the customer has another name', async t => {
  const { tables, resolve } = serve({ ...rows, 'blue.example': { provider: 'example', accent: '#0000aa' } })
  const brand = { logo: 'data:image/png;base64,AA==', accent: '#0b5c94', accentDark: '#ffffff', support: undefined }
  const { providers, settings: written } = tables.table
  const withLogo = written.providers.map(each => ({ ...each, brand: { logo: 'logo.png' } }))
  tables.table = {
    ...tables.table,
    settings: { ...written, providers: withLogo },
    providers: providers.map(each => ({ ...each, brand }))
  }
  t.equal((await resolve('blue.example'))?.provider.brand.logo, brand.logo)
  t.equal((await resolve('white.example'))?.provider.brand.logo, undefined)
})
