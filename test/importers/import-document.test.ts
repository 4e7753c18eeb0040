/**
 * Foreign documents, and the documents of Signpost itself, as tables. `UPDATE_GOLDEN=1` writes the golden imports anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { apple } from '../../src/dialects/apple/profile.ts'
import { type Dialect, writerOf } from '../../src/dialects/dialect.ts'
import { outlook } from '../../src/dialects/outlook/autodiscover.ts'
import { thunderbird } from '../../src/dialects/thunderbird/autoconfig.ts'
import { signedData } from '../../src/formats/cms/cms.ts'
import { importDocument } from '../../src/importers/import-document.ts'
import { describeDropped } from '../../src/importers/imported.ts'
import { toSettings } from '../../src/importers/to-settings.ts'
import { writeTable } from '../../src/importers/write-table.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { resolve } from '../../src/settings/question/resolution-order.ts'
import type { Table } from '../../src/settings/table.ts'
import { parseAnswer, readGolden } from '../golden/golden-file.ts'
import { anyFullTable } from '../support/arbitraries/full-table.ts'
import { ecKey, issueChain } from '../support/certificates.ts'
import { readImportFile, writeImportFile } from '../support/importers/import-file.ts'
import { tableOf } from '../support/table-of.ts'

const golden = new URL('../golden/', import.meta.url)
const folder = new URL('import/', golden)
const update = process.env.UPDATE_GOLDEN === '1'

function importText(text: string | Buffer) {
  const imported = importDocument(Buffer.from(text), 'source')
  if ('found' in imported) throw new Error(`found ${imported.found}`)
  const { settings, notes, dropped } = toSettings(imported)
  return {
    table: settings === undefined ? '' : writeTable(settings, notes),
    dropped: dropped.map(each => `${describeDropped(each)}\n`).join('')
  }
}

for (const name of readdirSync(folder).sort()) {
  t.test(
    `import: ${name}: produces this table, which passes the check, and lists everything that is dropped`,
    async t => {
      const file = new URL(name, folder)
      const { source, ...expected } = readImportFile(readFileSync(file, 'utf8'))
      const imported = importText(source)
      if (update) writeFileSync(file, writeImportFile({ source, ...imported }))
      else t.same(imported, expected)
      t.ok(tableOf(imported.table))
      t.notMatch(imported.table + imported.dropped, 'hunter2', 'no password')
    }
  )
}

/** @returns the document for jane at the domain, with placeholders if it is autoconfig; undefined if none is served */
function render(dialect: Dialect, table: Table, domain: string): string | undefined {
  const served = resolve(table, { domain, host: undefined })
  const address = toAddress(`jane@${domain}`)
  if (served === undefined || address === undefined) return undefined
  // Why: with an address, autoconfig has the login name of this person instead of the rule.
  const person = dialect === thunderbird ? undefined : address
  return writerOf(dialect, served.provider)?.({ ...served, address: person, personName: undefined }).body
}

/** The tables of golden files, each with a domain that it serves. */
function goldenTables(dialect: string): { name: string; table: Table; domain: string }[] {
  return readdirSync(new URL(`${dialect}/`, golden)).flatMap(name => {
    const { settings, answer } = readGolden(readFileSync(new URL(`${dialect}/${name}`, golden), 'utf8'))
    const table = tableOf(settings)
    const [pattern = ''] = table.providers[0]?.domains ?? []
    const domain = pattern === '*' ? 'example.com' : pattern.replace('*', 'below')
    return parseAnswer(answer).status === 200 ? [{ name, table, domain }] : []
  })
}

function expectSameDocument(t: Test, { table, domain, name }: { table: Table; domain: string; name: string }) {
  const document = render(thunderbird, table, domain)
  if (document === undefined) return
  const imported = importText(document)
  t.equal(imported.dropped, '', name)
  t.equal(render(thunderbird, tableOf(imported.table), domain), document, name)
}

t.test('import: the table from an autoconfig document of Signpost produces the same document', async t => {
  const tables = goldenTables('thunderbird')
  t.ok(tables.length > 20)
  for (const each of tables) expectSameDocument(t, each)
})

