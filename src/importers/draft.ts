/**
 * An imported provider that becomes settings: what it says as settings, and copies of it without an invalid value.
 */
import { found, type Path } from '../settings/load/finding.ts'
import type { ProviderSettings, ServerSettings } from '../settings/schema.ts'
import type { Dropped, Extra, ImportedProvider, Part } from './imported.ts'

export interface Draft extends ImportedProvider {
  /** A pattern with placeholders. */
  readonly username?: Part<string> | undefined
  /** Comments about servers that the check refuses. */
  readonly refused?: readonly string[]
}

/** @returns settings that are not checked yet */
export function providerSettings(draft: Draft): ProviderSettings {
  const { id, name, shortName, domains, mx = [], username, servers, documentation = [], webmail, oauth, apple } = draft
  const { autodiscover } = draft
  const include = (draft.include ?? []).filter(extra => hasExtra[extra](draft))
  return {
    id,
    name: name?.value ?? id.slice(0, nameLimit),
    ...(shortName && { shortName: shortName.value }),
    domains: domains.map(bareValue),
    ...(mx.length > 0 && { mx: mx.map(bareValue) }),
    ...(username && { username: username.value }),
    servers: servers.map(bareValue),
    ...(documentation.length > 0 && { documentation: documentation.map(bareValue) }),
    ...(webmail && { webmail: webmail.value }),
    ...(oauth && { oauth: oauth.value }),
    ...(autodiscover && { autodiscover: autodiscover.value }),
    ...(include.length > 0 && { autoconfig: { include } }),
    ...(apple && { apple })
  }
}

/** @param path in the settings of the provider. @returns a description of the value at the path, and its origin */
export function locate(draft: Draft, path: Path): Omit<Dropped, 'why'> {
  const [key, index] = path
  const part = partAt(draft, key, index)
  const name = part === undefined ? '' : ` ${nameOf(part.value)}`
  return { origin: part?.origin ?? draft.origin, what: `${String(key).replace(/(?<=n|r)s$/, '')}${name}`.trimEnd() }
}

/** Longer names are shortened. Spec: draft-ietf-mailmaint-autoconfig-06, displayName. */
const nameLimit = 60

const lists = ['domains', 'mx', 'servers', 'documentation'] as const

/** @param paths of list items. @returns the draft without these items */
export function withoutItems(draft: Draft, paths: readonly Path[]): Draft {
  const removed = new Set(paths.map(([key, index]) => `${key} ${index}`))
  const kept = lists.map(key => [
    key,
    draft[key]?.filter((_: Part<unknown>, index: number) => !removed.has(`${key} ${index}`))
  ])
  return { ...draft, ...Object.fromEntries(kept) }
}

/** @returns the draft without the value at the path; undefined if a provider needs this value */
export function without(draft: Draft, path: Path): Draft | undefined {
  const [key = ''] = path
  switch (key) {
    case 'name':
      return draft.name && { ...draft, name: shorten(draft.name) }
    case 'shortName':
    case 'username':
    case 'webmail':
    case 'oauth':
    case 'autodiscover':
      return { ...draft, [key]: undefined }
    default:
      return undefined
  }
}

function bareValue<Value>({ value }: Part<Value>): Value {
  return value
}

const hasExtra: Readonly<Record<Extra, (draft: Draft) => boolean>> = {
  documentation: ({ documentation = [] }) => documentation.length > 0,
  webmail: ({ webmail }) => webmail !== undefined,
  dav: draft => speaks(draft, 'caldav', 'carddav', 'webdav'),
  jmap: draft => speaks(draft, 'jmap'),
  oauth2: ({ oauth, servers }) =>
    oauth !== undefined || servers.some(({ value: { authentication = [] } }) => authentication.includes('oauth2')),
  exchange: draft => speaks(draft, 'ews', 'graph', 'activesync')
}

function speaks({ servers }: Draft, ...protocols: ServerSettings['protocol'][]): boolean {
  return servers.some(({ value }) => protocols.includes(value.protocol))
}

function partAt(
  draft: Draft,
  key: Path[number] | undefined,
  index: Path[number] | undefined
): Part<unknown> | undefined {
  const parts: unknown = Reflect.get(draft, String(key))
  return (Array.isArray(parts) ? parts[Number(index)] : parts) as Part<unknown> | undefined
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return found(value)
  const { protocol, host, url }: Partial<Record<string, unknown>> = { ...value }
  return [protocol, host ?? url].filter(text => text !== undefined).join(' ')
}

/** @returns undefined if the name is not too long, so that something else is wrong with it */
function shorten({ value, ...rest }: Part<string>): Part<string> | undefined {
  const characters = [...value]
  if (characters.length <= nameLimit) return undefined
  return { ...rest, value: characters.slice(0, nameLimit).join('').trimEnd() }
}
