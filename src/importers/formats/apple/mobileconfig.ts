/**
 * Apple configuration profiles: apple/device-management, com.apple.mail.managed, com.apple.caldav.account,
 * com.apple.carddav.account, com.apple.eas.account of Release_iOS-18-1_macOS-15-1 (b6202ca). A profile belongs to one person, so user names that
 * contain the address become patterns again.
 */
import { createImportLog, type ImportLog } from '../../import-log.ts'
import type { Imported, ImportedProvider, ImportedServer, Part } from '../../imported.ts'
import { createNamesPerson, hostsOf, isProviderName, type Owner, ownDomain, ownerOf } from '../../owner.ts'
import { createPayload, dictionariesOf, type Entry, type Payload, readProfileTree, textOf } from './payload.ts'
import { payloadServers, smimeSwitches } from './servers.ts'

/**
 * @param source name of the document in messages
 * @returns undefined unless it is a profile
 */
export function importMobileconfig(text: string, source: string): Imported | undefined {
  const profile = readProfileTree(text)
  const content = profile?.find(({ key }) => key === 'PayloadContent')
  if (profile === undefined || content === undefined) return undefined
  const log = createImportLog(text, source)
  const dictionaries = dictionariesOf(content)
  const payloads = dictionaries.map(entries => createPayload(entries, log))
  // Why the first address: a profile belongs to one person.
  const owner = ownerOf(payloads.flatMap(payload => addressKeys.map(key => payload.text(key))))
  const servers = payloads.flatMap(payload => payloadServers(payload, owner, log))
  const lockable = payloads.filter(({ type }) => smimePayloads.includes(type))
  const locksSmime = lockable.length > 0 && !lockable.some(leavesSmime)
  for (const entry of profile.filter(({ key }) => !read.has(key))) {
    log.drop(entry, entry.key, 'the table has no such field')
  }
  const name = nameOf(profile, dictionaries, { owner, servers, log })
  return { providers: [toProvider({ owner, servers, log, content, locksSmime, name })], dropped: log.dropped }
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

const addressKeys = ['EmailAddress', 'IncomingMailServerUsername', 'CalDAVUsername', 'CardDAVUsername', 'UserName']

interface Known {
  readonly owner: Owner
  readonly servers: readonly ImportedServer[]
  readonly log: ImportLog
}

/** @returns the organization, or else the title of the profile; undefined if both name a person or a server */
function nameOf(
  profile: readonly Entry[],
  payloads: readonly (readonly Entry[])[],
  { owner, servers, log }: Known
): Part<string> | undefined {
  const valuesOf = (entries: readonly Entry[], key: string) => entries.filter(entry => entry.key === key)
  const accounts = payloads.flatMap(entries => valuesOf(entries, 'EmailAccountName')).map(textOf)
  const namesPerson = createNamesPerson(accounts.filter(name => name !== undefined))
  const hosts = hostsOf(servers)
  const candidates = [
    ...valuesOf(profile, 'PayloadOrganization'),
    ...payloads.flatMap(entries => valuesOf(entries, 'PayloadOrganization')),
    ...valuesOf(profile, 'PayloadDisplayName')
  ]
  return candidates
    .flatMap(entry => {
      const text = textOf(entry)
      return text !== undefined && !namesPerson(text) && isProviderName(text, owner, hosts)
        ? [log.part(text, entry)]
        : []
    })
    .at(0)
}

interface Found extends Known {
  readonly content: Entry
  readonly locksSmime: boolean
  readonly name: Part<string> | undefined
}

const smimePayloads = ['com.apple.mail.managed', 'com.apple.eas.account']

/** Spec: com.apple.mail.managed.yaml: a switch that the profile does not mention is locked. */
function leavesSmime(payload: Payload): boolean {
  return smimeSwitches.some(key => payload.isTrue(key, false))
}

function toProvider({ owner, servers, log, content, locksSmime, name }: Found): ImportedProvider {
  const { domain, domainGuess } = ownDomain(owner, servers, 'profile')
  const note = 'The profile locks the switches of S/MIME. To leave them to people, remove apple.'
  return {
    origin: log.originOf(content),
    id: domain ?? '',
    name,
    domains: domain === undefined ? [] : [log.part(domain, content)],
    domainGuess,
    servers,
    ...(locksSmime && { apple: { smime: 'locked' as const } }),
    notes: locksSmime ? [note] : []
  }
}
