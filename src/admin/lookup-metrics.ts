/**
 * Metrics of lookups: customers' domains and login names in directories, MX records in the DNS, names for certificates.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { DirectoryLookup } from '../lookups/directory-lookup.ts'
import type { Domains } from '../lookups/domains.ts'
import type { MxLookup } from '../lookups/mx-lookup.ts'
import type { UserLookup } from '../lookups/user-lookup.ts'
import type { RegisterMetrics } from './metrics.ts'
import type { TlsAsk } from './tls-ask.ts'

/** @param tlsAsk given in the process that has the admin service */
export function lookupMetrics(
  { customers, mxLookUp, users }: Pick<Domains, 'customers' | 'mxLookUp' | 'users'>,
  tlsAsk?: Pick<TlsAsk, 'counts'>
): RegisterMetrics {
  return registry => {
    if (customers !== undefined) registerDirectory(registry, customers)
    if (mxLookUp !== undefined) registerMxLookup(registry, mxLookUp)
    if (users !== undefined) registerUsers(registry, users)
    if (tlsAsk !== undefined) {
      registerCounts(registry, 'answer', {
        name: 'signpost_tls_ask_total',
        help: 'Names for which a certificate was requested, by answer.',
        counts: () => tlsAsk.counts
      })
    }
  }
}

function registerDirectory(
  registry: Registry,
  { directory, cache }: Pick<DirectoryLookup, 'directory' | 'cache'>
): void {
  registerUp(registry, directory, {
    name: 'signpost_directory_up',
    help: '1 while the directory answers, else 0.'
  })
  registerCounts(registry, 'result', {
    name: 'signpost_directory_lookups_total',
    help: 'Lookups of domains that no list in the table has, by result.',
    counts: () => cache.counts
  })
  registerCounts(registry, 'result', {
    name: 'signpost_directory_queries_total',
    help: 'Queries sent to the directory, by result: ok, failed, refused.',
    counts: () => directory.queries
  })
  registerRestarts(registry, directory, {
    name: 'signpost_directory_restarts_total',
    help: 'Processes of the directory driver started in place of one that had stopped.'
  })
  registerSizes(registry, cache, {
    name: 'signpost_directory_kept_domains',
    help: 'Cached answers: domains that the directory knows, and those that it does not know.'
  })
}

function registerMxLookup(registry: Registry, { cache }: Pick<MxLookup, 'cache'>): void {
  registerCounts(registry, 'result', {
    name: 'signpost_mx_lookups_total',
    help: 'MX lookups for unlisted domains, by result.',
    counts: () => cache.counts
  })
  registerSizes(registry, cache, {
    name: 'signpost_mx_kept_domains',
    help: 'Cached answers: domains whose mail goes to the mx of a provider, and all others.'
  })
}

/** Why no more: no metric may reveal how many of the addresses that were looked up exist. */
function registerUsers(registry: Registry, { directory, counts }: Pick<UserLookup, 'directory' | 'counts'>): void {
  registerUp(registry, directory, {
    name: 'signpost_users_up',
    help: '1 while the directory of users answers, else 0.'
  })
  registerCounts(registry, 'result', {
    name: 'signpost_users_lookups_total',
    help: 'Lookups of login names, by result.',
    counts: () => counts
  })
  registerCounts(registry, 'result', {
    name: 'signpost_users_queries_total',
    help: 'Queries sent to the directory of users, by result: ok, failed, refused.',
    counts: () => directory.queries
  })
  registerRestarts(registry, directory, {
    name: 'signpost_users_restarts_total',
    help: 'Processes of the driver of users started in place of one that had stopped.'
  })
}

interface Described {
  readonly name: string
  readonly help: string
}

interface Counts extends Described {
  readonly counts: () => Readonly<Record<string, number>>
}

function registerCounts(registry: Registry, label: 'answer' | 'result', { name, help, counts }: Counts): void {
  new Counter({
    ...{ name, help, labelNames: [label], registers: [registry] },
    collect() {
      this.reset()
      for (const [value, count] of Object.entries(counts())) this.inc({ [label]: value }, count)
    }
  })
}

function registerSizes(
  registry: Registry,
  cache: { readonly sizes: Readonly<Record<string, number>> },
  text: Described
) {
  new Gauge({
    ...{ ...text, labelNames: ['kind'], registers: [registry] },
    collect() {
      for (const [kind, size] of Object.entries(cache.sizes)) this.set({ kind }, size)
    }
  })
}

function registerUp(registry: Registry, directory: { readonly up: boolean | undefined }, text: Described): void {
  new Gauge({
    ...{ ...text, aggregator: 'min', registers: [registry] },
    collect() {
      this.set(directory.up === true ? 1 : 0)
    }
  })
}

function registerRestarts(registry: Registry, directory: { readonly restarts: number }, text: Described): void {
  new Counter({
    ...{ ...text, registers: [registry] },
    collect() {
      this.reset()
      this.inc(directory.restarts)
    }
  })
}
