/**
 * A place beside the settings that knows domains, or mail addresses: a database or a directory of the hoster's.
 */
export interface Directory<V> {
  /**
   * @param name a domain as A-labels; of a directory of users an address, with its domain as A-labels
   * @returns what it says of the name, or undefined where it does not know it; rejects with DirectoryFailure or
   * AC_DIRECTORY_UNFIT where it cannot say
   */
  find(name: string): Promise<V | undefined>
  /** @param changed called with a name of which it says something else now, or with undefined where it may be any */
  watch?(changed: Changed): void
  /** How many processes of its driver were started in place of one that had ended; undefined: the driver has none. */
  readonly restarts?: number | undefined
  close(): Promise<void>
}

export type Changed = (name: string | undefined) => void
