import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parse, readOutlookRequest, recognise } from '../../../src/dialects/outlook/request.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'

const requestSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006'
const responseSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'
const read = { address: 'jane@example.com', schema: responseSchema, hasLegacyDn: false }

/** As real programs write it. */
const bodies = {
  outlook: `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${requestSchema}">
  <Request>
    <EMailAddress>jane@example.com</EMailAddress>
    <AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>`,
  thunderbird: `<?xml version="1.0" encoding="utf-8"?>
      <Autodiscover xmlns="${requestSchema}">
        <Request>
          <EMailAddress>jane@example.com</EMailAddress>
          <AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>
        </Request>
      </Autodiscover>\n`,
  fairEmail: `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${requestSchema}"><Request><EMailAddress>jane@example.com</EMailAddress><AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema></Request></Autodiscover>`,
  emailEngine: `<?xml version="1.0" encoding="utf-8" ?>
<Autodiscover xmlns="${requestSchema}">
  <Request>
    <AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>
    <EMailAddress>jane@example.com</EMailAddress>
  </Request>
</Autodiscover>'`,
  snappyMail: `<?xml version="1.0" encoding="UTF-8"?>\r\n<Autodiscover xmlns="${requestSchema}">\r\n<Request>\r\n<AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>\r\n<EMailAddress>jane@example.com</EMailAddress>\r\n</Request>\r\n</Autodiscover>\r\n`,
  withoutDeclaration: `<Autodiscover xmlns="${requestSchema}"><Request><AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema><EMailAddress>jane@example.com</EMailAddress></Request></Autodiscover>`
}

for (const [client, body] of Object.entries(bodies)) {
  t.test(`outlook request: ${client}: the body is recognised and means the same to the parser`, async t => {
    t.same(recognise(body), read)
    t.same(parse(body), read)
    t.same(readOutlookRequest(Buffer.from(body)), read)
  })
}

/** Every octet, but few of those that all mean the same: letters, digits, and signs above ASCII; and what some take for white space. */
const strange = [
  ...Array.from({ length: 0x100 }, (_, octet) => String.fromCodePoint(octet)).filter(one =>
    /[^c-xC-X2-8\u0090-\u009f\u00b0-\u00ff]/.test(one)
  ),
  ...['\u00d7', '\u00ff'],
  ...['\u1680', '\u180e', '\u2003', '\u2028', '\u2029', '\u202f', '\u3000', '\ufeff', '\u212a', '\u017f', '\u{1f4eb}']
]

t.test(
  'outlook request: a recognised body means the same to the parser: every body with one character added or replaced',
  async t => {
    let accepted = 0
    for (const body of [bodies.outlook, bodies.emailEngine]) {
      for (let at = 0; at <= body.length; at += 1) {
        for (const character of ['', ...strange]) {
          for (const rest of [at, at + 1]) {
            const text = body.slice(0, at) + character + body.slice(rest)
            const recognised = recognise(text)
            if (recognised === undefined) continue
            accepted += 1
            assert.deepEqual(parse(text), recognised, JSON.stringify(text))
          }
        }
      }
    }
    t.ok(accepted > 1000, `${accepted} bodies were recognised`)
  }
)

const token = fc.oneof(
  fc.constantFrom(
    ...[' ', '\n', '\r\n', '\t', '\u00a0', '\ufeff', '\u2028', '\f', '<', '>', '/', '&', ';', '"', "'", '=', '@', '\0'],
    ...[
      '&#64;',
      '&amp;',
      '&#x3c;',
      '<!-- -->',
      '<![CDATA[',
      ']]>',
      '<?pi?>',
      '<x/>',
      '<x>1</x>',
      '<LegacyDN>/o=x</LegacyDN>'
    ],
    ...[
      '<!DOCTYPE x>',
      '<EMailAddress>',
      '</EMailAddress>',
      '<EMailAddress>eve@example.net</EMailAddress>',
      '<Request>'
    ],
    ...['</Request>', '</Autodiscover>', '<Autodiscover>', 'xmlns=""', 'a:', '<?xml version="1.0"?>', '__proto__', 'x']
  ),
  anyCharacter
)

