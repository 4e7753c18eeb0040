/**
 * The programs that the page explains, in its order, and for which providers their steps make sense.
 */
import { type Provider, preferred, type Server } from '../../settings/provider.ts'

export interface Program {
  readonly id: ProgramId
  /** As the vendor writes it; not translated. */
  readonly name: string
  /** Where it runs, as the vendors write it; not translated. */
  readonly systems: string
  readonly isFor: (provider: Provider) => boolean
}

export const programIds = [
  'iphone',
  'mac',
  'thunderbird',
  'thunderbirdAndroid',
  'k9',
  'outlookClassic',
  'outlookNew',
  'evolution',
  'kmail',
  'fairemail',
  'deltaChat',
  'davx5',
  'gmail'
] as const

export type ProgramId = (typeof programIds)[number]

const described: Readonly<Record<ProgramId, Omit<Program, 'id'>>> = {
  iphone: { name: 'iPhone, iPad', systems: 'iOS, iPadOS', isFor: hasMail },
  mac: { name: 'Apple Mail', systems: 'macOS', isFor: hasMail },
  thunderbird: { name: 'Thunderbird', systems: 'Windows, macOS, Linux', isFor: hasMail },
  thunderbirdAndroid: { name: 'Thunderbird for Android', systems: 'Android', isFor: hasMail },
  k9: { name: 'K-9 Mail', systems: 'Android', isFor: hasMail },
  outlookClassic: { name: 'Outlook (classic)', systems: 'Windows', isFor: takesPassword },
  outlookNew: { name: 'New Outlook', systems: 'Windows, macOS', isFor: takesPassword },
  evolution: { name: 'Evolution', systems: 'Linux', isFor: hasMail },
  kmail: { name: 'KMail', systems: 'Linux', isFor: hasMail },
  fairemail: { name: 'FairEmail', systems: 'Android', isFor: hasMail },
  deltaChat: { name: 'Delta Chat', systems: 'Android, iOS, Windows, macOS, Linux', isFor: takesChat },
  davx5: { name: 'DAVx⁵', systems: 'Android', isFor: hasDav },
  gmail: { name: 'Gmail', systems: 'Android', isFor: takesPassword }
}

export const programs: readonly Program[] = programIds.map(id => ({ id, ...described[id] }))

/** Mail comes in and goes out: what every mail program needs. */
function hasMail(provider: Provider): boolean {
  return mailServers(provider).length === 2
}

/** Why: several programs know OAuth 2.0 only for the providers that their vendors have an arrangement with. */
function takesPassword(provider: Provider): boolean {
  const servers = mailServers(provider)
  return servers.length === 2 && servers.every(({ authentication }) => authentication.includes('password'))
}

function takesChat(provider: Provider): boolean {
  return takesPassword(provider) && preferred(provider, 'imap') !== undefined
}

function hasDav({ services }: Provider): boolean {
  return services.some(({ protocol }) => protocol === 'caldav' || protocol === 'carddav')
}

/** @returns the incoming and the outgoing server that programs are told */
function mailServers(provider: Provider): Server[] {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  return [incoming, preferred(provider, 'smtp')].filter(server => server !== undefined)
}
