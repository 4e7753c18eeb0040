/**
 * Random worlds: responses and records that no server would send, and documents that are almost valid.
 */
import fc from 'fast-check'
import type { HttpResponse, SrvRecord, World } from '../../../src/clients/model/world.ts'
import { WorldError } from '../../../src/clients/model/world.ts'
import { anyCharacter } from '../arbitraries/character.ts'
import { autodiscover, clientConfig } from './plain-document.ts'

const names = [
  'clientConfig',
  'emailProvider',
  'incomingServer',
  'outgoingServer',
  'hostname',
  'port',
  'socketType',
  'username',
  'authentication',
  'Autodiscover',
  'Response',
  'Account',
  'Protocol',
  'Server'
]

const anyElement: fc.Memo<string> = fc.memo(depth => {
  const children = depth > 1 ? fc.array(anyElement(depth - 1), { maxLength: 3 }) : fc.constant([])
  return fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom('', ' type="imap"', ' type="smtp"', ' id="x"'),
      fc.string(),
      children
    )
    .map(
      ([name, attributes, text, inner]) =>
        `<${name}${attributes}>${text.replace(/[<&]/g, '')}${inner.join('')}</${name}>`
    )
})

/** A valid document with a part removed or repeated. */
const damaged = fc
  .tuple(fc.constantFrom(clientConfig, autodiscover), fc.nat(1500), fc.nat(60), fc.constantFrom(0, 1, 2))
  .map(
    ([text, at, length, times]) =>
      text.slice(0, at) + text.slice(at, at + length).repeat(times) + text.slice(at + length)
  )

const pacc = {
  protocols: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com' } },
  authentication: { password: true },
  info: { provider: { name: 'x' } }
}

const anyBody = fc.oneof(
  fc.string(),
  fc.json(),
  anyElement(4),
  damaged,
  fc.constantFrom('', '<a/>', '<!DOCTYPE html><html><p/></html>', clientConfig, autodiscover, JSON.stringify(pacc))
)

/** Why not fc.webUrl(): it takes a second to build. */
const anyUrl = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.webAuthority(),
    fc.array(fc.string({ unit: anyCharacter }), { maxLength: 4 })
  )
  .map(([scheme, authority, segments]) =>
    [`${scheme}://${authority}`, ...segments.map(each => encodeURIComponent(each.toWellFormed()))].join('/')
  )

const anyHeaders = fc.record(
  {
    location: fc.oneof(anyUrl, fc.constantFrom('/', '', 'http://', 'ftp://x/', 'https://example.com/mail')),
    'content-type': fc.constantFrom('text/xml', 'application/json', 'text/html', ''),
    'www-authenticate': fc.constant('Basic')
  },
  { requiredKeys: [] }
)

const anyResponse: fc.Arbitrary<HttpResponse | undefined> = fc.option(
  fc.record({
    status: fc.constantFrom(200, 204, 301, 302, 307, 401, 404, 500),
    headers: anyHeaders.map(headers => headers as Record<string, string>),
    body: anyBody
  }),
  { nil: undefined }
)

const anySrv: fc.Arbitrary<SrvRecord> = fc.record({
  priority: fc.nat(2),
  weight: fc.nat(2),
  port: fc.nat(65535),
  target: fc.constantFrom('.', 'imap.example.com', 'mail.example.net.', 'a b', '')
})

const anyTxt = fc.oneof(
  fc.string(),
  fc.constantFrom('mailconf=https://example.com/x', 'mailconf=', 'v=UAAC1; a=sha256; d=', 'v=UAAC1;a=sha256;d=x;;=;')
)

export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    responses: fc.array(anyResponse, { minLength: 1, maxLength: 12 }),
    srv: fc.array(fc.array(anySrv, { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
    txt: fc.array(anyTxt, { maxLength: 2 })
  })
  .map(({ responses, srv, txt }) => {
    let count = 0
    return {
      async exchange() {
        const response = responses[count++ % responses.length]
        if (response === undefined) throw new WorldError('no answer')
        return response
      },
      dns: {
        mx: async () => [{ priority: 1, exchange: 'mx.example.net' }],
        srv: async () => srv[count++ % srv.length] ?? [],
        txt: async () => txt,
        ns: async () => ['ns.example.net'],
        isHost: async () => srv.length % 2 === 0
      }
    }
  })
