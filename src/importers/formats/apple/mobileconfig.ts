/**
 * Apple configuration profiles: apple/device-management, com.apple.mail.managed, com.apple.caldav.account,
 * com.apple.carddav.account, com.apple.eas.account (iOS 18.1, macOS 15.1). A profile is one person's: what comes from the
 * address becomes a rule again.
 */
import { toAddress } from '../../../settings/address.ts'
import type { Imported, ImportedProvider, ImportedServer } from '../../imported.ts'
import { createReading, type Reading } from '../../notes.ts'
import { createPayload, type Payload } from './payload.ts'
import { dictionariesOf, type Entry, readProfileTree, textOf } from './property-list.ts'
import { type Owner, payloadServers } from './servers.ts'

/**
 * @param source what findings call the text
 * @returns undefined where it is no profile
 */
export function importMobileconfig(text: string, source: string): Imported | undefined {
  const profile = readProfileTree(text)
  const content = profile?.find(({ key }) => key === 'PayloadContent')
  if (profile === undefined || content === undefined) return undefined
  const reading = createReading(text, source)
  const payloads = dictionariesOf(content).map(entries => createPayload(entries, reading))
  const owner = ownerOf(payloads)
  const servers = payloads.flatMap(payload => payloadServers(payload, owner, reading))
  for (const entry of profile.filter(({ key }) => !read.has(key))) {
    reading.drop(entry, entry.key, 'the table has no such field')
  }
  return { providers: [toProvider(profile, { owner, servers, reading, content })], dropped: reading.dropped }
}

const read = new Set([
  'PayloadContent',
  'PayloadDisplayName',
  'PayloadIdentifier',
  'PayloadOrganization',
  'PayloadType',
  'PayloadUUID',
  'PayloadVersion'
])

/** The person whose profile it is, by the first address in it. */
function ownerOf(payloads: readonly Payload[]): Owner {
  const texts = payloads.flatMap(payload => namesIn(payload))
  const address = texts.map(text => toAddress(text ?? '')).find(found => found !== undefined)
  return { address }
}

const addressKeys = ['EmailAddress', 'IncomingMailServerUsername', 'CalDAVUsername', 'CardDAVUsername', 'UserName']

function namesIn(payload: Payload): (string | undefined)[] {
  return addressKeys.map(key => payload.text(key))
}

interface Found {
  readonly owner: Owner
  readonly servers: readonly ImportedServer[]
  readonly reading: Reading
  readonly content: Entry
}

function toProvider(profile: readonly Entry[], { owner, servers, reading, content }: Found): ImportedProvider {
  const names = ['PayloadOrganization', 'PayloadDisplayName']
    .flatMap(key => profile.filter(entry => entry.key === key))
    .flatMap(entry => [textOf(entry)].filter(text => text !== undefined).map(text => reading.part(text, entry)))
  const { address } = owner
  const guess = servers
    .map(({ value }) => value.host)
    .find(host => host !== undefined)
    ?.replace(/^[^.]+\.(?=.+\.)/, '')
  const domain = address?.domain ?? guess
  const note = address === undefined ? ['The profile has no address: the domain is a guess from the servers.'] : []
  return {
    origin: reading.originOf(content),
    id: domain ?? '',
    name: names[0],
    domains: domain === undefined ? [] : [reading.part(domain, content)],
    servers,
    notes: note
  }
}
