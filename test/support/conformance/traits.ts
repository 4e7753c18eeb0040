/**
 * Tables that differ from the plain one in a single way, to show which programs cannot use it.
 */
import assert from 'node:assert/strict'
import type { Client } from '../../../src/clients/model/client.ts'
import { type ClientResult, conformanceMatrix } from '../../../src/conformance/matrix.ts'
import { tableMatrix } from '../../../src/conformance/table-matrix.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import type { DnsRecord } from '../../../src/dns/record.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { tableOf } from '../table-of.ts'

interface Trait {
  /** Completes "It fails if …". */
  readonly title: string
  readonly servers?: readonly string[]
  /** Further fields of the provider. */
  readonly provider?: string
  /** Further blocks of the table. */
  readonly table?: string
  /** Default: an address of the provider. */
  readonly address?: string
  readonly exchanger?: string
  readonly records?: readonly DnsRecord[]
}

const imap = '{ protocol: imap, host: imap.example.com }'
const smtp = '{ protocol: smtp, host: smtp.example.com }'
const changed = (change: string) => [imap, smtp].map(server => server.replace(' }', `, ${change} }`))

const traits: readonly Trait[] = [
  { title: 'the servers use STARTTLS', servers: changed('security: starttls') },
  {
    title: 'the servers use other ports than usual',
    servers: [imap.replace(' }', ', port: 1993 }'), smtp.replace(' }', ', port: 1465 }')]
  },
  { title: 'there is no TLS', servers: changed('security: none, allowPlaintext: true') },
  { title: 'there is only POP3', servers: ['{ protocol: pop3, host: pop.example.com }', smtp] },
  { title: 'the servers accept only OAuth2', servers: changed('authentication: [oauth2]') },
  { title: 'the local part is the login name', provider: 'username: "%EMAILLOCALPART%"' },
  { title: 'the login name contains more than the address', provider: 'username: "mail-%EMAILLOCALPART%"' },
  {
    title: 'imap and smtp have different login names',
    servers: [imap.replace(' }', ', username: "%EMAILLOCALPART%" }'), smtp]
  },
  {
    title: 'login names are looked up in `users`',
    table:
      'users: { type: sqlite, file: u.sqlite, query: "SELECT address, login AS username FROM users WHERE address = :address", unknown: "u######" }'
  },
  {
    title: 'a customer’s domain is known only by its mail exchanger',
    provider: 'mx: [mx.example.com]',
    address: 'jane@customer.example',
    exchanger: 'mx.example.com'
  },
  {
    title: 'there is only Outlook’s Autodiscover',
    provider: 'dialects: { thunderbird: false, apple: false, pacc: false }'
  },
  {
    title: 'there are only SRV records',
    provider: 'dialects: { thunderbird: false, outlook: false, outlook-json: false, apple: false, pacc: false }',
    records: [
      ...(['imaps', 'submissions'] as const).map((service, index) => ({
        ...{ name: `_${service}._tcp.example.com`, type: 'SRV' as const, priority: 0, weight: 1 },
        ...(index === 0 ? { port: 993, target: 'imap.example.com' } : { port: 465, target: 'smtp.example.com' })
      }))
    ]
  }
]

/** @returns for each program that fails, when and how; keyed by its name */
export async function knownFailures(): Promise<Map<string, string[]>> {
  const failures = new Map<string, string[]>()
  const add = ({ name }: Client, text: string) => failures.set(name, [...(failures.get(name) ?? []), text])
  for (const trait of traits) {
    for (const { client, verdict, detail } of await rowsOf(trait)) {
      if (verdict !== 'same') add(client, `${trait.title}: it ${detail}`)
    }
  }
  const [matrix] = await tableMatrix(tableOf(settingsOf({ title: '' }).replace('[example.com]', '[bücher.example]')))
  for (const client of matrix?.nativeScript?.lost ?? []) {
    add(client, 'a person types an internationalised domain in its own script: it finds nothing')
  }
  return failures
}

async function rowsOf(trait: Trait): Promise<ClientResult[]> {
  const table = tableOf(settingsOf(trait))
  const address = toAddress(trait.address ?? 'jane@example.com')
  const { exchanger, records = [] } = trait
  const served = address && resolve(table, { domain: address.domain, host: exchanger })
  assert(served)
  const world = createTableWorld(table, { records, ...(exchanger !== undefined && { exchanger }) })
  return await conformanceMatrix({ ...served, address }, world)
}

function settingsOf({ servers = [imap, smtp], provider = '', table = '' }: Trait): string {
  return `
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    ${provider}
    servers: [${servers.join(', ')}]
${table}
`
}
