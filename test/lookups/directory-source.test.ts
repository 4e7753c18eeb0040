import t from 'tap'
import { checkColumns, type Row, readRows } from '../../src/directories/row.ts'
import { errors } from '../../src/errors.ts'
import { createDirectorySource } from '../../src/lookups/directory-source.ts'
import { type Entry, entryReading } from '../../src/lookups/entry.ts'
import { type Resolved, resolve } from '../../src/settings/account.ts'
import type { Table } from '../../src/settings/table.ts'
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

/** A directory of rows by domain, some of which must be waited for. */
function serve(rows: Readonly<Record<string, Row>>, { late = false, yaml = settings } = {}) {
  const held: { table: Table } = { table: tableOf(yaml) }
  const asked: string[] = []
  const { logger, lines } = readableLog()
  const find = (domain: string): Entry | undefined | Promise<Entry | undefined> => {
    asked.push(domain)
    const row = rows[domain]
    const entry = row && readRows([{ domain, ...row }], domain, entryReading)
    return late ? Promise.resolve(entry) : entry
  }
  const source = createDirectorySource(held, { directory: { find }, logger })
  return {
    held,
    source,
    asked,
    lines,
    async who(domain: string | undefined, host?: string): Promise<Resolved | undefined> {
      return resolve(await source.tableFor(domain, host), { domain, host })
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
  'nobody.example': { provider: 'nobody' },
  'unsaid.example': { provider: null },
  'nameless.example': { domain: 'no domain', provider: 'example' },
  'broken.example': { provider: 'other', host: 'no host' }
}

t.test(
  'directory: a domain of the table, or below a pattern of it, is nobody asked for, and the table is as it is',
  async t => {
    const { source, held, asked } = serve(rows)
    for (const [domain, host] of [
      ['example.com', undefined],
      ['a.wild.example', 'kunde.example'],
      [undefined, 'autoconfig.example.com:443'],
      [undefined, 'autoconfig.mx.example.com'],
      [undefined, undefined],
      [undefined, '192.0.2.1']
    ] as const) {
      t.equal(source.tableFor(domain, host), held.table)
    }
    t.same(asked, [])
  }
)

for (const late of [false, true]) {
  t.test(
    `directory: the domain goes before the host, the table before the directory${late ? ', also later' : ''}`,
    async t => {
      const { who, asked } = serve(rows, { late })
      for (const [domain, host, provider, found, questions] of [
        ['kunde.example', 'autoconfig.second.example', 'example', 'kunde.example', ['kunde.example']],
        ['none.example', 'autoconfig.second.example', 'other', 'second.example', ['none.example', 'second.example']],
        ['none.example', 'autoconfig.none.example', undefined, undefined, ['none.example']],
        ['none.example', 'other.example', 'other', 'other.example', ['none.example']],
        ['none.example', 'autoconfig.mx.example.com', 'example', 'example.com', ['none.example']],
        [undefined, 'autodiscover.KUNDE.example:8080', 'example', 'kunde.example', ['kunde.example']],
        [undefined, 'none.example', undefined, undefined, ['none.example']],
        ['nobody.example', 'kunde.example', 'example', 'kunde.example', ['nobody.example', 'kunde.example']]
      ] as const) {
        const resolved = await who(domain, host)
        t.same([resolved?.provider.id, resolved?.domain], [provider, found], `${domain} at ${host}`)
        t.same(asked.splice(0), questions)
      }
    }
  )
}

t.test('directory: what is kept is given without waiting', async t => {
  const { source } = serve(rows)
  t.notMatch(source.tableFor('kunde.example', 'none.example'), Promise)
  t.notMatch(source.tableFor(undefined, 'kunde.example'), Promise)
  t.notMatch(source.tableFor('none.example', 'none.example'), Promise)
})

t.test('directory: where nobody can say, neither can this', async t => {
  const find = () => Promise.reject(errors.unavailable())
  const source = createDirectorySource(
    { table: tableOf(settings) },
    { directory: { find }, logger: readableLog().logger }
  )
  await t.rejects(Promise.resolve(source.tableFor('kunde.example', 'example.com')), { code: 'AC_UNAVAILABLE' })
  await t.rejects(Promise.resolve(source.tableFor(undefined, 'kunde.example')), { code: 'AC_UNAVAILABLE' })
  t.equal(source.tableFor('example.com', undefined), source.table)
})

t.test('directory: a customer may have something of their own, and those with the same share it', async t => {
  const { who, held } = serve(rows)
  const white = await who('white.example')
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
  t.equal((await who('label.example'))?.provider, white?.provider)
  t.equal((await who('kunde.example'))?.provider, held.table.find('example.com'))
})

t.test('directory: a provider that the table has not is told once, and its domains are not served', async t => {
  const { who, lines } = serve(rows)
  t.equal(await who('nobody.example'), undefined)
  t.equal(await who('nobody.example'), undefined)
  t.equal(await who('unsaid.example'), undefined)
  t.equal(await who('broken.example'), undefined)
  t.equal(await who('broken.example'), undefined)
  t.equal(await who('nameless.example'), undefined)
  matchLists(t, lines, [
    /found \\"nobody\\" as provider, expected one of example, other.*such domains are not served/,
    /found no as provider/,
    /servers\[0\]\.host: found \\"no host\\"/,
    /found no domain in the column/
  ])
  t.equal(lines.length, 4)
})

t.test('directory: where the table has one provider, it need not be named', async t => {
  const { who } = serve(rows, { yaml: settings.slice(0, settings.indexOf('  - id: other')) })
  t.equal((await who('unsaid.example'))?.provider.id, 'example')
  t.equal((await who('kunde.example'))?.provider.id, 'example')
})

t.test('directory: follows a table that is read again', async t => {
  const { who, held, source } = serve(rows, { late: true })
  t.equal((await who('white.example'))?.provider.name, 'White')
  t.equal(await who('nobody.example'), undefined)
  const waiting = source.tableFor('kunde.example', undefined)
  const later = source.tableFor('none.example', 'none2.example')
  held.table = tableOf(settings.replace('id: other', 'id: nobody').replaceAll('#0b5c94', '#006600'))
  t.equal((await waiting).find('kunde.example')?.brand.accent, '#006600')
  t.equal(await later, held.table)
  t.equal((await who('nobody.example'))?.provider.id, 'nobody')
  t.equal((await who('white.example'))?.provider.brand.accent, '#006600')
  t.equal(source.table, held.table)
})

t.test('directory: a logo is the provider’s, but not under another name', async t => {
  const { held, who } = serve({ ...rows, 'blue.example': { provider: 'example', accent: '#0000aa' } })
  const brand = { logo: 'data:image/png;base64,AA==', accent: '#0b5c94', accentDark: '#ffffff', support: undefined }
  const { providers, settings: written } = held.table
  const withLogo = written.providers.map(each => ({ ...each, brand: { logo: 'logo.png' } }))
  held.table = {
    ...held.table,
    settings: { ...written, providers: withLogo },
    providers: providers.map(each => ({ ...each, brand }))
  }
  t.equal((await who('blue.example'))?.provider.brand.logo, brand.logo)
  t.equal((await who('white.example'))?.provider.brand.logo, undefined)
})

const entryOf = (row: Row) => readRows([{ domain: 'A.Example.', ...row }], 'a.example', entryReading)

t.test('entry: a row says what is not empty, as text', async t => {
  t.match(entryOf({ provider: 7, HOST: Buffer.from('mail.example.com '), name: '', short_name: null }), {
    provider: '7',
    overrides: { host: 'mail.example.com' }
  })
  t.same(entryOf({}), { provider: undefined, overrides: undefined, key: '' })
  t.same(entryOf({ provider: 'a' }), { provider: 'a', overrides: undefined, key: 'a' })
  t.not(entryOf({ host: 'a.example' })?.key, entryOf({ provider: 'a', host: 'a.example' })?.key)
})

t.test('entry: a column that nobody knows is refused', async t => {
  t.doesNotThrow(() => checkColumns(['DOMAIN', 'provider', 'Host', 'SHORT_NAME', 'imap_host'], entryReading))
  t.throws(() => checkColumns(['provider', 'shortname'], entryReading), {
    code: 'AC_DIRECTORY_UNFIT',
    message: 'directory.query returns a column "shortname", expected some of domain, provider, host'
  })
  t.throws(() => checkColumns(['provider'], entryReading), {
    code: 'AC_DIRECTORY_UNFIT',
    message: 'directory.query returns no column "domain", expected the domain as it is stored'
  })
})
