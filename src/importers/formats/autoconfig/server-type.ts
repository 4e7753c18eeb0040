/**
 * The protocol of a mail server in autoconfig: its type, or what its host name and port say if there is none.
 *
 * Observed: Thunderbird (readFromXML.sys.mjs, releases-comm-central cf9726f), Thunderbird for Android, FairEmail, Evolution, KDE and
 * Delta Chat ignore servers without a type and those with another one than imap, pop3 and smtp. A document that has such
 * servers was never tested with these programs, but says what its author wants.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import { type MailProtocol, noteOfWord, toMailProtocol } from '../../mail-protocol.ts'

export interface MailType extends MailProtocol {
  /** A comment for readers of the table, if the type is an assumption. */
  readonly note?: string | undefined
}

/** @returns the type; empty if there is none, and the element does not imply it */
export function typeOf({ name, attributes: { type = '' } }: XmlTree): string {
  return type.trim() || (onlyTypes.get(name) ?? '')
}

/** Spec: draft-ietf-mailmaint-autoconfig-06 and autoconfig 1.1 define a single type for each of these elements. */
const onlyTypes = new Map([
  ['outgoingServer', 'smtp'],
  ['calendar', 'caldav'],
  ['addressBook', 'carddav'],
  ['addressbook', 'carddav'],
  ['fileShare', 'webdav'],
  ['setupServer', 'managesieve']
])

/** @returns undefined if it is not a mail server, or its protocol is in doubt */
export function mailTypeOf(element: XmlTree): MailType | undefined {
  const type = typeOf(element)
  if (type === '') return guessFrom(element)
  const known = toMailProtocol(type)
  return known && { ...known, note: noteOfWord(type, known) }
}

/** Ports of servers for receiving mail. RFC 8314 7.3. */
const incomingPorts = new Map<string, 'imap' | 'pop3'>([
  ['143', 'imap'],
  ['993', 'imap'],
  ['110', 'pop3'],
  ['995', 'pop3']
])

/** Why a host name and a port that differ mean nothing: either of them may be the mistake. */
function guessFrom(element: XmlTree): MailType | undefined {
  const text = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('').trim()
  const port = text('port')
  const byPort = incomingPorts.get(port)
  const byHost = protocolInHost(text('hostname'))
  const protocol = byHost ?? byPort
  if (element.name !== 'incomingServer' || protocol === undefined) return undefined
  if (byPort !== undefined && byPort !== protocol) return undefined
  const clues = [...(byHost === undefined ? [] : ['its host name']), ...(byPort === undefined ? [] : [`port ${port}`])]
  return { protocol, note: `The source has no type. ${protocol} is an assumption because of ${clues.join(' and ')}.` }
}

/** @returns the protocol in the first label, as in imap.example.com, pop3-2.example.com or secure-imap.example.com */
function protocolInHost(host: string): 'imap' | 'pop3' | undefined {
  const [label = ''] = host.split('.')
  const found = label.split(/[-_\d]/).map(word => toMailProtocol(word)?.protocol)
  const [first, ...others] = new Set(found.filter(protocol => protocol === 'imap' || protocol === 'pop3'))
  return others.length > 0 ? undefined : first
}