/** Real bodies, cut, patched and shuffled in up to four places. */
const nearMiss = fc
  .tuple(
    fc.constantFrom(...Object.values(bodies)),
    fc.array(fc.record({ at: fc.nat(500), drop: fc.nat(12), put: fc.array(token, { maxLength: 3 }) }), { maxLength: 4 })
  )
  .map(([body, edits]) =>
    edits.reduce((text, { at, drop, put }) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + put.join('') + text.slice(start + drop)
    }, body)
  )

t.test('outlook request: a recognised body means the same to the parser: near misses', async () => {
  fc.assert(
    fc.property(nearMiss, text => {
      const recognised = recognise(text)
      if (recognised !== undefined) assert.deepEqual(parse(text), recognised)
    }),
    { numRuns: 2000 }
  )
})

t.test('outlook request: bytes are read as the parser reads their text', async () => {
  const text = nearMiss.filter(text => text.isWellFormed() && !/^\ufeff|\ufffd/.test(text))
  fc.assert(
    fc.property(text, fc.boolean(), (text, marked) =>
      assert.deepEqual(readOutlookRequest(Buffer.from(`${marked ? '\ufeff' : ''}${text}`)), parse(text))
    ),
    { numRuns: 1000 }
  )
})

const space = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom('', ' ', '\n', '\r\n\t') },
  { weight: 1, arbitrary: fc.constantFrom('\u00a0', '\f', '\u2028', '<!-- -->', 'x') }
)
const word = (pattern: RegExp) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.stringMatching(pattern) },
    { weight: 1, arbitrary: fc.string({ unit: token, maxLength: 4 }) }
  )

/** The usual shape with anything in its gaps. */
const lookalike = fc
  .record({
    declaration: fc.constantFrom('', '<?xml version="1.0"?>', '<?xml version="1.0" encoding="Utf-8" ?>', '<?xml?>'),
    namespace: word(/^[\w:/.-]{0,9}$/),
    address: word(/^[\w.+@=-]{1,9}$/),
    schema: word(/^[\w:/.-]{1,9}$/),
    addressFirst: fc.boolean(),
    spaces: fc.array(space, { minLength: 11, maxLength: 11 })
  })
  .map(({ declaration, namespace, address, schema, addressFirst, spaces: [a, b, c, d, e, f, g, h, i, j, k] }) => {
    const first = `<EMailAddress>${d}${address}${e}</EMailAddress>${f}`
    const second = `<AcceptableResponseSchema>${g}${schema}${h}</AcceptableResponseSchema>${i}`
    const fields = addressFirst ? first + second : second + first
    return `${declaration}${a}<Autodiscover xmlns="${namespace}">${b}<Request>${c}${fields}</Request>${j}</Autodiscover>${k}`
  })

t.test('outlook request: a recognised body means the same to the parser: lookalikes', async t => {
  let accepted = 0
  fc.assert(
    fc.property(lookalike, text => {
      const recognised = recognise(text)
      if (recognised === undefined) return
      accepted += 1
      assert.deepEqual(parse(text), recognised)
    }),
    { numRuns: 2000 }
  )
  t.ok(accepted > 100, `${accepted} bodies were recognised`)
})

t.test('outlook request: never throws for any bytes', async () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    nearMiss.map(text => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom([0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]), fc.uint8Array())
      .map(parts => parts.flatMap(part => [...part])),
    fc.tuple(nearMiss, fc.nat(200), fc.nat(255)).map(([text, at, byte]) => Buffer.from(text).fill(byte, at, at + 1))
  )
  fc.assert(
    fc.property(bytes, bytes => {
      const request = readOutlookRequest(Buffer.from(bytes))
      return request === undefined || typeof request.address === 'string'
    }),
    { numRuns: 1000 }
  )
})

const fields = (inner: string) => `<Autodiscover xmlns="${requestSchema}"><Request>${inner}</Request></Autodiscover>`
const address = '<EMailAddress>jane@example.com</EMailAddress>'
const schema = `<AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>`

