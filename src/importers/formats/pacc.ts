/**
 * PACC, the IETF's provider configuration: draft-ietf-mailmaint-pacc-02 (`smtp`) and -03 (`submit`).
 */
import { isObject, type JsonObject, parseJson } from '../../json.ts'
import { isSocket } from '../../settings/provider.ts'
import type { Authentication, Protocol } from '../../settings/schema.ts'
import type { Dropped, Imported, ImportedProvider, ImportedServer, Origin, Part } from '../imported.ts'
import { ownDomain, ownerOf } from '../owner.ts'

export interface PaccOrigin {
  /** Name of the document in messages. */
  readonly source: string
  /** The domain of the document, as A-labels. */
  readonly domain: string
}

/** Reads a file. The document does not say its domain. @returns undefined unless it is a PACC document */
export function importPaccFile(text: string, source: string): Imported | undefined {
  const imported = importPacc(text, { source, domain: '' })
  return imported && { ...imported, providers: imported.providers.map(withGuessedDomain) }
}

function withGuessedDomain(provider: ImportedProvider): ImportedProvider {
  const { domain, domainGuess } = ownDomain(ownerOf([]), provider.servers, 'document')
  const { origin } = provider
  return {
    ...provider,
    id: domain ?? '',
    domains: domain === undefined ? [] : [{ value: domain, origin }],
    domainGuess
  }
}

/** @returns undefined unless it is a PACC document */
export function importPacc(body: string, { source, domain }: PaccOrigin): Imported | undefined {
  const document = parseJson(body)
  const protocols = inside(document, 'protocols')
  if (!isObject(protocols)) return undefined
  const origin = { source }
  const text = (value: unknown): Part<string> | undefined => (typeof value === 'string' ? { value, origin } : undefined)
  const named = inside(document, 'info', 'provider')
  const help = text(inside(document, 'info', 'help', 'documentation'))
  const dropped: Dropped[] = unread
    .filter(path => inside(document, ...path) !== undefined)
    .map(path => ({ origin, what: path.join('.'), why: 'the table has no such field' }))
  return {
    providers: [
      {
        origin,
        id: domain,
        name: text(inside(named, 'name')),
        shortName: text(inside(named, 'shortName')),
        domains: [{ value: domain, origin }],
        servers: readServers(protocols, { origin, authentication: methodsOf(document), dropped }),
        documentation: help === undefined ? [] : [{ value: { url: help.value, text: { en: help.value } }, origin }]
      }
    ],
    dropped
  }
}

const unread = [
  ['info', 'provider', 'logo'],
  ['info', 'help', 'developer'],
  ['info', 'help', 'contact'],
  ['authentication', 'oauth-public']
]

/** Spec: authentication methods are not listed per server. */
function methodsOf(document: unknown): Authentication[] {
  const takesPassword = inside(document, 'authentication', 'password') !== false
  const takesOauth = inside(document, 'authentication', 'oauth-public') !== undefined
  const methods: Authentication[] = [
    ...(takesOauth ? ['oauth2' as const] : []),
    ...(takesPassword ? ['password' as const] : [])
  ]
  return methods.length > 0 ? methods : ['password']
}

interface Context {
  readonly origin: Origin
  readonly authentication: Authentication[]
  readonly dropped: Dropped[]
}

function readServers(protocols: JsonObject, { origin, authentication, dropped }: Context): ImportedServer[] {
  // Why: two drafts use different names for the same server.
  const entries = Object.entries(protocols).filter(([key]) => key !== 'smtp' || protocols.submit === undefined)
  return entries.flatMap(([key, value]) => {
    const protocol = names.get(key)
    if (protocol === undefined) {
      dropped.push({ origin, what: `protocols.${key}`, why: 'the table has no such protocol' })
      return []
    }
    const { host, url } = isObject(value) ? value : {}
    const place = isSocket(protocol) ? { host: wordOf(host) } : { url: wordOf(url) }
    // Spec: the user name is always the address.
    return [{ value: { protocol, ...place, authentication }, origin, username: '%EMAILADDRESS%' }]
  })
}

/** Why empty: a check refuses it, and would take "undefined" for the name of a host. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const names = new Map(
  Object.entries<Protocol>({
    imap: 'imap',
    pop3: 'pop3',
    submit: 'smtp',
    smtp: 'smtp',
    managesieve: 'managesieve',
    jmap: 'jmap',
    caldav: 'caldav',
    carddav: 'carddav',
    webdav: 'webdav'
  })
)

/** @returns the value at the path, if there is one */
function inside(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((parent, key) => (isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined), value)
}
