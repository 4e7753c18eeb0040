/**
 * A provider on its way from what was imported to settings: what they say, and the same without a part.
 */
import { found, type Path } from '../settings/load/finding.ts'
import type { ProviderSettings, ServerSettings } from '../settings/schema.ts'
import type { Dropped, Extra, ImportedProvider, Part } from './imported.ts'

export interface Draft extends ImportedProvider {
  /** A rule with placeholders. */
  readonly username?: Part<string> | undefined
}

/** @returns not yet checked */
export function toSettings(draft: Draft): ProviderSettings {
  const { id, name, shortName, domains, mx = [], username, servers, documentation = [], webmail, oauth } = draft
  const include = (draft.include ?? []).filter(extra => hasPart[extra](draft))
  return {
    id,
    name: name?.value ?? id.slice(0, nameLimit),
    ...(shortName && { shortName: shortName.value }),
    domains: domains.map(bareOf),
    ...(mx.length > 0 && { mx: mx.map(bareOf) }),
    ...(username && { username: username.value }),
    servers: servers.map(bareOf),
    ...(documentation.length > 0 && { documentation: documentation.map(bareOf) }),
    ...(webmail && { webmail: webmail.value }),
    ...(oauth && { oauth: oauth.value }),
    ...(include.length > 0 && { autoconfig: { include } })
  }
}

/** @param path in the settings of the provider. @returns what stands there, in words, and where it comes from */
export function locate(draft: Draft, path: Path): Omit<Dropped, 'why'> {
  const [key, index] = path
  const part = partAt(draft, key, index)
  const name = part === undefined ? '' : ` ${nameOf(part.value)}`
  return { origin: part?.origin ?? draft.origin, what: `${String(key).replace(/(?<=n|r)s$/, '')}${name}`.trimEnd() }
}

/** What a name is cut to. Spec: draft-ietf-mailmaint-autoconfig-06, displayName. */
const nameLimit = 60

const lists = ['domains', 'mx', 'servers', 'documentation'] as const

/** @param paths of list items. @returns the draft without any of them */
export function withoutItems(draft: Draft, paths: readonly Path[]): Draft {
  const gone = new Set(paths.map(([key, index]) => `${key} ${index}`))
  const kept = lists.map(key => [
    key,
    draft[key]?.filter((_: Part<unknown>, index: number) => !gone.has(`${key} ${index}`))
  ])
  return { ...draft, ...Object.fromEntries(kept) }
}

/** @returns the draft without what stands at the path, or undefined where a provider cannot be without it */
export function without(draft: Draft, path: Path): Draft | undefined {
  const [key = ''] = path
  switch (key) {
    case 'name':
      return draft.name && { ...draft, name: shorten(draft.name) }
    case 'shortName':
    case 'username':
    case 'webmail':
    case 'oauth':
      return { ...draft, [key]: undefined }
    default:
      return undefined
  }
}

function bareOf<Value>({ value }: Part<Value>): Value {
  return value
}

const hasPart: Readonly<Record<Extra, (draft: Draft) => boolean>> = {
  documentation: ({ documentation = [] }) => documentation.length > 0,
  webmail: ({ webmail }) => webmail !== undefined,
  dav: draft => speaks(draft, 'caldav', 'carddav', 'webdav'),
  jmap: draft => speaks(draft, 'jmap'),
  oauth2: ({ oauth, servers }) =>
    oauth !== undefined || servers.some(({ value: { authentication = [] } }) => authentication.includes('oauth2'))
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

/** @returns undefined where the length was not what is wrong */
function shorten({ value, ...rest }: Part<string>): Part<string> | undefined {
  const characters = [...value]
  if (characters.length <= nameLimit) return undefined
  return { ...rest, value: characters.slice(0, nameLimit).join('').trimEnd() }
}
