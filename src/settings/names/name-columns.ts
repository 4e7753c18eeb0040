/**
 * Columns of `users` with the login names of some protocols only.
 */
export const protocolColumns = ['imap_username', 'pop3_username', 'smtp_username', 'dav_username'] as const

export type ProtocolColumn = (typeof protocolColumns)[number]

/** The login names of one person that were looked up, by column. */
export type LookedUpNames = { readonly username: string } & Readonly<Partial<Record<ProtocolColumn, string>>>
