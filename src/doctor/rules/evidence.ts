/**
 * The input of all rules: an examination, the settings that most mail programs agree on, and the result of each program.
 */

import type { FoundAccount, FoundServer } from '../../clients/model/client.ts'
import { type Advertisement, advertisements, placeOf } from '../look/advertisement.ts'
import type { Examination, Program } from '../look/examination.ts'

export interface Evidence extends Examination {
  readonly advertisements: readonly Advertisement[]
  /** Undefined if no program finds a mail server. */
  readonly agreed: AgreedSettings | undefined
  readonly verdicts: readonly Verdict[]
}

export function toEvidence(examination: Examination): Evidence {
  const { visits, dns, subject, programs } = examination
  const agreed = agreedSettings(programs, subject.address)
  return {
    ...examination,
    advertisements: advertisements(visits, dns, subject),
    agreed,
    verdicts: programs.map(program => verdictOf(program, agreed, subject.address))
  }
}

export interface AgreedSettings {
  readonly incoming: FoundServer
  readonly outgoing: FoundServer | undefined
}

/**
 * The settings that most mail programs find. Why most: the settings table of the domain is unknown, and a deviation from the
 * majority is what surprises an administrator.
 * @returns undefined if no program finds a mail server
 */
export function agreedSettings(programs: readonly Program[], address: string): AgreedSettings | undefined {
  const accounts = programs.map(({ discovery }) => discovery.account).filter(account => account !== undefined)
  const named = accounts.map(account => withUsernames(account, address))
  const incoming =
    mostNamed(named.map(account => account.incoming).filter(({ protocol }) => protocol === 'imap')) ??
    mostNamed(named.map(account => account.incoming).filter(({ protocol }) => protocol === 'pop3'))
  if (incoming === undefined) return undefined
  const sending = named.map(({ outgoing }) => outgoing).filter(server => server !== undefined)
  return { incoming, outgoing: mostNamed(sending.filter(({ protocol }) => protocol === 'smtp')) }
}

/** Why: a program that finds no user name in a document logs in with the address. */
function withUsernames({ incoming, outgoing }: FoundAccount, address: string) {
  const named = (server: FoundServer) => ({ ...server, username: server.username ?? address })
  return { incoming: named(incoming), outgoing: outgoing && named(outgoing) }
}

/** @returns the first one if several are equally frequent */
function mostNamed(servers: readonly FoundServer[]): FoundServer | undefined {
  const groups = [...Map.groupBy(servers, server => JSON.stringify([placeOf(server), server.username])).values()]
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0]
}

export interface Verdict {
  readonly program: Program
  /** Whether the program finds the same settings as most, different ones, or nothing. */
  readonly verdict: 'same' | 'different' | 'nothing'
  /** What differs, or why it finds nothing; empty if all is well. */
  readonly reason: string
}

export function verdictOf(program: Program, agreed: AgreedSettings | undefined, address: string): Verdict {
  const { account, reason = '' } = program.discovery
  if (account === undefined) return { program, verdict: 'nothing', reason }
  const differences = agreed === undefined ? [] : compare(account, agreed, address)
  return { program, verdict: differences.length === 0 ? 'same' : 'different', reason: differences.join('; ') }
}

function compare({ incoming, outgoing }: FoundAccount, agreed: AgreedSettings, address: string): string[] {
  // Why: these programs use a protocol that the others do not have.
  if (['activesync', 'exchange', 'jmap'].includes(incoming.protocol)) return []
  return [
    ...difference(incoming, agreed.incoming, address),
    ...(outgoing === undefined || agreed.outgoing === undefined ? [] : difference(outgoing, agreed.outgoing, address))
  ]
}

function difference(found: FoundServer, expected: FoundServer, address: string): string[] {
  const username = found.username ?? address
  return [
    ...(placeOf(found) === placeOf(expected) ? [] : [`uses ${placeOf(found)}, others use ${placeOf(expected)}`]),
    ...(username === expected.username
      ? []
      : [`logs in to ${found.protocol} as ${username}, others as ${expected.username}`])
  ]
}
