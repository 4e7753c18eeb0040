/**
 * When programs fail with any table: tables that differ from the plain one in a single way show which programs cannot use it.
 */
import assert from 'node:assert/strict'
import type { DnsRecord } from '../dns/record.ts'
import { load } from '../settings/load/load.ts'
import { toAddress } from '../settings/question/address.ts'
import { resolve } from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import { type ClientResult, conformanceMatrix } from './matrix.ts'
import { type DavResult, tableMatrix } from './table-matrix.ts'
import { createTableWorld } from './table-world.ts'

/** By the name of the program: conditions, each with what happens. Programs that never fail are missing. */
export type KnownFailures = ReadonlyMap<string, readonly string[]>

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

/**
 * @param pause called between steps, each of which takes some 30 ms. @returns the failures of mail programs, and of programs for
 * calendars and contacts
 */
export async function knownFailures(pause: () => Promise<unknown> = async () => undefined): Promise<KnownFailures> {
  const failures = new Map<string, string[]>()
  const add = (name: string, text: string) => failures.set(name, [...(failures.get(name) ?? []), text])
  for (const trait of traits) {
    await pause()
    for (const { client, verdict, detail } of await rowsOf(trait)) {
      if (verdict !== 'same') add(client.name, `${trait.title}: it ${detail}`)
    }
  }
  const [matrix] = await tableMatrix(tableOf(settingsOf({}).replace('[example.com]', '[bücher.example]')))
  assert(matrix?.nativeScript)
  for (const { name } of matrix.nativeScript.lost) {
    add(name, 'a person types an internationalised domain in its own script: it finds nothing')
  }
  for (const { client, found, withRecords } of await davRows()) {
    if (found.caldav === undefined) add(client.name, 'a server is at another host without SRV records')
    if (withRecords.caldav === undefined) add(client.name, 'a server is at another host with SRV records')
  }
  return failures
}

async function davRows(): Promise<readonly DavResult[]> {
  const caldav = '{ protocol: caldav, url: "https://dav.example.com/calendars/" }'
  const [matrix] = await tableMatrix(tableOf(settingsOf({ servers: [imap, smtp, caldav] })))
  assert(matrix)
  return matrix.davRows
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

function settingsOf({ servers = [imap, smtp], provider = '', table = '' }: Partial<Trait>): string {
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

function tableOf(settings: string): Table {
  const { table } = load(settings, 'example.yaml')
  assert(table)
  return table
}
