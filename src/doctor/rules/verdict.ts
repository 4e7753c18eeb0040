/**
 * What each mail program makes of a domain, held against what most of them find.
 */
import type { FoundAccount, FoundServer } from '../../clients/model/client.ts'
import type { Program } from '../look/examination.ts'
import { placeOf, type Reference } from './agreed-settings.ts'

export interface Verdict {
  readonly program: Program
  /** `same` as most of them, something else, or nothing. */
  readonly verdict: 'same' | 'different' | 'nothing'
  /** What differs, or why it finds nothing; empty where all is well. */
  readonly reason: string
}

export function verdictOf(program: Program, reference: Reference | undefined, address: string): Verdict {
  const { account, reason = '' } = program.discovery
  if (account === undefined) return { program, verdict: 'nothing', reason }
  const differences = reference === undefined ? [] : compare(account, reference, address)
  return { program, verdict: differences.length === 0 ? 'same' : 'different', reason: differences.join('; ') }
}

function compare({ incoming, outgoing }: FoundAccount, reference: Reference, address: string): string[] {
  // Why: these programs have a protocol of their own to speak.
  if (incoming.protocol === 'activesync' || incoming.protocol === 'jmap') return []
  return [
    ...difference(incoming, reference.incoming, address),
    ...(outgoing === undefined || reference.outgoing === undefined
      ? []
      : difference(outgoing, reference.outgoing, address))
  ]
}

function difference(found: FoundServer, expected: FoundServer, address: string): string[] {
  const username = found.username ?? address
  return [
    ...(placeOf(found) === placeOf(expected) ? [] : [`takes ${placeOf(found)}, others ${placeOf(expected)}`]),
    ...(username === expected.username
      ? []
      : [`logs in to ${found.protocol} as ${username}, others as ${expected.username}`])
  ]
}
