/**
 * Responses of Outlook autodiscover in XML: MS-OXDSCLI 2.2.4 (servers) and MS-ASCMD 2.2.2.1 (ActiveSync). A response belongs
 * to one person, so login names that contain the address become patterns again.
 */
import { blankDoctype } from '../../formats/xml.ts'
import { elements, ownText, readLenientTree, type XmlTree } from '../../formats/xml-tree.ts'
import { noLoginName } from '../../settings/names/login-name.ts'
import type { Authentication, Security, ServerSettings } from '../../settings/schema.ts'
import { createImportLog, type ImportLog, oneLine } from '../import-log.ts'
import type { Imported, ImportedServer, Part } from '../imported.ts'
import { type MailProtocol, noteOfWord, plainWord, toMailProtocol } from '../mail-protocol.ts'
import { type Owner, ownDomain, ownerOf, pathForEveryone } from '../owner.ts'
import { usernamePattern } from '../username-pattern.ts'

/**
 * @param source name of the document in messages
 * @returns undefined unless it is an autodiscover document
 */
export function importAutodiscover(text: string, source: string): Imported | undefined {
  const root = readLenientTree(blankDoctype(text))
  if (root === undefined || localName(root) !== 'autodiscover') return undefined
  const log = createImportLog(text, source)
  for (const request of inside(root, 'Request')) {
    log.drop(request, 'Request', 'a request contains no settings; expected the response to it')
  }
  const responses = inside(root, 'Response')
  for (const response of responses) dropRefusals(response, log)
  const protocols = responses.flatMap(response => protocolsOf(response, log))
  const owner = ownerOf([
    ...responses.flatMap(response => inside(response, 'User', 'AutoDiscoverSMTPAddress').map(contentOf)),
    ...responses.flatMap(response => inside(response, 'User', 'EMailAddress').map(contentOf)),
    ...protocols.map(protocol => textOf(protocol, 'LoginName')),
    ...responses.flatMap(response => inside(response, 'User', 'DisplayName').map(contentOf))
  ])
  const context = { owner, log }
  const mail = eachOnce(externalFirst(protocols).flatMap(protocol => readProtocol(protocol, context)))
  const activeSync = responses
    .flatMap(response => inside(response, 'Action', 'Settings', 'Server'))
    .flatMap(server => readActiveSync(server, log))
  const servers = [...withPopLogin(mail, protocols), ...activeSync]
  if (servers.length === 0) return { providers: [], dropped: log.dropped }
  const { domain, domainGuess } = ownDomain(owner, servers, 'response')
  const [first = root] = responses
  return {
    providers: [
      {
        origin: log.originOf(first),
        id: domain ?? '',
        domains: domain === undefined ? [] : [log.part(domain, first)],
        domainGuess,
        servers,
        webmail: webmailOf(protocols, log)
      }
    ],
    dropped: log.dropped
  }
}

/** Observed: documents have prefixes for their namespaces, and servers other than Exchange write names in any letter case. */
function localName({ name }: XmlTree): string {
  return name.replace(/^.*:/, '').toLowerCase()
}

/** @returns all elements at a path below the element */
function inside(element: XmlTree, ...path: readonly string[]): XmlTree[] {
  return path.reduce(
    (found, name) => found.flatMap(each => elements(each).filter(child => localName(child) === name.toLowerCase())),
    [element]
  )
}

function contentOf(element: XmlTree): string {
  return oneLine(ownText(element))
}

/** @returns undefined if the element is missing or empty */
function textOf(parent: XmlTree, name: string): string | undefined {
  const [element] = inside(parent, name)
  return (element && contentOf(element)) || undefined
}

function dropRefusals(response: XmlTree, log: ImportLog): void {
  for (const error of [...inside(response, 'Error'), ...inside(response, 'Action', 'Error')]) {
    const why = [textOf(error, 'ErrorCode') ?? textOf(error, 'Status'), textOf(error, 'Message')]
      .filter(Boolean)
      .join(' ')
    log.drop(error, 'Error', `the server refused the request (${why}); save its response to a POST with an address`)
  }
}

/** @returns the protocols of all mail accounts */
function protocolsOf(response: XmlTree, log: ImportLog): XmlTree[] {
  return inside(response, 'Account').flatMap(account => {
    const action = textOf(account, 'Action')?.toLowerCase() ?? 'settings'
    if (action === 'settings') return inside(account, 'Protocol')
    const target = textOf(account, 'RedirectUrl') ?? textOf(account, 'RedirectAddr') ?? textOf(account, 'RedirectURL')
    log.drop(
      account,
      `Account ${action}`,
      `it has no servers; import those of ${target ?? 'the target of the redirect'}`
    )
    return []
  })
}