t.test('import: this also holds for any other table', async t => {
  fc.assert(fc.property(anyFullTable, any => expectSameDocument(t, { ...any, name: 'any table' })))
})

t.test('import: each server of a document has the same login name in the document of its table', async t => {
  const namesOf = (document: string) =>
    Array.from(
      document.matchAll(/<(?:incoming|outgoing)Server.*?Server>/gs),
      ([server]) => /<username>(.*)<\/username>/.exec(server)?.[1]
    )
  for (const [name, ...expected] of [
    ['local-part-for-imap', '%EMAILLOCALPART%', '%EMAILADDRESS%'],
    ['local-part-for-smtp', '%EMAILADDRESS%', '%EMAILLOCALPART%'],
    ['smtp-without-login-name', '%EMAILADDRESS%', undefined]
  ] as const) {
    const { source } = readImportFile(readFileSync(new URL(`${name}.import`, folder), 'utf8'))
    const table = tableOf(importText(source).table)
    const document = render(thunderbird, table, table.providers[0]?.domains[0] ?? '')
    t.same(namesOf(source), expected, name)
    t.same(namesOf(document ?? ''), expected, name)
  }
})

/** The note about the password, which is for people, and URLs of OAuth, which the table only has with an issuer. */
const forgotten = / *<key>(?:PayloadDescription|OAuthSignInURL|OAuthTokenRequestURL)<\/key>\s*<string>.*?<\/string>\n/gs

t.test('import: the table from an Apple profile of Signpost has the same servers', async t => {
  const tables = goldenTables('apple')
  t.ok(tables.length > 20)
  for (const { name, table, domain } of tables) {
    const profile = render(apple, table, domain)
    const again = profile === undefined ? undefined : tableOf(importText(profile).table)
    t.equal(again && render(apple, again, domain), profile?.replace(forgotten, ''), name)
  }
})

function fail(): never {
  throw new Error('no golden table')
}

const plain = '<plist><dict><key>PayloadContent</key><array/></dict></plist>'

t.test('import: reads a signed profile, and notes that the signature was not checked', async t => {
  const key = ecKey()
  const { leaf, intermediate } = issueChain('mail.example.com', { key })
  const sign = (text = '') =>
    signedData(Buffer.from(text), { chain: [leaf.certificate, intermediate.certificate], key })
  const tables = goldenTables('apple').filter(({ name }) => name === 'imap-and-smtp-only.golden')
  const [{ table, domain } = fail()] = tables
  const signed = sign(render(apple, table, domain))
  const pem = `-----BEGIN PKCS7-----\n${signed.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PKCS7-----\n`
  const asText = signed.toString('utf8')
  for (const source of [signed, pem, asText, sign(render(thunderbird, table, domain))]) {
    const imported = importText(source)
    t.match(imported.table, '# It was signed, but the signature was not checked.')
    t.match(imported.dropped, 'source signature: not imported: it was not checked')
  }
})

t.test('import: describes documents in other formats', async t => {
  for (const [source, found] of [
    ['', 'an empty file'],
    ['bplist00\u00d1', 'a binary property list (plutil -convert xml1 makes a readable one)'],
    [Buffer.from([0xff, 0xfe]), 'an empty file'],
    [Buffer.from([0xff, 0xfb]), 'binary data'],
    [Buffer.from('bplist00\u00d1', 'latin1'), 'a binary property list (plutil -convert xml1 makes a readable one)'],
    ['{ "a": 1 }', 'JSON of another kind'],
    ['{ "provider": "x", "domains": "x" }', 'JSON of another kind'],
    ['[{ "provider": "x", "domains": [] }]', 'JSON of another kind'],
    ['"example.com"', 'JSON of another kind'],
    ['{ "Protocol": "AutodiscoverV1" }', 'JSON of another kind'],
    [
      '{ "Protocol": "AutodiscoverV1", "Url": "https://autodiscover.example.com/autodiscover/autodiscover.xml" }',
      'a response of Outlook autodiscover in JSON, which has no servers'
    ],
    [
      'HTTP/1.1 200 OK\r\n\r\n<clientConfig/>',
      'an HTTP response with its header, of which only the body can be imported'
    ],
    ['[mail]\nhost = example.com', 'a text'],
    ['a\0b', 'binary data'],
    ['<!DOCTYPE html><html></html>', 'a web page'],
    ['http: {}\nproviders: []\n', 'a settings table, which needs no import'],
    ['imap.example.com', 'a text'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'XML with declarations in its document type, which are not supported'],
    ['<!DOCTYPE plist><plist><array/></plist>', 'XML of another kind, <plist>'],
    ['<plist><dict><key>a</key></dict></plist>', 'XML of another kind, <plist>'],
    ['\ufeff<Something/>', 'XML of another kind, <Something>']
  ] as const) {
    t.same(importDocument(Buffer.from(source), 'source'), { found }, found)
  }
})

