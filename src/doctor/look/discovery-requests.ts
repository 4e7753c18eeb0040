/**
 * The requests that mail programs send to a domain to find settings, and some requests for documents that cannot exist.
 */
import { outlookRequest } from '../../clients/outlook/search.ts'
import type { ExchangeRequest } from '../../network/http-exchange.ts'
import type { Subject } from './examined-domain.ts'

export type Family =
  | 'autoconfig'
  | 'autodiscover'
  | 'autodiscover-json'
  | 'profile'
  | 'pacc'
  | 'caldav'
  | 'carddav'
  | 'jmap'

export interface DiscoveryRequest {
  readonly family: Family
  readonly request: ExchangeRequest
  /** Whether the document cannot exist. A server that returns one here returns one for any URL. */
  readonly isNonsense: boolean
}

export interface DiscoveryOptions {
  /** A name that no path on the server contains. */
  readonly nonsense: string
  /** Host and port of the Autodiscover service from the DNS. */
  readonly autodiscover: string | undefined
}

export function discoveryRequests({ domain, address }: Subject, options: DiscoveryOptions): DiscoveryRequest[] {
  const { nonsense, autodiscover } = options
  const query = new URLSearchParams({ emailaddress: address })
  const email = encodeURIComponent(address)
  const xml = 'autodiscover/autodiscover.xml'
  return [
    get('autoconfig', `https://autoconfig.${domain}/mail/config-v1.1.xml?${query}`),
    get('autoconfig', `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml?${query}`),
    get('autoconfig', `http://autoconfig.${domain}/mail/config-v1.1.xml?${query}`),
    get('autoconfig', `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml?${query}`),
    post(`https://${domain}/${xml}`, address),
    post(`https://autodiscover.${domain}/${xml}`, address),
    get('autodiscover', `http://autodiscover.${domain}/${xml}`),
    ...(autodiscover === undefined ? [] : [post(`https://${autodiscover}/${xml}`, address)]),
    get(
      'autodiscover-json',
      `https://autodiscover.${domain}/autodiscover/autodiscover.json?Email=${email}&Protocol=AutodiscoverV1`
    ),
    get('profile', `https://autoconfig.${domain}/email.mobileconfig?email=${email}`),
    get('pacc', `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`),
    get('caldav', `https://${domain}/.well-known/caldav`),
    get('carddav', `https://${domain}/.well-known/carddav`),
    get('jmap', `https://${domain}/.well-known/jmap`),
    none('autoconfig', `https://autoconfig.${domain}/mail/${nonsense}.xml`),
    none('autoconfig', `https://${domain}/.well-known/autoconfig/mail/${nonsense}.xml`),
    none('autodiscover', `https://autodiscover.${domain}/autodiscover/${nonsense}.xml`),
    none('pacc', `https://ua-auto-config.${domain}/.well-known/${nonsense}.json`)
  ]
}

function get(family: Family, url: string): DiscoveryRequest {
  return { family, request: { method: 'GET', url, headers: {} }, isNonsense: false }
}

function post(url: string, address: string): DiscoveryRequest {
  return { family: 'autodiscover', request: outlookRequest(url, { address }), isNonsense: false }
}

function none(family: Family, url: string): DiscoveryRequest {
  return { ...get(family, url), isNonsense: true }
}
