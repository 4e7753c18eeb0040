/**
 * The recommended records of a domain, and those of their hosts.
 */
import { createHash } from 'node:crypto'
import { writerOf } from '../../../src/dialects/dialect.ts'
import { pacc } from '../../../src/dialects/pacc.ts'
import { recommendedRecords } from '../../../src/dns/recommended-records.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import type { Table } from '../../../src/settings/table.ts'
import type { ZoneRecord } from './name-server.ts'

export interface ZoneOptions {
  readonly domain: string
  /** Address of every host. */
  readonly address: string
  /** In addition to the domain itself and `signpost.` and `mx.` below it. */
  readonly hosts: readonly string[]
}

export function zoneOf(table: Table, { domain, address, hosts }: ZoneOptions): ZoneRecord[] {
  const resolved = resolve(table, { domain, host: undefined })
  if (resolved === undefined) throw new Error(`the table does not serve ${domain}`)
  const document = writerOf(pacc, resolved.provider)?.({ ...resolved, address: undefined, personName: undefined })
  const paccDigest = document && createHash('sha256').update(document.body).digest('base64')
  const named = [domain, `signpost.${domain}`, `mx.${domain}`, ...hosts]
  return [
    ...recommendedRecords(resolved, { target: `signpost.${domain}`, paccDigest }),
    ...named.map(name => ({ name, type: 'A', address }) as const),
    { name: domain, type: 'MX', priority: 10, exchange: `mx.${domain}` },
    { name: domain, type: 'CAA', tag: 'issue', value: 'letsencrypt.org' }
  ]
}
