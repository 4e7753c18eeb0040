/** Columns with host names, in the directory and in `users`. */
export const hostNames = [
  /** For all servers whose protocol has no host. */
  'host',
  'imap_host',
  'pop3_host',
  'smtp_host',
  'managesieve_host'
] as const

/**
 * Values of a provider that a customer can replace, by their column names in the directory.
 */
export const overrideNames = [...hostNames, 'name', 'short_name', 'website', 'webmail', 'accent', 'support'] as const

export type Overrides = Readonly<Partial<Record<(typeof overrideNames)[number], string>>>
