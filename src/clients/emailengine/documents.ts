/**
 * How EmailEngine reads documents: with fast-xml-parser, which passes over references that XML does not define; tag names in lower
 * case, texts trimmed.
 * Observed: postalsys/emailengine after 271d85c (2026-10), lib/autodetect-imap-settings.js.
 */
import { elements, ownText, type XmlTree } from '../../formats/xml-tree.ts'
import { type Mailbox, Refusal } from '../model/client.ts'

export interface Named {
  /** Empty if an SRV record says that the service is not available. */
  readonly host: string
  /** NaN if missing. */
  readonly port: number
  readonly secure: boolean
  readonly user: string | undefined
}

export interface Sides {
  readonly imap: Named | undefined
  readonly smtp: Named | undefined
}

// Observed: processAutoconfigFile uses the first imap and the first smtp server of all providers.
export function readClientConfig(root: XmlTree | undefined, mailbox: Mailbox): Sides {
  const providers = isNamed(root, 'clientconfig') ? children(root, 'emailprovider') : []
  const first = (name: string, type: string) => {
    const server = providers
      .flatMap(provider => children(provider, name))
      .find(({ attributes }) => attributes.type === type)
    return server && toNamed(server, mailbox)
  }
  return { imap: first('incomingserver', 'imap'), smtp: first('outgoingserver', 'smtp') }
}

function toNamed(server: XmlTree, mailbox: Mailbox): Named | undefined {
  const host = firstText(required(server, 'hostname'))
  // Observed: `incomingServer.hostname.some(entry => entry)`.
  if (host === undefined) return undefined
  // Observed: `Number(incomingServer.port…)`, `incomingServer.sockettype.filter`: missing elements throw, invalid
  // values do not.
  const [port, socketType] = ['port', 'sockettype'].map(name => required(server, name).map(textOf).find(isTruthy))
  const usernames = children(server, 'username')
  return {
    // Observed: `.replace(/^%EMAILDOMAIN%$/, domain)` replaces only whole values, in host and user names.
    host: host === '%EMAILDOMAIN%' ? mailbox.domain : host,
    port: Number(port ?? Number.NaN),
    secure: socketType === 'SSL',
    user: usernames.length === 0 ? undefined : fill(firstText(usernames) ?? '', mailbox)
  }
}

function fill(username: string, { address, localPart, domain }: Mailbox): string {
  if (username === '%EMAILADDRESS%') return address
  if (username === '%EMAILLOCALPART%') return localPart
  return username === '%EMAILDOMAIN%' ? domain : username
}

// Observed: processAutodiscoverResponse uses the last Protocol of a type in any email account.
export function readAutodiscover(root: XmlTree | undefined): Sides {
  const responses = isNamed(root, 'autodiscover') ? children(root, 'response') : []
  const accounts = responses
    .flatMap(response => children(response, 'account'))
    .filter(account => children(account, 'accounttype').map(textOf).includes('email'))
  const protocols = accounts.flatMap(account => children(account, 'protocol'))
  const last = (type: RegExp) => protocols.findLast(protocol => type.test(firstValue(protocol, 'type') ?? ''))
  return { imap: toSide(last(/^IMAP$/i)), smtp: toSide(last(/^SMTP$/i)) }
}

function toSide(protocol: XmlTree | undefined): Named | undefined {
  const host = protocol && firstValue(protocol, 'server')
  if (protocol === undefined || host === undefined) return undefined
  return {
    host,
    port: Number(firstValue(protocol, 'port') ?? Number.NaN),
    secure: firstValue(protocol, 'ssl') === 'on',
    user: firstValue(protocol, 'loginname')
  }
}

/** @returns the text of the first element of that name; undefined if it is empty or contains elements */
function firstValue(element: XmlTree, name: string): string | undefined {
  const [first] = children(element, name)
  return (first && textOf(first)) || undefined
}

function isNamed(root: XmlTree | undefined, name: string): root is XmlTree {
  // Observed: parseWith throws if the document is not well-formed.
  if (root === undefined) throw new Refusal('not XML')
  return root.name.toLowerCase() === name
}

function children(element: XmlTree, name: string): XmlTree[] {
  return elements(element).filter(child => child.name.toLowerCase() === name)
}

function required(server: XmlTree, name: string): XmlTree[] {
  const found = children(server, name)
  if (found.length === 0) throw new Refusal(`no ${name}`)
  return found
}

/** @returns undefined if all are empty. Observed: calling `.replace` on an object throws. */
function firstText(found: readonly XmlTree[]): string | undefined {
  const first = found.find(element => isTruthy(textOf(element)))
  if (first === undefined) return undefined
  const text = textOf(first)
  if (text === undefined) throw new Refusal('a value that is not a text')
  return text
}

/** @returns undefined if the parser converts the element into an object, because it has attributes or child elements */
function textOf(element: XmlTree): string | undefined {
  const isObject = Object.keys(element.attributes).length > 0 || elements(element).length > 0
  return isObject ? undefined : ownText(element).trim()
}

function isTruthy(value: string | undefined): boolean {
  return value !== ''
}
