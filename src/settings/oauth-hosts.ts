/**
 * The mail servers for which Thunderbird and Thunderbird for Android ship OAuth 2.0 settings. At all other servers, these
 * programs cannot log in with OAuth, because they read neither autoconfig's oAuth2 element nor RFC 8414 metadata.
 */

/**
 * Domains of servers. Observed: releases-comm-central 003b6e9, OAuth2Providers.sys.mjs, kHostnames, without servers that are
 * only for calendars, contacts or tests.
 */
const ofThunderbird: ReadonlySet<string> = new Set([
  'googlemail.com',
  'gmail.com',
  'imap.mail.ru',
  'smtp.mail.ru',
  'imap.yandex.com',
  'smtp.yandex.com',
  'imap.seznam.cz',
  'smtp.seznam.cz',
  'pop3.seznam.cz',
  'yahoo.com',
  'att.net',
  'aol.com',
  'office365.com',
  'outlook.com',
  'hotmail.com',
  'imap.fastmail.com',
  'pop.fastmail.com',
  'smtp.fastmail.com',
  'imap.comcast.net',
  'pop.comcast.net',
  'smtp.comcast.net',
  'thundermail.com'
])

/** Observed: thunderbird-android 484a8c6, TbOAuthConfigurationFactory.kt; K-9 Mail has the same servers. */
const ofThunderbirdAndroid: ReadonlySet<string> = new Set([
  'imap.aol.com',
  'smtp.aol.com',
  'imap.fastmail.com',
  'smtp.fastmail.com',
  'imap.gmail.com',
  'imap.googlemail.com',
  'smtp.gmail.com',
  'smtp.googlemail.com',
  'outlook.office365.com',
  'smtp.office365.com',
  'imap.mail.yahoo.com',
  'smtp.mail.yahoo.com'
])

/** Observed: getHostnameDetails also looks for each parent domain, but not for a single label. */
export function isOauthHostOfThunderbird(host: string): boolean {
  const labels = host.toLowerCase().split('.')
  return labels.some((_, index) => ofThunderbird.has(labels.slice(index).join('.')))
}

/** Observed: the whole host name is looked up. */
export function isOauthHostOfThunderbirdAndroid(host: string): boolean {
  return ofThunderbirdAndroid.has(host.toLowerCase())
}