/** Spec: MS-OXDSCLI 2.2.4.1.1.2.6.41: EXCH is for programs inside of the network of the server. */
function externalFirst(protocols: readonly XmlTree[]): XmlTree[] {
  const isInternal = (protocol: XmlTree) => Number(textOf(protocol, 'Type')?.toLowerCase() === 'exch')
  return protocols.toSorted((a, b) => isInternal(a) - isInternal(b))
}

/** Why: Exchange usually has the same EwsUrl for programs inside and outside of its network. */
function eachOnce(servers: readonly ImportedServer[]): ImportedServer[] {
  const seen = new Set<string>()
  return servers.filter(({ value: { protocol, url = '' } }) => {
    const isRepeated = protocol === 'ews' && seen.has(url)
    seen.add(url)
    return !isRepeated
  })
}

interface Context {
  readonly owner: Owner
  readonly log: ImportLog
}

function readProtocol(protocol: XmlTree, context: Context): ImportedServer[] {
  const { log } = context
  const word = textOf(protocol, 'Type') ?? protocol.attributes.Type ?? ''
  const type = word.toLowerCase()
  const mail = toMailProtocol(word)
  if (mail !== undefined && mail.protocol !== 'managesieve') return readMailServer(protocol, { ...mail, word }, context)
  if (type === 'caldav' || type === 'carddav') return readDav(protocol, type, context)
  const [ews] = inside(protocol, 'EwsUrl')
  if (ews !== undefined)
    return [{ ...log.part({ protocol: 'ews' as const, url: contentOf(ews) }, ews), username: undefined }]
  if (type !== 'web') log.drop(protocol, `Protocol ${type}`.trimEnd(), 'the table has no such protocol')
  return []
}

interface MailType extends MailProtocol {
  /** As in the source. */
  readonly word: string
}

function readMailServer(protocol: XmlTree, mail: MailType, context: Context): ImportedServer[] {
  const { log } = context
  const { protocol: type, word } = mail
  const port = textOf(protocol, 'Port')
  if (port !== undefined && !/^\d+$/.test(port)) {
    log.drop(protocol, `Protocol ${type}`, `its port "${port}" is not a number`)
    return []
  }
  const { security, note } = readSecurity(protocol, port === undefined ? undefined : Number(port))
  if (mail.security !== undefined && mail.security !== security) {
    log.drop(protocol, `Protocol ${word}`, 'its type contradicts its port, SSL or Encryption')
    return []
  }
  const isOpen = isOff(protocol, 'AuthRequired')
  const method: Authentication = isOn(protocol, 'SPA') ? 'ntlm' : 'password'
  const value: ServerSettings = {
    protocol: type,
    host: textOf(protocol, 'Server') ?? '',
    ...(port !== undefined && { port: Number(port) }),
    security,
    authentication: [isOpen ? 'none' : method],
    ...(security === 'none' && { allowPlaintext: true })
  }
  for (const child of elements(protocol)) {
    if (!known.has(localName(child))) log.drop(child, `${type} ${child.name}`, 'the table has no such field')
  }
  const notes = [noteOfWord(word, mail), note].filter(text => text !== undefined).join(' ')
  const username = isOpen ? openLogin(protocol) : loginOf(protocol, context)
  return [{ ...log.part(value, protocol, notes || undefined), username }]
}

const known = new Set(
  [
    ...['Type', 'Server', 'Port', 'SSL', 'Encryption', 'AuthRequired', 'SPA', 'LoginName', 'UsePOPAuth'],
    // Why not reported: they say how long the response is valid, and what the login name consists of.
    ...['TTL', 'ExpirationDate', 'DomainRequired', 'SMTPLast']
  ].map(name => name.toLowerCase())
)

/** Ports that begin with TLS. RFC 8314 7.3. */
const tlsPorts = [993, 995, 465]

/** Ports that begin without TLS. */
const clearPorts = [25, 110, 143, 587]

