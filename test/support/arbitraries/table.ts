/**
 * Any settings that pass the check, as a table of one provider.
 */
import fc from 'fast-check'
import { findFaults } from '../../../src/settings/check/check.ts'
import { findMismatches } from '../../../src/settings/load/schema-check.ts'
import { authentications } from '../../../src/settings/schema/provider.ts'
import type { Authentication, ProviderSettings, ServerSettings, Settings } from '../../../src/settings/schema.ts'
import { createTable, type Table } from '../../../src/settings/table.ts'
import { anyDomain } from './address.ts'
import { anyText } from './text.ts'

const host = fc.oneof(
  anyDomain,
  anyDomain.map(domain => `imap.${domain}`),
  fc.constantFrom('%EMAILDOMAIN%', 'mail.%EMAILDOMAIN%', 'mx-%EMAILDOMAIN%')
)

const security = fc.constantFrom<Partial<ServerSettings>[]>(
  {},
  { security: 'tls', port: 4444 },
  { security: 'starttls' },
  { security: 'starttls', port: 4444 },
  { security: 'none', allowPlaintext: true }
)

const mailServer = (protocol: 'imap' | 'pop3' | 'smtp'): fc.Arbitrary<ServerSettings> =>
  fc
    .tuple(
      fc.record(
        {
          protocol: fc.constant(protocol),
          host,
          authentication: fc.oneof(
            fc.constant<Authentication[]>(['password']),
            fc.uniqueArray(fc.constantFrom(...authentications), { minLength: 1, maxLength: 3 })
          )
        },
        { requiredKeys: ['protocol', 'host'] }
      ),
      security
    )
    .chain(([server, choice]) => {
      const plain = { ...server, ...choice }
      return protocol === 'imap' ? fc.constantFrom(plain, { ...plain, pathPrefix: 'INBOX.' }) : fc.constant(plain)
    })

const otherServer: fc.Arbitrary<ServerSettings> = fc.oneof(
  fc.constant<ServerSettings>({ protocol: 'managesieve', host: 'sieve.example.com' }),
  fc.record<ServerSettings, 'protocol' | 'url'>(
    {
      protocol: fc.constantFrom('caldav', 'carddav', 'webdav', 'jmap', 'activesync', 'ews', 'graph'),
      url: fc.constantFrom(
        'https://dav.example.com/',
        'https://DAV.example.com:8443/path?a=1&b=<"2">',
        'https://dav.%EMAILDOMAIN%/%EMAILDOMAIN%',
        'https://dav.example.com/users/%EMAILLOCALPART%/'
      ),
      authentication: fc.uniqueArray(fc.constantFrom(...authentications), { minLength: 1, maxLength: 3 })
    },
    { requiredKeys: ['protocol', 'url'] }
  )
)

/** In any order. Few of them lack a server that mail programs need. */
const servers: fc.Arbitrary<ServerSettings[]> = fc
  .tuple(
    fc.array(mailServer('imap'), { maxLength: 2 }),
    fc.array(mailServer('pop3'), { maxLength: 2 }),
    fc.array(mailServer('smtp'), { maxLength: 3 }),
    fc.array(otherServer, { maxLength: 4 })
  )
  .map(lists => lists.flat())
  .filter(({ length }) => length > 0)
  .chain(list => fc.shuffledSubarray(list, { minLength: list.length }))

const username = fc
  .array(fc.constantFrom('%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%', '.', '-', '+', '\\', '#', '@'), {
    minLength: 1,
    maxLength: 3
  })
  .map(parts => parts.join(''))

const provider: fc.Arbitrary<ProviderSettings> = fc.record(
  {
    id: fc.constant('example'),
    name: anyText(60),
    shortName: anyText(20),
    domains: fc.uniqueArray(
      fc.oneof(
        anyDomain,
        anyDomain.map(domain => `*.${domain}`),
        fc.constant('*')
      ),
      { minLength: 1, maxLength: 3 }
    ),
    username,
    servers,
    password: fc.record({
      note: fc.dictionary(fc.constantFrom('en', 'de', 'pt-BR'), anyText(99), { minKeys: 1, noNullPrototype: true })
    }),
    website: fc.constantFrom('https://example.com/', 'https://example.com/?a=1&b=<"2">')
  },
  { requiredKeys: ['id', 'name', 'domains', 'servers'] }
)

/** One provider, and a domain that it serves. */
export interface AnyTable {
  readonly table: Table
  readonly domain: string
}

export const anyTable: fc.Arbitrary<AnyTable> = provider
  .map((only): Settings => ({ providers: [only] }))
  .filter(settings => findMismatches(settings).length === 0 && !findFaults(settings).some(isError))
  .chain(settings => {
    const [pattern = ''] = settings.providers[0]?.domains ?? []
    const domain = pattern === '*' ? anyDomain : fc.constant(pattern.replace('*', 'below'))
    return fc.record({ table: fc.constant(createTable(settings)), domain })
  })

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error'
}
