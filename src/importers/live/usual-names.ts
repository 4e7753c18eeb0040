/**
 * Finds servers by trying the usual host names.
 */
import type { ServerSettings } from '../../settings/schema.ts'
import type { ImportedProvider, ImportedServer } from '../imported.ts'

/** A server that may exist. */
export interface Candidate {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls'
}

/** @returns whether a server of the protocol answers with a certificate for the host name */
export type IsMailServer = (candidate: Candidate) => Promise<boolean>

const usualServers = {
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

/** @param exchangers mail exchangers of the domain. Often, they are the mail server, too. */
export async function findUsualServers(
  domain: string,
  exchangers: readonly string[],
  isMailServer: IsMailServer
): Promise<ImportedServer[]> {
  const found = protocols.map(async protocol => {
    const candidates = candidatesOf(protocol, domain, exchangers)
    const answers = await Promise.all(candidates.map(isMailServer))
    const candidate = candidates.find((_, index) => answers[index] === true)
    return candidate === undefined
      ? []
      : [toServer(candidate, 'Found by trying the usual names; only its address and certificate were checked.')]
  })
  return (await Promise.all(found)).flat()
}

/** @returns a provider with guessed servers, to start from if nothing was found */
export function guessProvider(domain: string): ImportedProvider {
  const note = 'A guess: no server answered there.'
  const origin = { source: domain }
  const guesses = (['imap', 'smtp'] as const).map(protocol => candidatesOf(protocol, domain, [])[0])
  return {
    origin,
    id: domain,
    domains: [{ value: domain, origin }],
    servers: guesses.filter(guess => guess !== undefined).map(guess => toServer(guess, note)),
    notes: [`No settings were found at ${domain}. The servers are guesses; replace them.`]
  }
}

function candidatesOf(protocol: Candidate['protocol'], domain: string, exchangers: readonly string[]): Candidate[] {
  const { labels, ports } = usualServers[protocol]
  const hosts = new Set([...labels.map(label => `${label}.${domain}`), ...exchangers])
  // Spec: RFC 8314 3 prefers implicit TLS, so it is tried at all hosts before STARTTLS.
  return ports.flatMap(([port, security]) => [...hosts].map(host => ({ protocol, host, port, security })))
}

function toServer(candidate: Candidate, note: string): ImportedServer {
  const value: ServerSettings = { ...candidate }
  return { value, origin: { source: `${candidate.host}:${candidate.port}` }, note, username: undefined }
}
