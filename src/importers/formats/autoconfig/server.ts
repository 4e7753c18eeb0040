/**
 * A server in autoconfig, which has either host and port or a URL, and its authentication methods.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import { isUnusual } from '../../../settings/check/server.ts'
import type { ServiceProtocol } from '../../../settings/provider.ts'
import type { Security, ServerSettings } from '../../../settings/schema.ts'
import { type ImportLog, oneLine } from '../../import-log.ts'
import type { ImportedServer } from '../../imported.ts'
import { noteOfWord, plainWord } from '../../mail-protocol.ts'
import { readMethods } from './methods.ts'
import { type MailType, mailTypeOf, typeOf } from './server-type.ts'

/** @param above the path of the element's parent, for messages. @returns no server, one, or the two of Exchange */
export function readServers(element: XmlTree, above: string, log: ImportLog): ImportedServer[] {
  const type = typeOf(element)
  if (type.toLowerCase() === 'exchange') return readExchange(element, above, log)
  // Why ignored: `readOutlookWeb` reads the page.
  if (type.toLowerCase() === 'owa') return []
  const server = readServer(element, above, log)
  return server === undefined ? [] : [server]
}

export function readServer(written: XmlTree, above: string, log: ImportLog): ImportedServer | undefined {
  const { element, spelling } = inUsualCase(written)
  const type = mailTypeOf(element)
  if (type === undefined) return readService(element, above, log)
  const { protocol } = type
  const what = `${above}${element.name} ${typeOf(element) || protocol}`
  // Why: an empty element says nothing, and leading zeros change nothing.
  const port = textOf(element, 'port')?.replace(/^0+(?=\d)/, '') || undefined
  const secured = readSecurity(element, port, { type, what, log })
  const methods = readMethods(element, what, log)
  dropOthers(element, what, log)
  const isNumber = port === undefined || /^\d+$/.test(port)
  if (!isNumber) log.drop(element, what, `its port "${oneLine(port)}" is not a number`)
  if (secured === undefined || methods === undefined || !isNumber) return undefined
  const { security } = secured
  const { authentication } = methods
  const [hostname] = elements(element, 'hostname')
  const value: ServerSettings = {
    protocol,
    host: hostname === undefined ? '' : withPlaceholders(hostname),
    ...(port !== undefined && { port: Number(port) }),
    security,
    authentication,
    ...(security === 'none' && { allowPlaintext: true })
  }
  const plaintext = security === 'none' ? 'No encryption: passwords are sent in clear text.' : undefined
  const { username, note } = readUsername(element)
  const all = [type.note, secured.note, plaintext, methods.note, note, spelling]
  const notes = all.filter(text => text !== undefined).join(' ')
  return { ...log.part(value, element, notes || undefined), username }
}

/** As plain words. Observed: hand-written documents also contain SSL/TLS and none. */
const securities = new Map<string, Security>([
  ['ssl', 'tls'],
  ['ssltls', 'tls'],
  ['tlsssl', 'tls'],
  ['implicittls', 'tls'],
  ['starttls', 'starttls'],
  ['plain', 'none'],
  ['none', 'none']
])

/** Ports that begin with TLS. RFC 8314 7.3. */
const tlsPorts = ['465', '993', '995']

/** Spec: XML 1.0 2.3 distinguishes letter case. Why read all the same: nothing else can be meant. */
function inUsualCase(written: XmlTree): { readonly element: XmlTree; readonly spelling: string | undefined } {
  const usualName = (name: string) => read.find(each => each.toLowerCase() === name.toLowerCase()) ?? name
  const other = elements(written).find(({ name }) => usualName(name) !== name)
  if (other === undefined) return { element: written, spelling: undefined }
  const children = written.children.map(child =>
    typeof child === 'string' ? child : { ...child, name: usualName(child.name) }
  )
  const spelling = `The source has ${other.name}. Most mail programs only read ${usualName(other.name)}.`
  return { element: { ...written, children }, spelling }
}

interface SecurityContext {
  readonly type: MailType
  readonly what: string
  readonly log: ImportLog
}

interface FoundSecurity {
  readonly security: Security
  readonly note?: string | undefined
}

/** Spec: in autoconfig 1.1, there may be several, and a program uses the first one that it knows. */
function readSecurity(
  element: XmlTree,
  port: string | undefined,
  { type, what, log }: SecurityContext
): FoundSecurity | undefined {
  const types = elements(element, 'socketType')
  const wordOf = (socketType: XmlTree) => {
    const word = plainWord(ownText(socketType))
    // Why: there is no such type. Some people mean TLS from the first byte, and others STARTTLS.
    if (word === 'tls') return port !== undefined && !tlsPorts.includes(port) ? 'starttls' : 'ssl'
    return word
  }
  const known = types.find(each => securities.has(wordOf(each)))
  for (const other of types.filter(each => each !== known)) {
    log.drop(other, `${what} socketType ${ownText(other).trim()}`, 'expected exactly one of SSL, STARTTLS, plain')
  }
  const security = known && securities.get(wordOf(known))
  if (known !== undefined && type.security !== undefined && security !== type.security) {
    log.drop(element, what, `its type contradicts its socketType ${ownText(known).trim()}`)
    return undefined
  }
  const found = security === undefined ? impliedSecurity(type, { port, isGiven: types.length > 0 }) : { security }
  if (found === undefined) log.drop(element, what, 'it has no socketType SSL, STARTTLS or plain')
  return found
}

