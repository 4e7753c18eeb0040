import fc from 'fast-check'
import t from 'tap'
import { toSite } from '../../../src/settings/question/account.ts'
import { anyAsciiDomain } from '../../support/settings/typed.ts'

for (const [what, header, site] of [
  ['a host', 'example.com', 'example.com'],
  ['a port', 'example.com:8080', 'example.com'],
  ['an empty port', 'example.com:', 'example.com'],
  ['a trailing dot', 'example.com.', 'example.com'],
  ['a trailing dot and a port', 'example.com.:443', 'example.com'],
  ['capital letters', 'Example.COM', 'example.com'],
  ['U-labels', 'müller.example', 'xn--mller-kva.example'],
  ['A-labels', 'XN--MLLER-KVA.example:80', 'xn--mller-kva.example'],
  ['one label', 'localhost:8080', 'localhost'],
  ['no header', undefined, undefined],
  ['an empty header', '', undefined],
  ['only a port', ':80', undefined],
  ['an IPv4 address', '192.0.2.1:80', undefined],
  ['an IPv6 address', '[2001:db8::1]', undefined],
  ['an IPv6 address and a port', '[::1]:8080', undefined],
  ['an IPv6 address without brackets', '::1', undefined],
  ['two ports', 'example.com:80:80', undefined],
  ['a port that is none', 'example.com:http', undefined],
  ['a path', 'example.com/a', undefined],
  ['a user name', 'jane@example.com', undefined],
  ['a list', 'example.com, example.org', undefined],
  ['markup', '<script>', undefined]
] as const) {
  t.test(`toSite: reads ${what} as ${site ?? 'none'}`, async t => t.equal(toSite(header), site))
}

t.test('toSite: reads the same host with and without port, dot and capitals', async () => {
  fc.assert(
    fc.property(anyAsciiDomain, fc.nat(65535), (host, port) => {
      return [host, `${host}.`, `${host}:${port}`, `${host.toUpperCase()}.:${port}`].every(
        text => toSite(text) === host
      )
    })
  )
})
