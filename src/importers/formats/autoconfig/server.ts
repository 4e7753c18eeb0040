/**
 * A server of autoconfig that is reached by host and port; others are handed on to `autoconfig-service.ts`.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import type { SocketProtocol } from '../../../settings/provider.ts'
import type { Security, ServerSettings } from '../../../settings/schema.ts'
import type { ImportedServer } from '../../imported.ts'
import type { Reading } from '../../notes.ts'
import { readMethods } from './authentication.ts'
import { readService } from './service.ts'

/** @param above the path of the element's parent, for messages */
export function readServer(element: XmlTree, above: string, reading: Reading): ImportedServer | undefined {
  const { type = '' } = element.attributes
  const protocol = protocols.get(type.toLowerCase())
  if (protocol === undefined) return readService(element, above, reading)
  const what = `${above}${element.name} ${type}`
  const security = readSecurity(element, what, reading)
  const methods = readMethods(element, what, reading)
  dropOthers(element, what, reading)
  if (security === undefined || methods === undefined) return undefined
  const port = textOf(element, 'port')
  const { authentication, note } = methods
  const value: ServerSettings = {
    protocol,
    host: textOf(element, 'hostname') ?? '',
    ...(port !== undefined && { port: Number(port) }),
    security,
    authentication,
    ...(security === 'none' && { allowPlaintext: true })
  }
  const plaintext = security === 'none' ? 'No encryption: passwords cross the network in clear.' : undefined
  const notes = [plaintext, note].filter(text => text !== undefined).join(' ')
  return { ...reading.part(value, element, notes || undefined), username: textOf(element, 'username') }
}

const protocols = new Map<string, SocketProtocol>([
  ['imap', 'imap'],
  ['pop3', 'pop3'],
  ['smtp', 'smtp'],
  ['managesieve', 'managesieve']
])

const securities = new Map<string, Security>([
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls'],
  ['plain', 'none']
])

/** Spec: autoconfig 1.1: several, of which a program takes the first that it knows. */
function readSecurity(element: XmlTree, what: string, reading: Reading): Security | undefined {
  const types = elements(element, 'socketType')
  const known = types.find(type => securities.has(ownText(type).trim()))
  for (const other of types.filter(type => type !== known)) {
    reading.drop(
      other,
      `${what} socketType ${ownText(other).trim()}`,
      'expected one of SSL, STARTTLS, plain, and one only'
    )
  }
  if (known !== undefined) return securities.get(ownText(known).trim())
  reading.drop(element, what, 'it has no socketType SSL, STARTTLS or plain')
  return undefined
}

const read = ['hostname', 'port', 'socketType', 'username', 'authentication']

const reasons = new Map(
  Object.entries<string>({
    password: 'a settings table holds no passwords',
    pop3: 'how long mail stays on the server is the choice of the person',
    restriction: 'which networks may use a server has no field'
  })
)

function dropOthers(element: XmlTree, what: string, reading: Reading): void {
  for (const child of elements(element).filter(({ name }) => !read.includes(name))) {
    reading.drop(child, `${what} ${child.name}`, reasons.get(child.name) ?? 'the table has no such field')
  }
  for (const name of read.slice(0, -1).filter(each => each !== 'socketType')) {
    for (const child of elements(element, name).slice(1)) {
      reading.drop(child, `${what} ${name}`, 'there is one already')
    }
  }
}

/** @returns the text of the first child of the name, trimmed */
function textOf(element: XmlTree, name: string): string | undefined {
  const [first] = elements(element, name)
  return first && ownText(first).trim()
}
