/**
 * How FairEmail reads an autoconfig document: a state machine over the whole file.
 * Observed: M66B/FairEmail e23dd9d, app/src/main/java/eu/faircode/email/EmailProvider.java: getISPDB.
 */

import { type PullEvent, pullXml } from '../xml/xml-pull.ts'
import { isStarttlsPort, isValid, noServer, type Server, type Servers, type User } from './servers.ts'

/** @returns undefined where it throws */
export function readClientConfig(body: string): (Servers & { readonly user: User }) | undefined {
  const events = pullXml(body)
  if (events === undefined) return undefined
  const servers = { imap: noServer, smtp: noServer }
  const seen = new Set<keyof Servers>()
  let current: keyof Servers | undefined
  for (const event of events) {
    const protocol = sections.get(event.name)
    if (protocol !== undefined) {
      // Observed: `hasImap` and `hasSmtp` are set at the end of the first server of any type: no other is read after it.
      current = event.kind === 'start' && event.type === protocol && !seen.has(protocol) ? protocol : undefined
      if (event.kind === 'end') seen.add(protocol)
    } else if (current !== undefined && event.kind === 'start' && event.text !== undefined) {
      servers[current] = { ...servers[current], ...readValue(current, event.name, event.text) }
    }
  }
  return isValid(servers) ? { ...servers, user: readUser(events) } : undefined
}

const sections: ReadonlyMap<string, keyof Servers> = new Map([
  ['incomingServer', 'imap'],
  ['outgoingServer', 'smtp']
])

/** Observed: texts as they are; no placeholder in host names. */
function readValue(protocol: keyof Servers, element: string, text: string): Partial<Server> {
  if (element === 'hostname') return { host: text }
  if (element === 'port') {
    // Observed: Integer.parseInt allows no white space, and its exception ends the reading.
    const port = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN
    // Observed: a port guesses anew, so that a socketType before it is forgotten.
    return { port, starttls: isStarttlsPort(protocol, port) }
  }
  // Observed: any other socketType, plain too, leaves the guess as it is.
  if (element === 'socketType' && text === 'SSL') return { starttls: false }
  if (element === 'socketType' && text === 'STARTTLS') return { starttls: true }
  return {}
}

/** Observed: `<username>` of any element in the file; the last one counts. */
function readUser(events: readonly PullEvent[]): User {
  const names = events.flatMap(event => (event.kind === 'start' && event.name === 'username' ? (event.text ?? []) : []))
  const literal = names.findLast(name => !placeholders.has(name)) ?? ''
  return { type: placeholders.get(names.at(-1) ?? '%EMAILADDRESS%') ?? 'VALUE', literal }
}

const placeholders: ReadonlyMap<string, User['type']> = new Map([
  ['%EMAILADDRESS%', 'EMAIL'],
  ['%EMAILLOCALPART%', 'LOCAL']
])
