/**
 * JMAP, RFC 8620.
 */
import type { Inquiry } from './service.ts'

// Spec: RFC 8620 2: the session object.
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
// Spec: RFC 8620 2 and RFC 8621 1.3.1.
const needed = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail']

export const jmap: Inquiry = {
  title: 'JMAP',
  request: { method: 'GET', headers: { accept: 'application/json' } },
  status: 200,
  read({ body }) {
    const session = toObject(body)
    if (session === undefined) return refused('no JSON object')
    const { capabilities } = session
    if (!isObject(capabilities)) return refused('capabilities are missing')
    const missing = [
      ...needed.filter(each => !Object.hasOwn(capabilities, each)),
      ...members.filter(each => !Object.hasOwn(session, each))
    ]
    return missing.length > 0 ? refused(`missing: ${missing.join(', ')}`) : { capabilities: Object.keys(capabilities) }
  }
}

function refused(reason: string) {
  return { fault: 'serviceNotJmap', details: { reason } } as const
}

function toObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // Why no matter: what is no JSON is told as such.
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
