/**
 * WebDAV (RFC 4918) and what is built on it: CalDAV (RFC 4791) and CardDAV (RFC 6352).
 */
import { readXmlTree } from '../../formats/xml-tree.ts'
import type { Inquiry } from './service.ts'

// Spec: RFC 6764 6: what a program asks first; RFC 5397 3 for the property.
const body =
  '<?xml version="1.0" encoding="utf-8"?>\n<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>\n'

export const caldav = dav('CalDAV')
export const carddav = dav('CardDAV')
export const webdav = dav('WebDAV')

function dav(title: string): Inquiry {
  return {
    title,
    request: {
      method: 'PROPFIND',
      headers: { depth: '0', 'content-type': 'application/xml; charset=utf-8' },
      body
    },
    status: 207,
    read(response) {
      if (!/^(?:.*:)?multistatus$/.test(String(readXmlTree(response.body)?.name))) {
        return { fault: 'serviceNotDav', details: {} }
      }
      const classes = response.headers.dav ?? ''
      return {
        capabilities: classes
          .split(',')
          .map(each => each.trim())
          .filter(Boolean)
      }
    }
  }
}