t.test('import: a fault in a document has its position', async t => {
  const notWellFormed = '<clientConfig>\n  <port><993/port>\n</clientConfig>'
  const latin = '<?xml version="1.0"?>\n<clientConfig>M\u00fcnchen</clientConfig>'
  for (const [bytes, found, line, column] of [
    [Buffer.from(notWellFormed), "XML that is not well-formed: tag '993/port' is an invalid name", 2, 9],
    [
      Buffer.from('<clientConfig>\n M&uuml;nchen</clientConfig>'),
      'XML that is not well-formed: &uuml; is not defined in XML',
      2,
      3
    ],
    [Buffer.from(`<!DOCTYPE clientConfig>\n${notWellFormed}`), /^XML that is not well-formed/, 3, 9],
    [Buffer.from(latin, 'latin1'), /^bytes that are not UTF-8, expected the encoding in a line such as <\?xml/, 2, 16],
    [Buffer.from(latin.replace('?>', ' encoding="x"?>')), /^the encoding "x", expected one such as UTF-8/, 1, 1],
    [Buffer.from('{\n  "provider" 1\n}'), "JSON that is not well-formed: Expected ':' after property name", 2, 14],
    [Buffer.from('[\n {"a" 1}]'), "JSON that is not well-formed: Expected ':' after property name", 2, 7],
    [Buffer.from('{\n "a": tru }'), "JSON that is not well-formed: Unexpected token ' '", 2, 10]
  ] as const) {
    t.match(importDocument(bytes, 'source'), { found, position: { line, column } })
  }
})

t.test('import: a comment that mail programs refuse is reported, and the document is imported', async t => {
  const source = readFileSync(new URL('hand-made.import', folder), 'utf8').split('----------')[0] ?? ''
  const { table, dropped } = importText(`<!-- a\n -- b -->${source}`)
  t.equal(table, importText(source).table)
  const why = 'it contains "--", which XML does not allow, so most mail programs refuse the whole document'
  t.match(dropped, `source:1:1 comment: not imported: ${why}`)
})

t.test('import: white space before the XML declaration is reported, and positions stay', async t => {
  const source = readFileSync(new URL('hand-made.import', folder), 'utf8').split('----------')[0] ?? ''
  const { table, dropped } = importText(` \n<?xml version="1.0"?>\n${source}`)
  t.equal(table, importText(source).table)
  t.match(dropped, 'source:2:1 XML declaration: not imported: because of the white space before it, Thunderbird')
  t.match(dropped, 'source:28:5 emailProvider/outgoingServer smtp: not imported: it has no socketType')
})

t.test('import: a seed of automx2 with too many servers is refused', async t => {
  const servers = Array.from({ length: 1001 }, (_, index) => ({ type: 'imap', name: `${index}.example.com` }))
  const { table, dropped } = importText(JSON.stringify({ provider: 'x', domains: ['example.com'], servers }))
  t.equal(table, '')
  t.equal(dropped, 'source:1:53 servers: not imported: expected at most 1000\n')
})

t.test('import: the encoding comes from the declaration or the byte order mark', async t => {
  const source = readFileSync(new URL('any-domain.import', folder), 'utf8').split('----------')[0] ?? ''
  const named = source.replace('Example mail server', 'Münchner Post')
  const latin = named.replace('?>', ' encoding="ISO-8859-1"?>')
  for (const bytes of [Buffer.from(named), Buffer.from(latin, 'latin1'), Buffer.from(`\ufeff${named}`, 'utf16le')]) {
    t.match(importText(bytes).table, 'name: Münchner Post')
  }
})

