/**
 * DNS records as input for `nsupdate` (RFC 2136): it replaces records of the same name and type, so that it can be repeated.
 */
import type { DnsRecord, RecordWriter } from './record.ts'
import { recordData } from './zone-file.ts'

export const writeNsupdate: RecordWriter = (records, { ttl }) => {
  if (records.length === 0) return ''
  const sets = Map.groupBy(records, ({ name, type }) => `${name}. ${type}`)
  const lines = [...sets].flatMap(([set, members]) => [
    `update delete ${deletedBefore(set, members)}`,
    ...members.map(record => `update add ${record.name}. ${ttl} IN ${record.type} ${recordData(record)}`)
  ])
  return `${lines.join('\n')}\nsend\n`
}

/**
 * Spec: RFC 2136 3.4.2.2: a server silently ignores a CNAME record for a name that has other records. So they are deleted,
 * too.
 */
function deletedBefore(set: string, members: readonly DnsRecord[]): string {
  return members.some(({ type }) => type === 'CNAME') ? set.replace(/ CNAME$/, '') : set
}
