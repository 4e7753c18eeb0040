/**
 * The host name of Signpost in the DNS records of a domain: from an option, the settings table, or a proposal.
 */
import { isIP } from 'node:net'
import type { DnsRecord } from '../dns/record.ts'
import { errors } from '../errors.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { Settings } from '../settings/schema.ts'

export interface SignpostHost {
  /** As A-labels. */
  readonly name: string
  /** Records of the host itself. Empty unless `http.publicUrl` contains an IP address. */
  readonly records: readonly DnsRecord[]
  /** What the administrator must know or fill in, as lines for a comment. */
  readonly notes: readonly string[]
}

export interface SignpostHostOptions {
  /** A host name that replaces the one of the settings, as it was typed. */
  readonly target?: string | undefined
  readonly domain: string
  /** In seconds. */
  readonly ttl: number
}

/** @throws AC_USAGE */
export function signpostHost(
  { http }: Pick<Settings, 'http'>,
  { target, domain, ttl }: SignpostHostOptions
): SignpostHost {
  if (target !== undefined) {
    const name = toDomain(target)
    if (name === undefined) throw errors.usage({ problem: `--target: found "${target}", expected a host name` })
    return { name, records: [], notes: [] }
  }
  const host = http?.publicUrl === undefined ? '' : new URL(http.publicUrl).hostname
  const published = toDomain(host)
  if (published !== undefined) return { name: published, records: [], notes: [] }
  const name = toDomain(`signpost.${domain}`)
  if (name === undefined) {
    throw errors.usage({ problem: `found ${domain}, which is too long for a host below it, expected --target` })
  }
  // Why: neither CNAME nor SRV records can contain the IP address.
  if (isIP(host) > 0) return { name, records: [{ name, type: 'A', address: host }], notes: [] }
  return {
    name,
    records: [],
    notes: [
      `http.publicUrl is not set: Signpost is assumed to be at ${name}. --target names another host.`,
      'Fill in its addresses:',
      `${name}. ${ttl} IN A    <IPv4 address>`,
      `${name}. ${ttl} IN AAAA <IPv6 address>`
    ]
  }
}