/** Spec: MS-OXDSCLI 2.2.4.1.1.2.6.22: Encryption overrides SSL, which is on by default. */
function readSecurity(protocol: XmlTree, port: number | undefined): { security: Security; note: string | undefined } {
  const written = textOf(protocol, 'Encryption')
  // Why: STARTTLS is no word of the specification, but clear.
  const encryption = written && plainWord(written).replace(/^starttls$/, 'tls')
  const startsWithTls = port === undefined || tlsPorts.includes(port)
  if (encryption === 'tls' && port !== undefined && startsWithTls) {
    const note = `The source has Encryption ${written} on port ${port}, which means STARTTLS. The port begins with TLS.`
    return { security: 'tls', note }
  }
  if (encryption === 'auto') return { security: startsWithTls ? 'tls' : 'starttls', note: undefined }
  if (encryption === 'tls') return { security: 'starttls', note: undefined }
  const isPlain = encryption === undefined ? isOff(protocol, 'SSL') : encryption === 'none'
  // Observed: for SSL without Encryption, Thunderbird 156, Delta Chat 2.57 and FairEmail use STARTTLS on these ports, and mox
  // (2026-08) writes it so.
  if (encryption === undefined && !isPlain && port !== undefined && clearPorts.includes(port)) {
    const note = `The source has SSL on port ${port}, which most programs take for STARTTLS.`
    return { security: 'starttls', note }
  }
  return isPlain
    ? { security: 'none', note: 'No encryption: passwords are sent in clear text.' }
    : { security: 'tls', note: undefined }
}

function isOn(protocol: XmlTree, name: string): boolean {
  return textOf(protocol, name)?.toLowerCase() === 'on'
}

function isOff(protocol: XmlTree, name: string): boolean {
  return textOf(protocol, name)?.toLowerCase() === 'off'
}

/** Why `none`: a server without a login may still have the name of the others, as Thunderbird needs one. */
function openLogin(protocol: XmlTree): string | undefined {
  return textOf(protocol, 'LoginName') === undefined ? noLoginName : undefined
}

/** Spec: MS-OXDSCLI 2.2.4.1.1.2.6.26: without a LoginName, programs use the address. */
function loginOf(protocol: XmlTree, { owner, log }: Context): string | undefined {
  const [element] = inside(protocol, 'LoginName')
  const login = element && contentOf(element)
  if (element === undefined || !login) return '%EMAILADDRESS%'
  if (/%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/.test(login)) return login
  const pattern = owner.address && usernamePattern(login, owner.address)
  if (pattern === undefined) {
    log.drop(element, 'LoginName', 'it does not contain the address, so everyone would get the same one')
  }
  return pattern
}

/** Spec: MS-OXDSCLI 2.2.4.1.1.2.6.31: with UsePOPAuth, SMTP uses the login of the incoming server. */
function withPopLogin(servers: readonly ImportedServer[], protocols: readonly XmlTree[]): ImportedServer[] {
  const usesIncoming = protocols.some(protocol => isOn(protocol, 'UsePOPAuth'))
  const incoming = servers.find(({ value: { protocol } }) => protocol === 'imap' || protocol === 'pop3')
  return servers.map(server =>
    usesIncoming &&
    incoming !== undefined &&
    server.value.protocol === 'smtp' &&
    server.username !== undefined &&
    server.username !== noLoginName
      ? { ...server, username: incoming.username }
      : server
  )
}

/** Observed: mailcow, automx and automx2 send these types to eM Client, with a URL or only a host as Server. */
function readDav(protocol: XmlTree, type: 'caldav' | 'carddav', context: Context): ImportedServer[] {
  const { log, owner } = context
  const text = textOf(protocol, 'Server') ?? ''
  const url = text === '' || text.includes('://') ? text : `https://${text}`
  const username = loginOf(protocol, context)
  if (!URL.canParse(url)) return [{ ...log.part({ protocol: type, url }, protocol), username }]
  // Why not `href`: it would encode placeholders.
  const [, origin = '', rest = ''] = /^([^/]*\/\/[^/?#]*)([\s\S]*)$/.exec(url) ?? []
  const path = pathForEveryone(rest, owner)
  if (path === undefined)
    log.drop(protocol, `${type} ${url}`, 'the path belongs to a single person; programs discover it')
  return [{ ...log.part({ protocol: type, url: `${origin}${path || '/'}` }, protocol), username }]
}

function readActiveSync(server: XmlTree, log: ImportLog): ImportedServer[] {
  const [url] = inside(server, 'Url')
  if (url === undefined || textOf(server, 'Type')?.toLowerCase() !== 'mobilesync') {
    log.drop(server, `Server ${textOf(server, 'Type') ?? ''}`.trimEnd(), 'expected Type MobileSync and a Url')
    return []
  }
  return [{ ...log.part({ protocol: 'activesync' as const, url: contentOf(url) }, url), username: undefined }]
}

/** @returns the URL of Outlook on the web for people outside of the network */
function webmailOf(protocols: readonly XmlTree[], log: ImportLog): Part<string> | undefined {
  const [page] = ['External', 'Internal'].flatMap(side =>
    protocols.flatMap(protocol => inside(protocol, side, 'OWAUrl'))
  )
  return page && log.part(contentOf(page), page)
}
