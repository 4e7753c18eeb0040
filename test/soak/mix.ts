/**
 * The requests: every dialect in the form of its programs, the page, and invalid ones.
 */
import { type BenchRequest, cases } from '../bench/cases.ts'

export interface Asked extends Omit<BenchRequest, 'method'> {
  readonly name: string
  readonly method: string
  readonly status: number
  /** Text that the body of the response contains. */
  readonly contains: string
}

const host = { Host: 'autoconfig.mailbox.org' }
const get = (name: string, target: string, status: number, contains: string): Asked => {
  return { name, method: 'GET', target, headers: host, status, contains }
}

/** @param person a local part */
export function mix(person: string): Asked[] {
  const address = `${person}%40mailbox.org`
  return [
    ...cases.map(({ name, request, status, contains }) => ({ name, status, contains, ...request(person) })),
    { ...get('head', `/mail/config-v1.1.xml?emailaddress=${address}`, 200, ''), method: 'HEAD' },
    { ...get('options', '/mail/config-v1.1.xml', 204, ''), method: 'OPTIONS' },
    { ...get('wrong method', '/mail/config-v1.1.xml', 405, 'This URL accepts'), method: 'DELETE' },
    get(
      'absolute form',
      `https://autoconfig.mailbox.org/mail/config-v1.1.xml?emailaddress=${address}`,
      200,
      '<clientConfig'
    ),
    get('database', '/v1.1/mailbox.org', 200, '<clientConfig'),
    get('api', `/api/settings?email=${address}`, 200, '"servers"'),
    get('api, no address', '/api/settings', 400, 'email'),
    get('page', `/setup?email=${address}`, 200, '<html'),
    get('unknown domain', `/email.mobileconfig?email=${person}%40soak.example`, 200, '<plist'),
    {
      ...get('no request', '/autodiscover/autodiscover.xml', 200, '<ErrorCode>600</ErrorCode>'),
      method: 'POST',
      headers: { ...host, 'Content-Length': '4' },
      body: '<ham'
    }
  ]
}
