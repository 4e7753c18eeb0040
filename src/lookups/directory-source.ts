/**
 * A settings table, and beside it a directory that knows more domains.
 */
import type { Logger } from 'pino'
import { toMailSite } from '../settings/account.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import type { Cached } from './cached.ts'
import type { Entry } from './entry.ts'
import type { Sharer } from './shares.ts'
import { createVariants } from './variants.ts'
import { withDomain } from './with-domain.ts'

export interface DirectorySourceOptions {
  readonly directory: Pick<Cached<Entry>, 'find'>
  readonly logger: Logger
}

/**
 * The order is that of `resolve`: the domain of the address, in the table and then in the directory; the host asked, in
 * the same way; a mail exchanger; the default provider.
 * @param source the table, with the domains that are always known
 */
export function createDirectorySource(
  source: Pick<Source, 'table'>,
  { directory, logger }: DirectorySourceOptions
): Source {
  const variants = createVariants(logger)

  function forDomain(domain: string, host: string | undefined, { client }: Search): Table | Promise<Table> {
    const { table } = source
    if (table.find(domain) !== undefined) return table
    const entry = directory.find(domain, client)
    const forHost = () => forSite(toMailSite(host), { client, done: domain })
    const follow = (known: Entry | undefined) => withEntry(domain, known) ?? forHost()
    return entry instanceof Promise ? entry.then(follow) : follow(entry)
  }

  function forSite(site: string | undefined, { client, done }: Search): Table | Promise<Table> {
    const { table } = source
    if (site === undefined || site === done) return table
    if ((table.find(site) ?? table.findExchanger(site)) !== undefined) return table
    const entry = directory.find(site, client)
    if (!(entry instanceof Promise)) return withEntry(site, entry) ?? table
    return entry.then(known => withEntry(site, known) ?? source.table)
  }

  /** @returns the table with one more domain; undefined where the entry brings none */
  function withEntry(domain: string, entry: Entry | undefined): Table | undefined {
    const { table } = source
    const provider = entry && variants.providerOf(table, entry)
    return provider && withDomain(table, domain, provider)
  }

  return {
    get table() {
      return source.table
    },
    tableFor: (domain, host, { client } = {}) =>
      domain === undefined ? forSite(toMailSite(host), { client }) : forDomain(domain, host, { client })
  }
}

interface Search {
  /** As of `Asker`. */
  readonly client: Sharer
  /** What the directory has been asked already. */
  readonly done?: string
}
