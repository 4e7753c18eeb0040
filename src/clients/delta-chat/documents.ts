/**
 * How Delta Chat reads documents: with quick-xml 0.41, as a stream of events, and with tag names in any letter case.
 * Every document without a syntax error is read, even a text without any tags.
 */
import { readXmlEvents, type XmlEvent } from '../xml/xml-events.ts'

export interface Listed {
  readonly protocol: 'imap' | 'smtp'
  readonly host: string
  /** 0 if unknown. */
  readonly port: number
  readonly socket: Socket
  /** Empty if unknown. */
  readonly username: string
}

export type Socket = 'ssl' | 'starttls' | 'plain' | 'automatic'

/** @returns undefined if there is a syntax error */
export function readClientConfig(xml: string): Listed[] | undefined {
  const { events, end } = readXmlEvents(xml)
  if (end === 'fault') return undefined
  const sections = cut(events, ['incomingserver', 'outgoingserver'])
  // Observed: chatmail/core 4888889, src/configure/auto_mozilla.rs: parse_serverparams reads incoming before outgoing
  // servers, each of any type.
  return ['incomingserver', 'outgoingserver'].flatMap(kind =>
    sections.filter(({ name }) => name === kind).flatMap(toServer)
  )
}

/** @returns undefined if there is a syntax error */
export function readAutodiscover(xml: string): Listed[] | { readonly redirectUrl: string } | undefined {
  const { events, end } = readXmlEvents(xml)
  const sections = cut(events, ['protocol', 'redirecturl'])
  // Observed: chatmail/core 4888889, src/configure/auto_outlook.rs: parse_xml_reader returns at the first RedirectUrl
  // and ignores everything after it. parse_redirecturl uses its text only if the text comes first in the element.
  const redirect = sections.find(({ name }) => name === 'redirecturl')
  if (redirect !== undefined) return { redirectUrl: redirect.pieces.slice(0, 1).map(textOf).join('') }
  return end === 'fault' ? undefined : sections.flatMap(toProtocol)
}

interface Section {
  /** In lower case. */
  readonly name: string
  readonly attributes: string
  readonly pieces: XmlEvent[]
}

/** Observed: …/auto_mozilla.rs: parse_server: because of `Event::Eof => break`, an unclosed section is read too. */
function cut(events: readonly XmlEvent[], names: readonly string[]): Section[] {
  const sections: Section[] = []
  let current: Section | undefined
  for (const event of events) {
    const name = 'name' in event ? event.name.toLowerCase() : ''
    if (current === undefined) {
      if (event.kind !== 'start' || event.empty || !names.includes(name)) continue
      current = { name, attributes: event.attributes, pieces: [] }
      sections.push(current)
    } else if (event.kind === 'end' && name === current.name) {
      current = undefined
    } else {
      current.pieces.push(event)
    }
  }
  return sections
}

// Observed: …/auto_mozilla.rs: parse_server skips a server without hostname, port and username.
function toServer({ attributes, pieces }: Section): Listed[] {
  const values = readValues(pieces)
  const host = values.get('hostname')
  const port = values.get('port')
  const username = values.get('username')
  if (host === undefined || port === undefined || username === undefined) return []
  const socket = sockets.get(values.get('sockettype')?.toLowerCase() ?? '') ?? 'automatic'
  return toListed(typeOf(attributes), { host, port: toPort(port), socket, username })
}

const sockets: ReadonlyMap<string, Socket> = new Map([
  ['ssl', 'ssl'],
  ['starttls', 'starttls'],
  ['plain', 'plain']
])

// Observed: …/auto_outlook.rs: parse_protocol skips a server without Type, Server and Port. Every value other than
// "off" means on. Encryption and LoginName are not read.
function toProtocol({ pieces }: Section): Listed[] {
  const values = readValues(pieces)
  const host = values.get('server')
  const port = values.get('port')
  if (host === undefined || port === undefined) return []
  const socket = values.get('ssl') === 'off' ? 'plain' : 'automatic'
  return toListed(values.get('type') ?? '', { host, port: toPort(port), socket, username: '' })
}

/**
 * Observed: …/auto_mozilla.rs: parse_server reads only `Event::Text`, and each event overwrites the previous one:
 * `a&amp;b` results in `b`, and CDATA in nothing. quick-xml `trim_text(true)`: white space alone is not a text event.
 */
function readValues(pieces: readonly XmlEvent[]): Map<string, string> {
  const values = new Map<string, string>()
  let tag = ''
  for (const piece of pieces) {
    if (piece.kind === 'start' && !piece.empty) tag = piece.name.toLowerCase()
    const text = textOf(piece)
    if (text !== '') values.set(tag, text)
  }
  return values
}

function textOf(piece: XmlEvent): string {
  return piece.kind === 'text' ? piece.text.trim() : ''
}

function typeOf(attributes: string): string {
  const [, double, single] = /(?:^|\s)type\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes) ?? []
  return double ?? single ?? ''
}

// Observed: …/auto_mozilla.rs: `val.parse().unwrap_or_default()` of a u16: invalid ports become 0.
function toPort(text: string): number {
  const port = /^\+?\d+$/.test(text) ? Number(text) : 0
  return port > 65535 ? 0 : port
}

function toListed(type: string, rest: Omit<Listed, 'protocol'>): Listed[] {
  const protocol = type.toLowerCase()
  return protocol === 'imap' || protocol === 'smtp' ? [{ protocol, ...rest }] : []
}