/** @returns what the type or the port says about encryption; undefined if they say nothing, or contradict each other */
function impliedSecurity(
  { security }: MailType,
  { port, isGiven }: { readonly port: string | undefined; readonly isGiven: boolean }
): FoundSecurity | undefined {
  if (isGiven) return undefined
  const byPort = port !== undefined && tlsPorts.includes(port) ? 'tls' : undefined
  const implied = security ?? byPort
  if (implied === undefined || isUnusual({ port: Number(port), security: implied })) return undefined
  const clue = security === undefined ? `port ${port}` : 'its type'
  return {
    security: implied,
    note: `The source has no socketType. ${securityWords[implied]} is an assumption because of ${clue}.`
  }
}

const securityWords = { tls: 'TLS from the first byte', starttls: 'STARTTLS', none: 'plaintext' } as const

const read = ['hostname', 'port', 'socketType', 'username', 'authentication']

const reasons = new Map(
  Object.entries<string>({
    password: 'a settings table contains no passwords',
    pop3: 'users choose how long mail stays on the server',
    restriction: 'the table has no field for networks that may use a server'
  })
)

function dropOthers(element: XmlTree, what: string, log: ImportLog): void {
  for (const child of elements(element).filter(({ name }) => !read.includes(name))) {
    log.drop(child, `${what} ${child.name}`, reasons.get(child.name) ?? 'the table has no such field')
  }
  for (const name of read.slice(0, -1).filter(each => each !== 'socketType')) {
    for (const child of elements(element, name).slice(1)) {
      log.drop(child, `${what} ${name}`, 'there is one already')
    }
  }
}

/** @returns the text of the first child of the name, trimmed */
function textOf(element: XmlTree, name: string): string | undefined {
  const [first] = elements(element, name)
  return first && ownText(first).trim()
}

const untyped = 'it has no type, and its host name and port do not say which protocol it has'

/** A server with a URL: `serverURL` in 1.1, `url` in 1.2. */
export function readService(element: XmlTree, above: string, log: ImportLog): ImportedServer | undefined {
  const type = typeOf(element)
  const what = `${above}${element.name} ${type}`.trimEnd()
  const protocol = urlProtocols.get(type.toLowerCase())
  if (protocol === undefined) {
    log.drop(element, what, type === '' ? untyped : 'the table has no such protocol')
    return undefined
  }
  const methods = readMethods(element, what, log)
  const names = ['url', 'serverURL']
  const [url] = elements(element).filter(({ name }) => names.includes(name))
  const read = ['username', 'authentication']
  for (const child of elements(element).filter(child => child !== url && !read.includes(child.name))) {
    const why = names.includes(child.name) ? 'there is one already' : 'the table has no such field'
    log.drop(child, `${what} ${child.name}`, why)
  }
  if (url === undefined) log.drop(element, what, `it has no ${names.join(' or ')}`)
  if (url === undefined || methods === undefined) return undefined
  const { authentication } = methods
  const { username, note } = readUsername(element)
  const notes = [noteOfWord(type, { protocol }), methods.note, note].filter(text => text !== undefined).join(' ')
  return {
    ...log.part({ protocol, url: withPlaceholders(url), authentication }, element, notes || undefined),
    username
  }
}

/** Thunderbird's element for all URLs of an Exchange server. Its host, port and security are those of the URLs. */
function readExchange(element: XmlTree, above: string, log: ImportLog): ImportedServer[] {
  const what = `${above}${element.name} exchange`
  const methods = readMethods(element, what, log)
  const urls = (['ewsURL', 'easURL'] as const).flatMap(name => elements(element, name).slice(0, 1))
  const ignored = ['username', 'authentication', 'hostname', 'port', 'socketType', 'useGlobalPreferredServer', 'owaURL']
  for (const child of elements(element).filter(child => !urls.includes(child) && !ignored.includes(child.name))) {
    log.drop(child, `${what} ${child.name}`, reasons.get(child.name) ?? 'the table has no such field')
  }
  if (urls.length === 0) log.drop(element, what, 'it has no ewsURL or easURL')
  if (methods === undefined) return []
  const { username } = readUsername(element)
  const { authentication, note } = methods
  return urls.map(url => ({
    ...log.part(
      { protocol: exchangeProtocols[url.name as 'ewsURL' | 'easURL'], url: withPlaceholders(url), authentication },
      url,
      note
    ),
    username
  }))
}

const exchangeProtocols = { ewsURL: 'ews', easURL: 'activesync' } as const

/**
 * Observed: Mozilla's database (2026-03, office365.com.xml) has `%EMAILADDRESS`, without the second percent sign. Hand-written
 * documents have small letters, which only aerc replaces.
 */
function withPlaceholders(element: XmlTree): string {
  return ownText(element)
    .trim()
    .replace(/%(EMAIL(?:ADDRESS|LOCALPART|DOMAIN))\b%?/gi, (_, name: string) => `%${name.toUpperCase()}%`)
}

interface Username {
  readonly username: string | undefined
  /** A comment for readers of the table. */
  readonly note?: string
}

function readUsername(element: XmlTree): Username {
  const [first] = elements(element, 'username')
  if (first === undefined) return { username: undefined }
  const username = withPlaceholders(first)
  // Why only there: between two parts of an address, as in jane%example.com, a percent sign is usual.
  const other = username.replace(/%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/g, 'x')
  if (other === username || !/^%|%$/.test(other)) return { username }
  const note = `The source has the user name "${oneLine(username)}". Mail programs send its other percent signs to the server.`
  return { username, note }
}

const urlProtocols = new Map(
  Object.entries<ServiceProtocol>({
    carddav: 'carddav',
    caldav: 'caldav',
    webdav: 'webdav',
    // Spec: RFC 6764 3 has these names for SRV records.
    carddavs: 'carddav',
    caldavs: 'caldav',
    jmap: 'jmap',
    activesync: 'activesync',
    ews: 'ews',
    graph: 'graph'
  })
)
