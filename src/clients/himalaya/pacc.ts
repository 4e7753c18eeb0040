/**
 * PACC as Himalaya reads it: draft-ietf-mailmaint-pacc-02, but with `smtp` as the key for submission.
 * Observed: pimalaya/io-pim-discovery 5036dfa (2026-08-15), src/pacc/config.rs, src/pacc/discover.rs.
 */
import { createHash } from 'node:crypto'
import { isObject, type JsonObject, parseObject } from '../../json.ts'

export interface Pacc {
  readonly imap: string | undefined
  readonly smtp: string | undefined
  readonly jmap: string | undefined
}

/** @param records TXT at `_ua-auto-config.<domain>`. @returns whether one of them contains the digest of the body */
export function hasDigest(records: readonly string[], body: string): boolean {
  const digest = createHash('sha256').update(body).digest('base64')
  return records.some(record => {
    // Observed: discover.rs ignores letter case in names and in the values of v and a. It skips unknown tags and uses
    // the last of repeated ones.
    const tags = new Map(
      record.split(';').flatMap(tag => {
        const [name = '', ...values] = tag.split('=')
        return values.length === 0 ? [] : [[name.trim().toLowerCase(), values.join('=').trim()] as const]
      })
    )
    return (
      tags.get('v')?.toLowerCase() === 'uaac1' && tags.get('a')?.toLowerCase() === 'sha256' && tags.get('d') === digest
    )
  })
}

/** @returns undefined if it is not JSON, or a value has the wrong type */
export function readPacc(body: string): Pacc | undefined {
  const { protocols, authentication, info } = parseObject(body)
  // Observed: config.rs: all three are mandatory, and so is the provider's name in info.
  if (!isObject(protocols) || !isObject(authentication) || !isObject(info)) return undefined
  if (!isAuthentication(authentication) || !isInfo(info)) return undefined
  const services = ['jmap', 'caldav', 'carddav', 'webdav'].map(name => fieldOf(protocols[name], 'url'))
  const servers = ['imap', 'pop3', 'smtp', 'managesieve'].map(name => fieldOf(protocols[name], 'host'))
  if ([...services, ...servers].includes(null)) return undefined
  const [imap, , smtp] = servers
  return { imap: imap ?? undefined, smtp: smtp ?? undefined, jmap: services[0] ?? undefined }
}

function isAuthentication({ password, 'oauth-public': oauth }: JsonObject): boolean {
  return (isNone(password) || typeof password === 'boolean') && fieldOf(oauth, 'issuer') !== null
}

function isInfo({ provider, help }: JsonObject): boolean {
  return (
    isObject(provider) &&
    typeof provider.name === 'string' &&
    isOptionalText(provider.shortName) &&
    isList(
      provider.logo,
      logo => isObject(logo) && typeof logo.url === 'string' && isOptionalText(logo['content-type'])
    ) &&
    (isNone(help) || (isObject(help) && isHelp(help)))
  )
}

function isHelp({ documentation, developer, contact }: JsonObject): boolean {
  return isOptionalText(documentation) && isOptionalText(developer) && isList(contact, uri => typeof uri === 'string')
}

/** @returns the mandatory text in an optional object; null if it is missing there or has another type */
function fieldOf(value: unknown, field: string): string | null | undefined {
  if (isNone(value)) return undefined
  const text = isObject(value) ? value[field] : undefined
  return typeof text === 'string' ? text : null
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return isNone(value) || (Array.isArray(value) && value.every(isItem))
}

function isOptionalText(value: unknown): boolean {
  return isNone(value) || typeof value === 'string'
}

/** Observed: serde reads null as None. */
function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null
}
