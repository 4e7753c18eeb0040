/**
 * Apple configuration profiles: apple/device-management, com.apple.mail.managed, com.apple.caldav.account,
 * com.apple.carddav.account, com.apple.eas.account of Release_iOS-18-1_macOS-15-1 (b6202ca). A profile belongs to one person, so user names that
 * contain the address become patterns again.
 */
import { toAddress } from '../../../settings/address.ts'
import { createImportLog, type ImportLog } from '../../import-log.ts'
import type { Imported, ImportedProvider, ImportedServer } from '../../imported.ts'
import { createPayload, dictionariesOf, type Entry, type Payload, readProfileTree, textOf } from './payload.ts'
import { type Owner, payloadServers, smimeSwitches } from './servers.ts'

/**
 * @param source name of the document in messages
 * @returns undefined unless it is a profile
 */
export function importMobileconfig(text: string, source: string): Imported | undefined {
  const profile = readProfileTree(text)
  const content = profile?.find(({ key }) => key === 'PayloadContent')
  if (profile === undefined || content === undefined) return undefined
  const log = createImportLog(text, source)
  const payloads = dictionariesOf(content).map(entries => createPayload(entries, log))
  const owner = ownerOf(payloads)
  const servers = payloads.flatMap(payload => payloadServers(payload, owner, log))
  const lockable = payloads.filter(({ type }) => smimePayloads.includes(type))
  const locksSmime = lockable.length > 0 && !lockable.some(leavesSmime)
  for (const entry of profile.filter(({ key }) => !read.has(key))) {
    log.drop(entry, entry.key, 'the table has no such field')
  }
  return { providers: [toProvider(profile, { owner, servers, log, content, locksSmime })], dropped: log.dropped }
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

/** @returns the owner of the profile: the first address in it */
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
  readonly log: ImportLog
  readonly content: Entry
  readonly locksSmime: boolean
}

const smimePayloads = ['com.apple.mail.managed', 'com.apple.eas.account']

/** Spec: com.apple.mail.managed.yaml: a switch that the profile does not mention is locked. */
function leavesSmime(payload: Payload): boolean {
  return smimeSwitches.some(key => payload.isTrue(key, false))
}

function toProvider(profile: readonly Entry[], { owner, servers, log, content, locksSmime }: Found): ImportedProvider {
  const names = ['PayloadOrganization', 'PayloadDisplayName']
    .flatMap(key => profile.filter(entry => entry.key === key))
    .flatMap(entry => [textOf(entry)].filter(text => text !== undefined).map(text => log.part(text, entry)))
  const { address } = owner
  const guess = servers
    .map(({ value }) => value.host)
    .find(host => host !== undefined)
    ?.replace(/^[^.]+\.(?=.+\.)/, '')
  const domain = address?.domain ?? guess
  const notes = [
    address === undefined && 'The profile contains no address: the domain is a guess from the server names.',
    locksSmime && 'The profile locks the switches of S/MIME. To leave them to people, remove apple.'
  ]
  return {
    origin: log.originOf(content),
    id: domain ?? '',
    name: names[0],
    domains: domain === undefined ? [] : [log.part(domain, content)],
    servers,
    ...(locksSmime && { apple: { smime: 'locked' as const } }),
    notes: notes.filter(note => note !== false)
  }
}