for (const [what, body] of [
  ['white space around values', fields(`<EMailAddress>\n jane@example.com\t</EMailAddress>${schema}`)],
  ['single quotes', fields(address + schema).replaceAll('"', "'")],
  ['a byte order mark', `\ufeff${bodies.outlook}`],
  [
    '20 prefixes',
    fields(address + schema)
      .replace(/<(\/?)/g, '<$1a:')
      .replace('xmlns', 'xmlns:a')
  ],
  ['unknown elements', fields(`<Extra><EMailAddress>eve@example.net</EMailAddress></Extra>${address}${schema}`)],
  ['comments', fields(`<!-- <EMailAddress> -->${address.replace('@', '<!-- @ -->@')}${schema}`)],
  ['CDATA', fields(`<EMailAddress><![CDATA[jane@example.com]]></EMailAddress>${schema}`)],
  ['attributes', fields(`<EMailAddress type="x">jane@example.com</EMailAddress>${schema}`)],
  ['character references', fields(`${address.replace('@', '&#64;')}${schema}`)]
] as const) {
  t.test(`outlook request: reads a request with ${what}`, async t =>
    t.same(readOutlookRequest(Buffer.from(body)), read)
  )
}

t.test('outlook request: reads UTF-16 in either byte order', async t => {
  const text = Buffer.from(`\ufeff${bodies.outlook.replace('utf-8', 'utf-16')}`, 'utf16le')
  t.same(readOutlookRequest(text), read)
  t.same(readOutlookRequest(Buffer.from(text).swap16()), read)
})

t.test('outlook request: reads letters of any script', async t => {
  const body = fields(`<EMailAddress>jané\u{1f4eb}@bücher.example</EMailAddress>${schema}`)
  t.equal(readOutlookRequest(Buffer.from(body))?.address, 'jané\u{1f4eb}@bücher.example')
})

t.test('outlook request: an entity is decoded exactly once', async t => {
  const body = fields(`<EMailAddress>a&amp;b&amp;lt;c&lt;/LoginName&gt;@example.com</EMailAddress>${schema}`)
  t.equal(readOutlookRequest(Buffer.from(body))?.address, 'a&b&lt;c</LoginName>@example.com')
})

t.test('outlook request: reports a LegacyDN', async t => {
  t.match(parse(fields(`<LegacyDN>/o=x</LegacyDN>${schema}`)), { address: '', hasLegacyDn: true })
  t.match(parse(fields(`<LegacyDN> </LegacyDN>${address}${schema}`)), { hasLegacyDn: false })
})

t.test('outlook request: a field that is missing, empty, misspelt, repeated or not text is empty', async t => {
  for (const inner of [
    '',
    '<EMailAddress/>',
    '<EmailAddress>jane@example.com</EmailAddress>',
    '<EMailAddress>jane@example.com</EMailAddress><EMailAddress>eve@example.net</EMailAddress>',
    '<EMailAddress><Address>jane@example.com</Address></EMailAddress>',
    '<EMailAddress>jane@<x/>example.com</EMailAddress>'
  ]) {
    t.same(parse(fields(inner)), { address: '', schema: '', hasLegacyDn: false }, inner)
  }
})

for (const [what, body] of [
  ['nothing', ''],
  ['other XML', '<ham/>'],
  ['truncated XML', bodies.outlook.slice(0, 200)],
  ['JSON', '{"EMailAddress":"jane@example.com"}'],
  ['a request without root', `<Request>${address}${schema}</Request>`],
  ['an unescaped address of Thunderbird', bodies.thunderbird.replace('jane', 'a&b')],
  ['a document type', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${fields(address + schema)}`],
  ['10 000 levels', fields(`${'<x>'.repeat(10_000)}${'</x>'.repeat(10_000)}${address}${schema}`)]
] as const) {
  t.test(`outlook request: refuses ${what}`, async t => t.equal(readOutlookRequest(Buffer.from(body)), undefined))
}

t.test('outlook request: refuses bytes that are not in the encoding', async t => {
  const latin1 = Buffer.from(fields(`<EMailAddress>jané@example.com</EMailAddress>${schema}`), 'latin1')
  t.equal(readOutlookRequest(latin1), undefined)
  t.equal(readOutlookRequest(Buffer.concat([Buffer.from('\ufeff'), latin1])), undefined)
  t.equal(readOutlookRequest(Buffer.from('\ufeff<a/>', 'utf16le').subarray(0, -1)), undefined)
})

t.test('outlook request: nested entities (billion laughs) take no time', async t => {
  const entities = Array.from({ length: 9 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`)
  const body = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${entities.join('')}]>${fields(`<EMailAddress>&e9;</EMailAddress>`)}`
  const started = process.cpuUsage()
  t.equal(readOutlookRequest(Buffer.from(body)), undefined)
  t.ok(process.cpuUsage(started).user < 50_000)
})
