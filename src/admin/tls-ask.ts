/**
 * Decides whether a certificate may be requested for a host name: what Caddy's `on_demand_tls` asks,
 * https://caddyserver.com/docs/caddyfile/options#on-demand-tls.
 */
import { SignpostError } from '../errors.ts'
import { toSite, withoutServiceLabel } from '../settings/question/account.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { Settings } from '../settings/schema.ts'
import type { Source } from '../sources/source.ts'

export type TlsAnswer = 'served' | 'not-served' | 'unavailable'

export interface TlsAsk {
  /** @param name a host name, as a client sent it. @returns `unavailable` if a directory cannot be reached */
  answer(name: string): Promise<TlsAnswer>
  readonly counts: Readonly<Record<TlsAnswer, number>>
}

export interface TlsAskOptions {
  /** Whether domains that only a pattern such as `*.example.com` covers may have certificates. */
  readonly patterns: boolean
}

/**
 * Why so strict: a certificate authority limits the number of certificates per account and week. If strangers could choose
 * the names, they could use up that limit. So the set of names must be finite, unlike names of the default provider or
 * names matched by a pattern.
 * @param source knows the domains that may have certificates
 */
export function createTlsAsk(source: Pick<Source, 'table' | 'lookUp'>, { patterns }: TlsAskOptions): TlsAsk {
  const counts: Record<TlsAnswer, number> = { served: 0, 'not-served': 0, unavailable: 0 }

  async function decide(name: string): Promise<TlsAnswer> {
    const { table } = source
    const site = toDomain(name)
    if (site === undefined) return 'not-served'
    if (site === ownSite(table.settings)) return 'served'
    // Why not the domain itself or www: the website gets its certificate elsewhere, and must not get one here.
    // Why only one label: names with any number of labels would be infinitely many.
    const domain = withoutServiceLabel(site)
    if (domain === undefined) return 'not-served'
    if (table.names(domain)) return 'served'
    if ((table.find(domain) ?? table.findExchanger(domain)) !== undefined) return patterns ? 'served' : 'not-served'
    return (await source.lookUp(domain, undefined)) === undefined ? 'not-served' : 'served'
  }

  return {
    counts,
    async answer(name) {
      const answer = await decide(name).catch(toUnavailable)
      counts[answer] += 1
      return answer
    }
  }
}

function ownSite({ http }: Settings): string | undefined {
  return http?.publicUrl === undefined ? undefined : toSite(new URL(http.publicUrl).host)
}

/** @throws the error, unless it is AC_UNAVAILABLE */
function toUnavailable(error: unknown): TlsAnswer {
  if (error instanceof SignpostError && error.code === 'AC_UNAVAILABLE') return 'unavailable'
  throw error
}
