/**
 * Servers of automx2 in the words of the table.
 */
import type { Authentication, Security, ServerSettings } from '../../../settings/schema.ts'
import type { Dropped, ImportedServer, Origin } from '../../imported.ts'
import type { Row, TableName } from './database.ts'

/** Notes on rows. */
export interface RowReading {
  readonly originOf: (table: TableName, row: Row) => Origin
  readonly drop: (table: TableName, row: Row, dropped: Pick<Dropped, 'what' | 'why'>) => void
}

export function toServer(row: Row, { originOf, drop }: RowReading): ImportedServer | undefined {
  const protocol = protocols.get(String(row.type).toLowerCase())
  const security = securities.get(String(row.socket_type).toUpperCase())
  const authentication = methods.get(String(row.authentication).toLowerCase())
  const what = `${row.type} ${row.name}`
  if (protocol === undefined) drop('server', row, { what, why: 'expected type imap, pop or smtp' })
  if (security === undefined) {
    drop('server', row, { what: `${what} ${row.socket_type}`, why: 'expected socket_type SSL, STARTTLS or plain' })
  }
  if (authentication === undefined) {
    drop('server', row, { what: `${what} ${row.authentication}`, why: 'the table has no such method' })
  }
  if (protocol === undefined || security === undefined || authentication === undefined) return undefined
  const value: ServerSettings = {
    protocol,
    host: String(row.name),
    port: Number(row.port),
    security,
    authentication: [authentication],
    ...(security === 'none' && { allowPlaintext: true })
  }
  const note = security === 'none' ? 'No encryption: passwords cross the network in clear.' : undefined
  return { value, origin: originOf('server', row), note, username: String(row.user_name) }
}

const protocols = new Map(
  Object.entries<'imap' | 'pop3' | 'smtp'>({
    imap: 'imap',
    pop: 'pop3',
    pop3: 'pop3',
    smtp: 'smtp'
  })
)

const securities = new Map(Object.entries<Security>({ SSL: 'tls', STARTTLS: 'starttls', PLAIN: 'none' }))

const methods = new Map(
  Object.entries<Authentication>({
    plain: 'password',
    'password-cleartext': 'password',
    'password-encrypted': 'encrypted-password',
    oauth2: 'oauth2',
    gssapi: 'gssapi',
    ntlm: 'ntlm',
    'tls-client-cert': 'client-certificate',
    none: 'none'
  })
)

export function toDavServer(row: Row, { originOf, drop }: RowReading): ImportedServer | undefined {
  const type = String(row.type).toLowerCase()
  const what = `${row.type} ${row.url}`
  const protocol = type === 'caldav' || type === 'carddav' ? type : undefined
  if (protocol === undefined) drop('davserver', row, { what, why: 'expected type caldav or carddav' })
  if (row.use_ssl !== 1) drop('davserver', row, { what, why: 'it is without TLS, and the table has https alone' })
  if (protocol === undefined || row.use_ssl !== 1) return undefined
  const username = row.user_name === null ? undefined : String(row.user_name)
  return { value: { protocol, url: urlOf(row) }, origin: originOf('davserver', row), username }
}

/** Observed: automx2 2026.2 (_dav_payload): a port above 0 counts instead of the one in the URL. */
function urlOf({ url, port }: Row): string {
  const text = String(url)
  if (Number(port) < 1 || !URL.canParse(text)) return text
  const moved = new URL(text)
  moved.port = String(port)
  return moved.href
}
