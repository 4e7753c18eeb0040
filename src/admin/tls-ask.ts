/**
 * Whether a certificate may be fetched for a name that somebody asked for by TLS: what Caddy's `on_demand_tls` wants to
 * know, https://caddyserver.com/docs/caddyfile/options#on-demand-tls.
 */
import { SignpostError } from '../errors.ts'
import { toMailSite, toSite } from '../settings/account.ts'
import { toDomain } from '../settings/domain.ts'
import type { Settings } from '../settings/schema.ts'
import type { Source } from '../sources/source.ts'

export type Verdict = 'served' | 'not-served' | 'unavailable'

export interface TlsAsk {
  /** @param name of the server, as a client wrote it. @returns `unavailable` where nobody can say at the moment */
  judge(name: string): Promise<Verdict>
  readonly counts: Readonly<Record<Verdict, number>>
}

export interface TlsAskOptions {
  /** Domains count that only `*.example.com` covers. */
  readonly patterns: boolean
}

/**
 * Why so little: an authority issues so many certificates a week to one account, and whoever may name what they are for
 * uses them up for everybody. So there is an end of the names that are allowed: those of the default provider have none,
 * and those below a pattern neither.
 * @param source knows the domains that may have certificates
 */
export function createTlsAsk(source: Source, { patterns }: TlsAskOptions): TlsAsk {
  const counts: Record<Verdict, number> = { served: 0, 'not-served': 0, unavailable: 0 }

  async function verdictOn(name: string): Promise<Verdict> {
    const { table } = source
    const site = toDomain(name)
    if (site === undefined) return 'not-served'
    if (site === ownSite(table.settings)) return 'served'
    const domain = toMailSite(site)
    // Why not the domain itself: its website has a certificate from elsewhere, and must not get one here.
    if (domain === undefined || domain === site) return 'not-served'
    if (table.names(domain)) return 'served'
    if ((table.find(domain) ?? table.findExchanger(domain)) !== undefined) return patterns ? 'served' : 'not-served'
    const known = await source.tableFor(domain, undefined)
    return known.find(domain) === undefined ? 'not-served' : 'served'
  }

  return {
    counts,
    async judge(name) {
      const verdict = await verdictOn(name).catch(unavailable)
      counts[verdict] += 1
      return verdict
    }
  }
}

function ownSite({ http }: Settings): string | undefined {
  return http?.publicUrl === undefined ? undefined : toSite(new URL(http.publicUrl).host)
}

function unavailable(error: unknown): Verdict {
  if (error instanceof SignpostError && error.code === 'AC_UNAVAILABLE') return 'unavailable'
  throw error
}
