/**
 * What the settings of a domain are, as most of its mail programs find them. Why the most: there is no table to hold them
 * against, and what differs from it is what an administrator does not expect.
 */
import type { FoundAccount, FoundServer } from '../../clients/model/client.ts'
import type { Program } from '../look/examination.ts'

export interface Reference {
  readonly incoming: FoundServer
  readonly outgoing: FoundServer | undefined
}

/** @returns undefined where no program finds a mail server */
export function referenceOf(programs: readonly Program[], address: string): Reference | undefined {
  const accounts = programs.map(({ discovery }) => discovery.account).filter(account => account !== undefined)
  const named = accounts.map(account => withUsernames(account, address))
  const incoming =
    mostNamed(named.map(account => account.incoming).filter(({ protocol }) => protocol === 'imap')) ??
    mostNamed(named.map(account => account.incoming).filter(({ protocol }) => protocol === 'pop3'))
  if (incoming === undefined) return undefined
  const sending = named.map(({ outgoing }) => outgoing).filter(server => server !== undefined)
  return { incoming, outgoing: mostNamed(sending.filter(({ protocol }) => protocol === 'smtp')) }
}

/** Why: a program that takes no user name from a document logs in with the address. */
function withUsernames({ incoming, outgoing }: FoundAccount, address: string) {
  const named = (server: FoundServer) => ({ ...server, username: server.username ?? address })
  return { incoming: named(incoming), outgoing: outgoing && named(outgoing) }
}

/** @returns of several that are named as often, the first */
function mostNamed(servers: readonly FoundServer[]): FoundServer | undefined {
  const groups = [...Map.groupBy(servers, server => JSON.stringify([placeOf(server), server.username])).values()]
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0]
}

interface Place {
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly security: string
}

/** `imap imap.example.com:993 tls` */
export function placeOf({ protocol, host, port, security }: Place): string {
  return `${protocol} ${host.toLowerCase()}:${port} ${security}`
}
