/**
 * The request with which each service is checked, and how its response is recognized: WebDAV (RFC 4918) with CalDAV (RFC 4791)
 * and CardDAV (RFC 6352), JMAP (RFC 8620), and Exchange ActiveSync (MS-ASHTTP).
 */
import type { HttpResponse } from '../clients/model/world.ts'
import { readXmlTree } from '../formats/xml-tree.ts'
import { isObject, parseJson } from '../json.ts'
import type { FaultDetails, FaultName } from './faults/faults.ts'
import type { ServiceRequest } from './probe.ts'

export interface ServiceCheck {
  /** `CalDAV` */
  readonly title: string
  readonly request: Omit<ServiceRequest, 'url'>
  /** The status of a response to an anonymous request, besides 401. */
  readonly status: number
  /** Reads a response with this status. */
  readonly read: (response: HttpResponse) => CheckResult
}

export type CheckResult =
  | { readonly capabilities: readonly string[] }
  | { readonly fault: FaultName; readonly details: FaultDetails }

// Spec: programs first request this property (RFC 6764 6, RFC 5397 3).
const propfind =
  '<?xml version="1.0" encoding="utf-8"?>\n<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>\n'

export const caldav = dav('CalDAV')
export const carddav = dav('CardDAV')
export const webdav = dav('WebDAV')

function dav(title: string): ServiceCheck {
  return {
    title,
    request: {
      method: 'PROPFIND',
      headers: { depth: '0', 'content-type': 'application/xml; charset=utf-8' },
      body: propfind
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

// Spec: members of the session object (RFC 8620 2).
const members = [
  'accounts',
  'primaryAccounts',
  'username',
  'apiUrl',
  'downloadUrl',
  'uploadUrl',
  'eventSourceUrl',
  'state'
]
// Spec: capabilities of a mail server (RFC 8620 2, RFC 8621 1.3.1).
const requiredCapabilities = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail']

export const jmap: ServiceCheck = {
  title: 'JMAP',
  request: { method: 'GET', headers: { accept: 'application/json' } },
  status: 200,
  read({ body }) {
    const session = parseJson(body)
    if (!isObject(session)) return refused('no JSON object')
    const { capabilities } = session
    if (!isObject(capabilities)) return refused('capabilities are missing')
    const missing = [
      ...requiredCapabilities.filter(each => !Object.hasOwn(capabilities, each)),
      ...members.filter(each => !Object.hasOwn(session, each))
    ]
    return missing.length > 0 ? refused(`missing: ${missing.join(', ')}`) : { capabilities: Object.keys(capabilities) }
  }
}

function refused(reason: string) {
  return { fault: 'serviceNotJmap', details: { reason } } as const
}

export const activesync: ServiceCheck = {
  title: 'ActiveSync',
  request: { method: 'OPTIONS', headers: {} },
  status: 200,
  // Spec: the header lists the versions that the server supports (MS-ASHTTP 2.2.3).
  read({ headers }) {
    const versions = headers['ms-asprotocolversions']
    return versions === undefined
      ? { fault: 'serviceNotActiveSync', details: {} }
      : { capabilities: versions.split(',').map(each => each.trim()) }
  }
}