t.test('import: autodiscover documents without servers say what to import instead', async t => {
  for (const [body, why] of [
    ['<Request/>', /Request: not imported: a request contains no settings; expected the response to it/],
    [
      '<Response><Error><ErrorCode>600</ErrorCode><Message>Invalid Request</Message></Error></Response>',
      /Error: .*refused the request \(600 Invalid Request\); save its response to a POST with an address/
    ],
    [
      '<Response><Account><Protocol><Type>CalDAV</Type><Server>dav.example.com</Server></Protocol></Account></Response>',
      /provider provider: not imported: it has no domain; --domain sets one/
    ],
    ['<Response><Action><Error><Status>2</Status></Error></Action></Response>', /Error: .*refused the request \(2\);/]
  ] as const) {
    const { table, dropped } = importText(`<?xml version="1.0"?><Autodiscover>${body}</Autodiscover>`)
    t.equal(table, '')
    t.match(dropped, why)
  }
})

t.test('import: the table from an autodiscover response of Signpost produces the same response', async t => {
  const tables = goldenTables('outlook')
  t.ok(tables.length > 20)
  for (const { name, table, domain } of tables) {
    const response = render(outlook, table, domain)
    if (response?.includes('<Protocol>') !== true) continue
    const again = tableOf(importText(response).table)
    t.equal(render(outlook, again, domain), response.replace(/ *<ServiceHome>.*\n/, ''), name)
  }
})

t.test('import: a PACC document without a host names no domain', async t => {
  const { table, dropped } = importText('{ "protocols": { "jmap": { "url": "https://jmap.example.com/" } } }')
  t.equal(table, '')
  t.match(dropped, 'provider provider: not imported: it has no domain; --domain sets one')
})

t.test('import: a document without a valid domain can be imported with --domain', async t => {
  const server =
    '<incomingServer type="imap"><hostname>imap.example.com</hostname><socketType>SSL</socketType></incomingServer>'
  const { table, dropped } = importText(
    `<clientConfig><emailProvider id="x"><domain>%USER_DOMAIN%</domain>${server}</emailProvider></clientConfig>`
  )
  t.equal(table, '')
  t.match(dropped, 'provider x: not imported: it has no valid domain; --domain sets one')
})

t.test('import: a document without a provider produces no table', async t => {
  t.same(importText('<clientConfig/>'), { table: '', dropped: '' })
  const { table, dropped } = importText(plain)
  t.equal(table, '')
  t.equal(importText(plain.replace('<array/>', '<string/>')).table, '')
  t.match(dropped, 'provider provider: not imported: it has no server')
})

t.test('import: never throws if part of a document is missing or doubled', async () => {
  const documents = readdirSync(folder).map(name => readImportFile(readFileSync(new URL(name, folder), 'utf8')).source)
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.nat(3000),
      fc.nat(200),
      fc.constantFrom(0, 2),
      (text, at, length, times) => {
        const damaged = text.slice(0, at) + text.slice(at, at + length).repeat(times) + text.slice(at + length)
        const imported = importDocument(Buffer.from(damaged), 'source')
        if (!('found' in imported)) toSettings(imported)
      }
    )
  )
})

t.test('import: a profile with calendars alone, and without an address, names no domain', async t => {
  const { table, dropped } = importText(`<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
  <key>PayloadContent</key><array><dict>
    <key>PayloadType</key><string>com.apple.caldav.account</string>
    <key>CalDAVHostName</key><string>dav.example.com</string>
    <key>CalDAVPrincipalURL</key><string>/principals/</string>
  </dict></array>
  <key>PayloadDisplayName</key><string>Example Mail</string>
  <key>PayloadType</key><string>Configuration</string>
</dict></plist>
`)
  t.equal(table, '')
  t.match(dropped, /provider example-mail: not imported: it has no domain; --domain sets one/)
})
