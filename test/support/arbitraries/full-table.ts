/**
 * Any settings of one provider with more than mail servers. Half of them are so simple that PACC can express them.
 */
import fc from 'fast-check'
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'
import { createTable } from '../../../src/settings/table.ts'
import { type AnyTable, anyTable } from './table.ts'
import { anyText } from './text.ts'

const url = fc.constantFrom('https://example.com/', 'https://bücher.example/?a=1&b=<"2">', 'https://example.com:8443/x')
const include = ['documentation', 'webmail', 'dav', 'jmap', 'oauth2', 'exchange'] as const

const more = fc.record<Partial<ProviderSettings>>(
  {
    webmail: url,
    oauth: fc.record(
      { issuer: url, scope: anyText(20), authorizationUrl: url, tokenUrl: url, clientId: fc.constantFrom('a<b&"c"') },
      { requiredKeys: ['issuer', 'scope', 'authorizationUrl', 'tokenUrl'] }
    ),
    autodiscover: fc.record({
      redirect: fc.constantFrom(
        'https://exchange.example/',
        'https://x.%EMAILDOMAIN%:8443/autodiscover/autodiscover.xml'
      )
    }),
    documentation: fc.array(
      fc.record({
        url,
        text: fc.dictionary(fc.constantFrom('en', 'de'), anyText(20), { minKeys: 1, noNullPrototype: true })
      }),
      { maxLength: 2 }
    ),
    autoconfig: fc.record({
      include: fc.uniqueArray(fc.constantFrom(...include), { minLength: 1, maxLength: include.length })
    })
  },
  { requiredKeys: [] }
)

const authentication = fc.constantFrom<NonNullable<ServerSettings['authentication']>[]>(
  ['password'],
  ['oauth2', 'password'],
  ['oauth2']
)

export const anyFullTable: fc.Arbitrary<AnyTable> = fc
  .record({ any: anyTable, more, plain: fc.boolean(), authentication })
  .map(({ any: { table, domain }, more, plain, authentication }) => {
    const providers = table.settings.providers.map(({ username, servers, ...rest }) => ({
      ...rest,
      ...(!plain && username !== undefined && { username }),
      ...more,
      servers: plain ? servers.map(server => toPlain(server, authentication)) : servers
    }))
    return { table: createTable({ providers }), domain }
  })

function toPlain({ protocol, host }: ServerSettings, authentication: ServerSettings['authentication'] = []) {
  return host === undefined
    ? { protocol, url: 'https://dav.%EMAILDOMAIN%:443/ä', authentication }
    : { protocol, host, authentication }
}
