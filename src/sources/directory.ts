/**
 * A place beside the settings that knows domains: a database or a directory of the hoster's.
 */
import type { Entry } from './entry.ts'

export interface Directory {
  /**
   * @param domain as A-labels
   * @returns what it says of the domain, or undefined where it does not know it; rejects where it cannot say
   */
  find(domain: string): Promise<Entry | undefined>
  /** @param changed called with a domain whose entry has changed, or with undefined where any may have */
  watch?(changed: Changed): void
  close(): Promise<void>
}

export type Changed = (domain: string | undefined) => void
