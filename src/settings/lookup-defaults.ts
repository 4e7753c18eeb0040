/**
 * How long answers of a directory are used, with every default filled in.
 */
import type { Settings } from './schema.ts'

export type Cache = Required<NonNullable<Settings['cache']>>

export function toCache(settings: Settings['cache']): Cache {
  return {
    seconds: 300,
    // Why a day: a database that is away overnight must not be noticed by anybody who has an account.
    staleSeconds: 86_400,
    negativeSeconds: 60,
    domains: 100_000,
    negativeDomains: 20_000,
    lookups: 200,
    ...settings
  }
}
