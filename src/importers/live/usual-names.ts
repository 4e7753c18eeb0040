/**
 * Servers under the names that they usually have.
 */
import type { ServerSettings } from '../../settings/schema.ts'
import type { ImportedProvider, ImportedServer } from '../imported.ts'

/** A server that may be there. */
export interface Candidate {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls'
}

/** @returns whether a server of the protocol answers there, with a certificate for the name */
export type IsMailServer = (candidate: Candidate) => Promise<boolean>

const places = {
  imap: {
    labels: ['imap', 'mail'],
    ports: [
      [993, 'tls'],
      [143, 'starttls']
    ]
  },
  pop3: { labels: ['pop', 'pop3', 'mail'], ports: [[995, 'tls']] },
  smtp: {
    labels: ['smtp', 'mail'],
    ports: [
      [465, 'tls'],
      [587, 'starttls']
    ]
  }
} as const

const protocols = ['imap', 'pop3', 'smtp'] as const

/** @param exchangers mail exchangers of the domain, which often are the mail server itself */
export async function findUsualServers(
  domain: string,
  exchangers: readonly string[],
  isMailServer: IsMailServer
): Promise<ImportedServer[]> {
  const found = protocols.map(async protocol => {
    const candidates = candidatesOf(protocol, domain, exchangers)
    const answers = await Promise.all(candidates.map(isMailServer))
    const candidate = candidates.find((_, index) => answers[index] === true)
    return candidate === undefined ? [] : [toServer(candidate, 'Found by its name: it answers, and more is not known.')]
  })
  return (await Promise.all(found)).flat()
}

/** What to begin with where nothing is found. */
export function guessProvider(domain: string): ImportedProvider {
  const note = 'A guess: nothing answers there yet.'
  const origin = { source: domain }
  const guesses = (['imap', 'smtp'] as const).map(protocol => candidatesOf(protocol, domain, [])[0])
  return {
    origin,
    id: domain,
    domains: [{ value: domain, origin }],
    servers: guesses.filter(guess => guess !== undefined).map(guess => toServer(guess, note)),
    notes: [`Nothing was found at ${domain}: the servers are guesses, write your own.`]
  }
}

function candidatesOf(protocol: Candidate['protocol'], domain: string, exchangers: readonly string[]): Candidate[] {
  const { labels, ports } = places[protocol]
  const hosts = new Set([...labels.map(label => `${label}.${domain}`), ...exchangers])
  // Why encryption from the first byte at any host before the other way: RFC 8314 3.
  return ports.flatMap(([port, security]) => [...hosts].map(host => ({ protocol, host, port, security })))
}

function toServer(candidate: Candidate, note: string): ImportedServer {
  const value: ServerSettings = { ...candidate }
  return { value, origin: { source: `${candidate.host}:${candidate.port}` }, note, username: undefined }
}
