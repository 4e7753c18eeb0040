/**
 * What a customer may have of their own, as a directory names it. `host` stands for all servers that have none.
 */
export const overrideNames = [
  'host',
  'imap_host',
  'pop3_host',
  'smtp_host',
  'managesieve_host',
  'name',
  'short_name',
  'website',
  'webmail',
  'accent',
  'support'
] as const
