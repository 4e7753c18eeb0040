/**
 * Domains that nobody has listed, but whose mail goes to a provider's mail exchangers.
 */
import type { MailExchangers } from '../network/mail-exchangers.ts'
import { toMailSite } from '../settings/account.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import type { Cached } from './cached.ts'
import type { Sharer } from './shares.ts'
import { withDomain } from './with-domain.ts'

type Waiting<T> = T | Promise<T>

/**
 * The domain of the address is looked up before the host asked, as `resolve` wants it.
 * @param source knows domains already: none of these is looked up
 * @param exchangers by domain; where they cannot be known, the domain stays unknown
 */
export function createMxSource(source: Source, exchangers: Pick<Cached<MailExchangers>, 'find'>): Source {
  function extend(table: Table, { domain, host, client }: Searched): Waiting<Table> {
    if (domain === undefined) return forSite(table, toMailSite(host), { client })
    if (table.find(domain) !== undefined) return table
    const forHost = () => forSite(table, toMailSite(host), { client, done: domain })
    return follow(lookUp(table, domain, { client }), known => known ?? forHost())
  }

  function forSite(table: Table, site: string | undefined, { client, done }: Search): Waiting<Table> {
    if (site === undefined || site === done) return table
    if ((table.find(site) ?? table.findExchanger(site)) !== undefined) return table
    return follow(lookUp(table, site, { client }), known => known ?? table)
  }

  /** @returns the table with the domain; undefined where its mail goes elsewhere */
  function lookUp(table: Table, domain: string, { client }: Search): Waiting<Table | undefined> {
    const found = exchangers.find(domain, client)
    // Why no error: today's mail programs come by the host too, and it is answered without the DNS.
    const known = found instanceof Promise ? found.catch(() => undefined) : found
    return follow(known, answer => {
      const provider = answer && providerOf(table, answer)
      return provider && withDomain(table, domain, provider)
    })
  }

  return {
    get table() {
      return source.table
    },
    tableFor(domain, host, { client } = {}) {
      const known = source.tableFor(domain, host, { client })
      const searched = { domain, host, client }
      return known instanceof Promise ? known.then(table => extend(table, searched)) : extend(known, searched)
    }
  }
}

interface Search {
  /** As of `Asker`. */
  readonly client: Sharer
  /** What has been looked up already. */
  readonly done?: string
}

interface Searched extends Search {
  readonly domain: string | undefined
  readonly host: string | undefined
}

/**
 * Why all of the best preference, and of one provider: mail goes to any of them (RFC 5321 5.1), so where others have a part
 * in it, nobody can say who has the mailbox. Those of a lower preference only keep mail for a while.
 */
export function providerOf(table: Table, { hosts }: MailExchangers): Provider | undefined {
  const providers = new Set(hosts.map(table.findMx))
  const [provider] = providers
  return providers.size === 1 ? provider : undefined
}

/** Why not await: what is known already must not wait. */
function follow<T, U>(value: Waiting<T>, next: (value: T) => Waiting<U>): Waiting<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
