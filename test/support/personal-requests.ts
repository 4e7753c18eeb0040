/**
 * All kinds of requests for a mail address.
 */
import { poxRequest } from './pox-request.ts'

export interface PersonalRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Only for POST. */
  readonly payload?: string
}

const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'

/** @returns the requests by kind */
export function personalRequests(address: string): Readonly<Record<string, PersonalRequest>> {
  const encoded = encodeURIComponent(address)
  return {
    page: get(`/setup?email=${encoded}`),
    'page in another language': get(`/setup?email=${encoded}&lang=ar`),
    'page for an invalid address': get(`/setup?email=${encoded}@`),
    profile: get(`/email.mobileconfig?email=${encoded}`),
    'profile with a name': get(`/email.mobileconfig?email=${encoded}&name=Jane`),
    autoconfig: get(`/mail/config-v1.1.xml?emailaddress=${encoded}`),
    'well-known autoconfig': get(`/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=${encoded}`),
    'autoconfig of the draft': get(`/.well-known/mail-v1.xml?emailaddress=${encoded}`),
    POX: { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest(address) },
    'POX of ActiveSync': {
      method: 'POST',
      url: '/autodiscover/autodiscover.xml',
      payload: poxRequest(address, mobileSync)
    },
    'autodiscover JSON': get(`/autodiscover/autodiscover.json?Email=${encoded}&Protocol=AutodiscoverV1`),
    'autodiscover JSON with the address in the path': get(
      `/autodiscover/autodiscover.json/v1.0/${encoded}?Protocol=ActiveSync`
    ),
    'JSON API': get(`/api/settings?email=${encoded}`),
    PACC: get(`/.well-known/user-agent-configuration.json?email=${encoded}`),
    'a path that is not served': get(`/${encoded}`)
  }
}

function get(url: string): PersonalRequest {
  return { method: 'GET', url }
}
