/**
 * The word that was probably meant: misspelt, abbreviated, with text after it (`port:993`), or the name that another program
 * has for it.
 */
import { distance } from 'fastest-levenshtein'

/** @returns the nearest of the known words, ignoring letter case; undefined if none is near */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  const other = synonyms.get(typed.replace(/[-_ /.]/g, ''))?.find(name => known.includes(name))
  return (
    other ??
    known
      .map(name => ({ name, right: name.toLowerCase(), far: distance(name.toLowerCase(), typed) }))
      .sort((a, b) => a.far - b.far)
      .find(({ right, far }) => isNear(right, typed, far) || isPart(right, typed))?.name
  )
}

/** @returns the words for a message: empty, or with a comma before them */
export function suggestion(word: unknown, known: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, known) : undefined
  return near === undefined ? '' : `, did you mean "${near}"?`
}

/** Our names, with those of the programs that administrators come from: Thunderbird, Outlook, Apple, Dovecot, automx2 and others. */
const names: Readonly<Record<string, string>> = {
  pathPrefix:
    'prefix imapprefix folderprefix imappathprefix namespace personalnamespace root rootfolder rootfolderpath',
  host: 'server hostname servername address',
  username: 'user login loginname userid uid account',
  usernameCase: 'lowercase case',
  security: 'ssl tls starttls encryption sockettype usessl ssltls connection',
  authentication: 'auth authmethod authtype method mechanism mechanisms',
  allowPlaintext: 'insecure plaintext allowinsecure',
  protocol: 'type service kind',
  url: 'uri href link endpoint path',
  name: 'displayname title label',
  shortName: 'displayshortname abbreviation',
  servers: 'hosts imap smtp incoming outgoing incomingserver outgoingserver',
  documentation: 'help docs',
  website: 'homepage',
  webmail: 'owa',
  redirect: 'redirecturl',
  oauth: 'oauth2 openid',
  secretFile: 'secret key keyfile',
  passwordFile: 'password',
  include: 'includes import',
  mx: 'exchanger exchangers',
  // Values.
  tls: 'ssl ssltls implicit smtps imaps',
  starttls: 'explicit',
  password: 'plain plaintext cleartext passwordcleartext login normal',
  none: 'plain plaintext cleartext anonymous off',
  'encrypted-password': 'crammd5 digestmd5 passwordencrypted apop md5',
  oauth2: 'oauth xoauth2 oauthbearer modern',
  gssapi: 'kerberos krb5',
  ntlm: 'spa',
  'client-certificate': 'tlsclientcert certificate external',
  smtp: 'submission submissions mta msa',
  managesieve: 'sieve timsieved',
  activesync: 'eas airsync mobilesync exchangeactivesync',
  ews: 'exchange mapi mapihttp',
  graph: 'microsoftgraph office365 microsoft365 m365',
  caldav: 'calendar calendars',
  carddav: 'contacts addressbook',
  webdav: 'dav files',
  mysql: 'mariadb',
  postgres: 'pgsql',
  ldap: 'ad activedirectory openldap'
}

/** Several names if the meaning depends on the field. */
const synonyms = new Map<string, string[]>()
for (const [name, others] of Object.entries(names)) {
  for (const other of others.split(' ')) synonyms.set(other, [...(synonyms.get(other) ?? []), name])
}

function isNear(right: string, typed: string, far: number): boolean {
  if (far > Math.min(Math.max(2, typed.length / 3), Math.max(right.length, typed.length) / 2)) return false
  // Why: of two short words that differ in two letters, one is not the other, unless the letters are the same (smpt).
  return far < 2 || typed.length > 4 || letters(right) === letters(typed)
}

function letters(word: string): string {
  return [...word].sort().join('')
}

function isPart(right: string, typed: string): boolean {
  return Math.min(right.length, typed.length) > 2 && (right.startsWith(typed) || typed.startsWith(right))
}
