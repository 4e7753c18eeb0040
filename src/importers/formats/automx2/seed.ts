/**
 * The JSON from which automx2 fills its database: automx2 2026.2, src/automx2/database.py. Version 2 has domains as objects,
 * and version 1 as texts.
 */
import { isObject, type JsonObject } from '../../../json.ts'
import type { Path } from '../../../settings/load/finding.ts'
import type { Position } from '../../../settings/load/position.ts'
import { defaultPort } from '../../../settings/provider.ts'
import type { Dropped, Imported } from '../../imported.ts'
import { toMailProtocol } from '../../mail-protocol.ts'
import { readJson } from '../../read-json.ts'
import { importAutomx2, textOf } from './automx2.ts'
import type { Automx2Rows, Row } from './database.ts'

/**
 * @param source name of the file in messages
 * @returns undefined unless it is such a seed
 */
export function importAutomx2Seed(text: string, source: string): Imported | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const json = readJson(text)
  if ('fault' in json) return undefined
  const { value: seed, positionOf } = json
  if (!isObject(seed) || seed.provider === undefined || !Array.isArray(seed.domains)) return undefined
  if (itemsOf(seed.servers).length > mostServers) return { providers: [], dropped: [tooMany(source, positionOf)] }
  const positions = new Map<Row, Position>()
  const rowsOf = (key: string, toRow: (item: JsonObject, index: number) => Row): Row[] =>
    itemsOf(seed[key]).map((item, index) => {
      const row = toRow(isObject(item) ? item : { name: item }, index)
      positions.set(row, positionOf([key, index]))
      return row
    })
  const provider: Row = { id: 1, name: seed.provider, short_name: textOf(seed.provider).split(' ')[0] }
  positions.set(provider, positionOf(['provider']))
  const servers = rowsOf('servers', toServerRow)
  const isDav = ({ type }: Row) => type === 'caldav' || type === 'carddav'
  const rows: Automx2Rows = {
    provider: [provider],
    domain: rowsOf('domains', ({ name, ldapserver_id }, id) => ({ id, name, provider_id: 1, ldapserver_id })),
    server: servers.filter(row => !isDav(row)),
    davserver: servers.filter(isDav),
    ldapserver: rowsOf('ldapservers', toLdapRow),
    server_domain: [],
    davserver_domain: []
  }
  const originOf = (_: string, row: Row) => ({ source, ...positions.get(row) })
  const { providers, dropped } = importAutomx2(rows, { originOf, isShared: true })
  return { providers, dropped: [...dropped, ...unread(seed, source)] }
}

/** Why limited: real seeds have about ten servers, and each is checked together with all domains. */
const mostServers = 1000

function tooMany(source: string, positionOf: (path: Path) => Position): Dropped {
  const origin = { source, ...positionOf(['servers']) }
  return { origin, what: 'servers', why: `expected at most ${mostServers}` }
}

const read = ['version', 'provider', 'domains', 'servers', 'ldapservers']

function unread(seed: JsonObject, source: string): Dropped[] {
  return Object.keys(seed)
    .filter(key => !read.includes(key))
    .map(what => ({ origin: { source }, what, why: 'the table has no such field' }))
}

/** Of the ports with TLS. */
function defaultPortOf(type: string): number {
  const mail = toMailProtocol(type)
  return mail === undefined ? 0 : defaultPort(mail.protocol, mail.security ?? 'tls')
}

function toServerRow({ type: word, name, url, port, prio }: JsonObject, id: number): Row {
  const type = textOf(word).toLowerCase()
  if (url !== undefined) {
    const usesTls = /^https:/i.test(String(url))
    return { id, type, url, port: port ?? 0, use_ssl: usesTls ? 1 : 0, user_name: '%EMAILADDRESS%' }
  }
  const number = port ?? defaultPortOf(type)
  const socket_type = [465, 993, 995].includes(Number(number)) ? 'SSL' : 'STARTTLS'
  return { id, type, name, port: number, prio, socket_type, user_name: '%EMAILADDRESS%', authentication: 'plain' }
}

function toLdapRow({ bind_password: _, ...server }: JsonObject): Row {
  const { port = 636, attr_uid = 'uid', search_filter = '(mail={0})', use_ssl = port === 636 } = server
  return { ...server, port, attr_uid, search_filter, use_ssl: use_ssl ? 1 : 0 }
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
