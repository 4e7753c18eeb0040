/**
 * How EmailEngine reads documents: as fast-xml-parser gives them, tag names in small letters, texts trimmed.
 * Observed: postalsys/emailengine after 271d85c (2026-10), lib/autodetect-imap-settings.js.
 */
import { elements, ownText, type XmlTree } from '../../formats/xml-tree.ts'
import { type Mailbox, Refusal } from '../model/client.ts'

export interface Named {
  /** Empty in an SRV record that says there is no such service. */
  readonly host: string
  /** NaN where there is none. */
  readonly port: number
  readonly secure: boolean
  readonly user: string | undefined
}

export interface Sides {
  readonly imap: Named | undefined
  readonly smtp: Named | undefined
}

// Observed: processAutoconfigFile: the first imap and the first smtp over all providers.
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
  // Observed: `Number(incomingServer.port…)`, `incomingServer.sockettype.filter`: missing elements throw, odd values do not.
  const [port, socketType] = ['port', 'sockettype'].map(name => required(server, name).map(textOf).find(isTruthy))
  const usernames = children(server, 'username')
  return {
    // Observed: `.replace(/^%EMAILDOMAIN%$/, domain)`: whole values only, in host and user name.
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

// Observed: processAutodiscoverResponse: the last Protocol of a type in any account for e-mail.
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

/** @returns the text of the first of a name; undefined where it is empty or no text */
function firstValue(element: XmlTree, name: string): string | undefined {
  const [first] = children(element, name)
  return (first && textOf(first)) || undefined
}

function isNamed(root: XmlTree | undefined, name: string): root is XmlTree {
  // Observed: parseWith: what is not well-formed throws.
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

/** @returns undefined if all are empty. Observed: `.replace` of an object throws. */
function firstText(found: readonly XmlTree[]): string | undefined {
  const first = found.find(element => isTruthy(textOf(element)))
  if (first === undefined) return undefined
  const text = textOf(first)
  if (text === undefined) throw new Refusal('a value that is no text')
  return text
}

/** @returns undefined if the parser makes an object of the element: it has attributes, or elements in it */
function textOf(element: XmlTree): string | undefined {
  const isObject = Object.keys(element.attributes).length > 0 || elements(element).length > 0
  return isObject ? undefined : ownText(element).trim()
}

function isTruthy(value: string | undefined): boolean {
  return value !== ''
}
