import fc from 'fast-check'
import t from 'tap'
import { loginName, resolve, toSite } from '../../src/settings/account.ts'
import { toAddress } from '../../src/settings/address.ts'
import { toDomain } from '../../src/settings/domain.ts'
import { toProvider } from '../../src/settings/provider.ts'
import { createTable } from '../../src/settings/table.ts'
import { exampleProvider } from '../support/settings/example.ts'
import { anyAsciiDomain, anyTyped } from '../support/settings/typed.ts'

const hoster = exampleProvider({
  id: 'hoster',
  domains: ['*.hoster.example', 'hoster.example'],
  mx: ['mx1.in.hoster.net']
})
const umlaut = exampleProvider({ id: 'umlaut', domains: ['müller.example', 'a.hoster.example'] })
const rest = exampleProvider({ id: 'rest', domains: ['rest.example', '*'] })
const onlyRest = exampleProvider({ id: 'only-rest', domains: ['*'], mx: ['mx.only.example'] })

const closed = createTable({ providers: [hoster, umlaut] })
const open = createTable({ providers: [hoster, umlaut, rest] })

/** @returns `provider domain`, or nothing where nothing is served */
function answer(table: typeof closed, domain: string | undefined, host: string | undefined): string | undefined {
  const resolved = resolve(table, { domain, host })
  return resolved && `${resolved.provider.id} ${resolved.domain}`
}

for (const [fact, domain, host, expected] of [
  ["the address's domain decides", 'hoster.example', undefined, 'hoster hoster.example'],
  ['a domain below a wildcard is itself', 'x.y.hoster.example', undefined, 'hoster x.y.hoster.example'],
  ['a name precedes a wildcard', 'a.hoster.example', undefined, 'umlaut a.hoster.example'],
  ['an IDN is found by its A-labels', 'xn--mller-kva.example', undefined, 'umlaut xn--mller-kva.example'],
  ['the domain precedes the host', 'hoster.example', 'autoconfig.müller.example', 'hoster hoster.example'],
  ['the host decides where no domain is known', undefined, 'hoster.example', 'hoster hoster.example'],
  ['autoconfig. is taken off the host', undefined, 'autoconfig.hoster.example', 'hoster hoster.example'],
  ['autodiscover. is taken off the host', undefined, 'autodiscover.hoster.example', 'hoster hoster.example'],
  ['ua-auto-config. is taken off the host', undefined, 'ua-auto-config.hoster.example', 'hoster hoster.example'],
  [
    'only one label is taken off',
    undefined,
    'autoconfig.autoconfig.hoster.example',
    'hoster autoconfig.hoster.example'
  ],
  [
    'letter case, dot and port of the host do not matter',
    undefined,
    'AutoConfig.Hoster.Example.:443',
    'hoster hoster.example'
  ],
  ['a host in U-labels is understood', undefined, 'autoconfig.MÜLLER.example', 'umlaut xn--mller-kva.example'],
  [
    'the host decides where the domain is not served',
    'customer.example',
    'autoconfig.a.hoster.example',
    'umlaut a.hoster.example'
  ],
  [
    'a mail exchanger is answered for its owner',
    'customer.example',
    'autoconfig.mx1.in.hoster.net',
    'hoster hoster.example'
  ],
  [
    "a mail exchanger's parent is answered for its owner",
    'customer.example',
    'autoconfig.in.hoster.net',
    'hoster hoster.example'
  ],
  [
    "a mail exchanger's base domain is answered for its owner",
    undefined,
    'autoconfig.hoster.net',
    'hoster hoster.example'
  ],
  ['other hosts and domains are not served', 'customer.example', 'autoconfig.customer.example', undefined],
  ['a label like autoconfig. is not taken off', undefined, 'autoconfigs.müller.example', undefined],
  ['an address as host is not served', undefined, '[2001:db8::1]:8080', undefined],
  ['an empty host is not served', undefined, '', undefined],
  ['nothing asked is not served', undefined, undefined, undefined]
] as const) {
  t.test(`resolve: ${fact}`, async t => t.equal(answer(closed, domain, host), expected))
}

for (const [fact, domain, host, expected] of [
  ['the default provider answers for every domain', 'customer.example', undefined, 'rest customer.example'],
  [
    'a host that is served precedes the default provider',
    'customer.example',
    'hoster.example',
    'hoster hoster.example'
  ],
  [
    'a mail exchanger precedes the default provider',
    'customer.example',
    'autoconfig.in.hoster.net',
    'hoster hoster.example'
  ],
  ['the default provider answers for every host', undefined, 'autoconfig.customer.example', 'rest customer.example'],
  [
    "the domain is the default provider's, not the other host",
    'customer.example',
    'a.example',
    'rest customer.example'
  ],
  [
    'for a host of one label the default provider answers with its own domain',
    undefined,
    'localhost:8080',
    'rest rest.example'
  ],
  [
    'for an address as host the default provider answers with its own domain',
    undefined,
    '127.0.0.1:8080',
    'rest rest.example'
  ],
  ['with nothing asked the default provider answers with its own domain', undefined, undefined, 'rest rest.example']
] as const) {
  t.test(`resolve: ${fact}`, async t => t.equal(answer(open, domain, host), expected))
}

t.test('resolve: a default provider without a domain of its own needs to be told one', async t => {
  const table = createTable({ providers: [onlyRest] })
  t.equal(answer(table, undefined, '127.0.0.1'), undefined)
  t.equal(answer(table, undefined, 'localhost'), undefined)
  t.equal(answer(table, 'customer.example', '127.0.0.1'), 'only-rest customer.example')
  t.equal(answer(table, undefined, 'autoconfig.mx.only.example'), 'only-rest mx.only.example')
})

t.test('resolve: answers a canonical domain or nothing, whatever the host', async () => {
  fc.assert(
    fc.property(anyTyped, host => {
      const resolved = resolve(open, { domain: undefined, host })
      return resolved !== undefined && toDomain(resolved.domain) === resolved.domain
    })
  )
})

for (const [username, login] of [
  ['%EMAILADDRESS%', 'Jane+tag@xn--mller-kva.example'],
  ['%EMAILLOCALPART%', 'Jane+tag'],
  ['%EMAILDOMAIN%', 'xn--mller-kva.example'],
  ['%EMAILLOCALPART%-%EMAILDOMAIN%', 'Jane+tag-xn--mller-kva.example']
] as const) {
  t.test(`loginName: makes ${username} from the address`, async t => {
    const address = toAddress('Jane+tag@müller.example')
    t.equal(address && loginName({ provider: toProvider(exampleProvider({ username })) }, address), login)
  })
}

t.test('loginName: one that was looked up goes before what the table says', async t => {
  const address = toAddress('jane@example.com')
  const provider = toProvider(exampleProvider(), { looksUpUsers: true })
  t.equal(address && loginName({ provider, login: 'u1234567' }, address), 'u1234567')
  t.equal(address && loginName({ provider, login: undefined }, address), 'jane@example.com')
})

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
