/**
 * A server of autoconfig that is reached by URL: `serverURL` in 1.1, `url` in 1.2, and the three URLs of Exchange.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import type { ServiceProtocol } from '../../../settings/provider.ts'
import type { ImportedServer } from '../../imported.ts'
import type { Reading } from '../../notes.ts'
import { readMethods } from './authentication.ts'

export function readService(element: XmlTree, above: string, reading: Reading): ImportedServer | undefined {
  const { type = '' } = element.attributes
  const what = `${above}${element.name} ${type}`.trimEnd()
  const protocol = protocols.get(type.toLowerCase())
  if (protocol === undefined) {
    reading.drop(element, what, 'the table has no such protocol')
    return undefined
  }
  const methods = readMethods(element, what, reading)
  const names = type.toLowerCase() === 'exchange' ? ['easURL'] : ['url', 'serverURL']
  const [url] = elements(element).filter(({ name }) => names.includes(name))
  const read = ['username', 'authentication']
  for (const child of elements(element).filter(child => child !== url && !read.includes(child.name))) {
    const why = names.includes(child.name) ? 'there is one already' : 'the table has no such field'
    reading.drop(child, `${what} ${child.name}`, why)
  }
  if (url === undefined) reading.drop(element, what, `it has no ${names.join(' or ')}`)
  if (url === undefined || methods === undefined) return undefined
  const { authentication, note } = methods
  const [username] = elements(element, 'username')
  return {
    ...reading.part({ protocol, url: ownText(url).trim(), authentication }, element, note),
    username: username && ownText(username).trim()
  }
}

const protocols = new Map(
  Object.entries<ServiceProtocol>({
    carddav: 'carddav',
    caldav: 'caldav',
    webdav: 'webdav',
    jmap: 'jmap',
    activesync: 'activesync',
    exchange: 'activesync'
  })
)
