/**
 * How Evolution reads an autoconfig document: with GMarkup, value by value, into one result for each protocol. Values
 * before a syntax error are kept, and those of the next document overwrite them.
 */
import { expand } from '../../settings/names/placeholder.ts'
import type { FoundServer, Mailbox } from '../model/client.ts'
import { readXmlEvents } from '../xml/xml-events.ts'

export interface Place {
  host?: string
  port?: number
  username?: string
  security: FoundServer['security']
}

export type Places = Record<'imap' | 'pop3' | 'smtp', Place>

export function emptyPlaces(): Places {
  // Observed: GNOME/evolution 6901b22, src/mail/e-mail-autoconfig.c: EMailAutoconfigResult starts with zeros, and 0
  // is CAMEL_NETWORK_SECURITY_METHOD_NONE.
  return { imap: { security: 'none' }, pop3: { security: 'none' }, smtp: { security: 'none' } }
}

/** @returns false if GMarkup reports an error */
export function readMarkup(xml: string, places: Places, mailbox: Mailbox): boolean {
  const { events, end } = readXmlEvents(xml)
  const open: string[] = []
  let place: Place | undefined
  let text = ''
  for (const event of events) {
    if (event.kind === 'text' || event.kind === 'reference') {
      const more = event.kind === 'text' ? event.text : decode(event.name)
      // Observed: GLib gmarkup.c allows only white space outside elements. Entities that XML does not define are
      // errors.
      if (more === undefined || (open.length === 0 && /[^ \t\r\n]/.test(more))) return false
      text += more
      continue
    }
    if (place !== undefined && text !== '') put(place, open.at(-1), fill(text, mailbox))
    text = ''
    // Observed: GLib gmarkup.c passes CDATA to the passthrough function, which Evolution does not set.
    if (event.kind === 'cdata' || event.kind === 'other') continue
    if (event.kind === 'start') {
      const attributes = readAttributes(event.attributes)
      if (attributes === undefined) return false
      if (isServer(event.name)) {
        // Observed: …/e-mail-autoconfig.c: g_markup_collect_attributes requires exactly one attribute, type.
        if (attributes.size !== 1 || !attributes.has('type')) return false
        place = placeOf(places, attributes.get('type'))
      }
      if (!event.empty) open.push(event.name)
    }
    if (event.kind === 'end') open.pop()
    if (event.kind === 'end' || event.empty) place = isServer(event.name) ? undefined : place
  }
  return end === 'closed' && events.some(({ kind }) => kind !== 'text')
}

function isServer(name: string): boolean {
  return name === 'incomingServer' || name === 'outgoingServer'
}

function placeOf(places: Places, type: string | undefined): Place | undefined {
  return type === 'imap' || type === 'pop3' || type === 'smtp' ? places[type] : undefined
}

// Observed: …/e-mail-autoconfig.c: mail_autoconfig_parse_text does not trim. A repeated element overwrites the
// previous one. Invalid ports and unknown socketTypes change nothing.
function put(place: Place, element: string | undefined, value: string): void {
  if (element === 'hostname') place.host = value
  if (element === 'username') place.username = value
  if (element === 'port') {
    // Observed: …/e-mail-autoconfig.c uses strtol, which reads ` 993x` as 993.
    const port = Number.parseInt(value, 10)
    if (port >= 1 && port <= 65535) place.port = port
  }
  if (element === 'socketType') place.security = securities.get(value) ?? place.security
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['plain', 'none'],
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls']
])

/**
 * Observed: …/e-mail-autoconfig.c: mail_autoconfig_parse_text replaces %EMAILDOMAIN% with `use_domain`, which is set
 * only if the person types a server, so the placeholder disappears. The binary of Evolution 3.46.4 does the same.
 * There, the local part replaces the name that it invented for the query, in any letter case.
 */
function fill(text: string, { address, localPart }: Mailbox): string {
  const values = { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': '' }
  return expand(
    text.replace(/EVOLUTIONUSER/gi, () => localPart),
    values
  )
}

function readAttributes(written: string): Map<string, string> | undefined {
  const attributes = new Map<string, string>()
  // Why sticky: searching from every position would take quadratic time for a long run of white space.
  const attribute = /\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/y
  let end = 0
  for (let found = attribute.exec(written); found !== null; found = attribute.exec(written)) {
    const [, name = '', quoted = ''] = found
    const value = decodeAll(quoted.slice(1, -1))
    // Observed: GLib 2.74 (Debian 12, 2026-12), gmarkup.c: references in attribute values are decoded like those in texts.
    if (value === undefined) return undefined
    attributes.set(name, value)
    end = attribute.lastIndex
  }
  // Observed: GLib gmarkup.c: an unquoted attribute value is an error.
  return written.slice(end).trim() === '' ? attributes : undefined
}

/** @returns undefined if the text has a reference that XML does not define */
function decodeAll(text: string): string | undefined {
  let isDefined = true
  const decoded = text.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
    const character = end === '' ? undefined : decode(name)
    isDefined &&= character !== undefined
    return character ?? ''
  })
  return isDefined ? decoded : undefined
}

function decode(reference: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/.exec(reference) ?? []
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  return isPermitted(code) ? String.fromCodePoint(code) : entities.get(reference)
}

/** Observed: GLib 2.74, gmarkup.c: unescape_gstring_inplace. @param code NaN is none */
function isPermitted(code: number): boolean {
  return (code > 0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"]
])
