/**
 * How SnappyMail reads documents: it converts SimpleXML to PHP arrays, in which a single element is a value and
 * several are a list.
 * Observed: the-djmaze/snappymail ba49691, snappymail/v/0.0.0/app/libraries/RainLoop/Providers/Domain/Autoconfig.php.
 */
import { withoutDoctype } from '../../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'

export interface Config {
  /** The first item of each list. */
  readonly incoming: Entry | undefined
  readonly outgoing: Entry | undefined
}

/** Unchanged texts; empty if missing. */
export interface Entry {
  readonly hostname: string
  readonly port: string
  readonly socketType: string
  readonly username: string
}

/** @returns undefined if the program goes on to the next URL */
export function readClientConfig(body: string): Config | undefined {
  // Observed: resolve: `str_contains($data, '<clientConfig')`, at any position.
  const root = body.includes('<clientConfig') ? readXmlTree(withoutDoctype(body)) : undefined
  const [provider, ...others] = root === undefined ? [] : elements(root, 'emailProvider')
  // Observed: resolve: `!empty($data['emailProvider'])`.
  if (provider === undefined || isEmpty(provider)) return undefined
  // Observed: resolve: several emailProvider elements are a list, which has no incomingServer.
  if (others.length > 0) return { incoming: undefined, outgoing: undefined }
  return {
    incoming: firstOfType(provider, 'incomingServer', 'imap'),
    outgoing: firstOfType(provider, 'outgoingServer', 'smtp')
  }
}

function isEmpty({ attributes, children }: XmlTree): boolean {
  return Object.keys(attributes).length === 0 && children.length === 0
}

/**
 * Observed: resolve: array_filter keeps the keys, so if the first server has another type, the first position is
 * empty.
 */
function firstOfType(provider: XmlTree, name: string, type: string): Entry | undefined {
  const [first] = elements(provider, name)
  if (first?.attributes.type !== type) return undefined
  return {
    hostname: textOf(first, 'hostname'),
    port: textOf(first, 'port'),
    socketType: textOf(first, 'socketType'),
    username: textOf(first, 'username')
  }
}

/**
 * @param address the address in the request
 * @returns undefined if the program goes on to the next host; `fails` if it throws
 */
export function readAutodiscover(body: string, address: string): Config | 'fails' | undefined {
  const account = ['Response', 'Account'].reduce(only, readXmlTree(withoutDoctype(body)))
  const protocols = account === undefined ? [] : elements(account, 'Protocol')
  if (account === undefined || protocols.length === 0 || textOf(account, 'AccountType') !== 'email') return undefined
  // Observed: autodiscover_resolve: a single Protocol is not a list, and `$entry['Type']` of its texts throws a
  // TypeError that is not caught.
  if (protocols.length === 1) return 'fails'
  const first = (type: string) => protocols.find(protocol => textOf(protocol, 'Type') === type)
  const imap = first('IMAP')
  const smtp = first('SMTP')
  return {
    incoming: imap && toEntry(imap, address, (port, isOn) => (isOn ? (port === 993 ? 'SSL' : 'STARTTLS') : '')),
    outgoing: smtp && toEntry(smtp, address, (port, isOn) => (port === 587 ? 'STARTTLS' : isOn ? 'SSL' : ''))
  }
}

/** Observed: in PHP, several elements become a list, which has no names. */
function only(tree: XmlTree | undefined, name: string): XmlTree | undefined {
  const [child, ...others] = tree === undefined ? [] : elements(tree, name)
  return others.length === 0 ? child : undefined
}

/** Observed: autodiscover_resolve does not read Encryption. */
function toEntry(
  protocol: XmlTree,
  address: string,
  socketTypeOf: (port: number, isOn: boolean) => Entry['socketType']
): Entry {
  const port = textOf(protocol, 'Port')
  return {
    hostname: textOf(protocol, 'Server'),
    port,
    socketType: socketTypeOf(Number(port), textOf(protocol, 'SSL') === 'on'),
    username: textOf(protocol, 'LoginName') === address ? '%EMAILADDRESS%' : ''
  }
}

function textOf(element: XmlTree, name: string): string {
  return elements(element, name).slice(0, 1).map(ownText).join('')
}
