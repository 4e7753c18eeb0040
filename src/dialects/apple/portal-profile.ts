/**
 * Apple profiles for hosting portals. Unlike those that everyone can download, they may contain several mailboxes, their
 * aliases and passwords.
 */
import { type PlistDictionary, writePlist } from '../../formats/plist.ts'
import { fillProvider, personTexts } from '../../settings/fill-provider.ts'
import { type AnyServer, serverLoginName } from '../../settings/names/login-name.ts'
import type { Account } from '../../settings/question/account.ts'
import type { Address } from '../../settings/question/address.ts'
import { type Document, document } from '../document.ts'
import type { PayloadName } from './mail-payload.ts'
import { account, descriptionOf, headersFor, identityOf, payloadsOf } from './profile.ts'

/** One mailbox in a profile. */
export interface ProfileMailbox extends Account {
  readonly address: Address
  /** Further addresses of the mailbox. */
  readonly aliases: readonly Address[]
  /** The name of the person, for the From header. */
  readonly name: string | undefined
  /** Undefined: the device asks for it. */
  readonly password: string | undefined
}

/**
 * @param main gives the profile its name and its identity, so that the profile replaces the one that everyone can download for
 * this address. The providers of all mailboxes must have Apple profiles
 */
export function portalProfile(main: ProfileMailbox, others: readonly ProfileMailbox[] = []): Document {
  const { address, domain } = main
  const provider = fillProvider(main.provider, textsOf(main))
  const mailboxes = [main, ...others]
  const { identifier, profile } = identityOf(address, [])
  const addresses = mailboxes.map(mailbox => mailbox.address.text).join(', ')
  const isComplete = mailboxes.every(({ password }) => password !== undefined)
  const body = writePlist({
    PayloadContent: mailboxes.flatMap(accountsOf),
    // Why: it says which password to enter.
    PayloadDescription: isComplete ? undefined : descriptionOf(provider),
    PayloadDisplayName: `${provider.name} (${addresses})`,
    PayloadIdentifier: identifier,
    PayloadOrganization: provider.name,
    PayloadType: 'Configuration',
    PayloadUUID: profile,
    PayloadVersion: 1
  })
  return document(200, headersFor(domain), body)
}

function textsOf({ domain, address, provider }: ProfileMailbox) {
  return { domain, address: address.text, ...personTexts(address, provider) }
}

function accountsOf(mailbox: ProfileMailbox): PlistDictionary[] {
  const { provider, address, name } = mailbox
  const payloads = payloadsOf(provider)
  const identity = identityOf(address, payloads)
  const loginOf = (server: AnyServer) => serverLoginName(mailbox, address, server)
  const person = { ...textsOf(mailbox), loginOf, name }
  return payloads.map(payload => complete(payload.name, account(payload, identity, person), mailbox))
}

/**
 * Observed: Apple's schema has no key for aliases. mox separates several addresses by commas, and devices accept that. Local
 * parts contain no commas.
 * @returns the account with what only a portal knows
 */
function complete(payload: PayloadName, keys: PlistDictionary, { address, aliases, password }: ProfileMailbox) {
  return payload === 'mail'
    ? {
        ...keys,
        EmailAddress: [address, ...aliases].map(({ text }) => text).join(','),
        ...mailPasswords(keys, password)
      }
    : { ...keys, ...(keys.OAuth === true ? {} : { [passwordKeys[payload]]: password }) }
}

const passwordKeys = { caldav: 'CalDAVPassword', carddav: 'CardDAVPassword', activesync: 'Password' } as const

/** Spec: com.apple.mail.managed.yaml: OutgoingPasswordSameAsIncomingPassword only counts where a person installs the profile. */
function mailPasswords(keys: PlistDictionary, password: string | undefined): PlistDictionary {
  const passwordFor = (method: unknown) => (method === 'EmailAuthNone' ? undefined : password)
  return {
    IncomingPassword: passwordFor(keys.IncomingMailServerAuthentication),
    OutgoingPassword: passwordFor(keys.OutgoingMailServerAuthentication)
  }
}
