/**
 * What `signpost serve` says when it has started: where it listens, what it serves, and requests to try.
 */

import { writerOf } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { describeDomains, exampleDomain, type Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import { everywhere } from './listen.ts'

/** Where a server listens, as the system says. */
export interface Place {
  readonly address: string
  readonly port: number
}

export interface Listening {
  /** By http: more than one where a host name has several addresses. */
  readonly plain: readonly Place[]
  /** By https. */
  readonly secure: readonly Place[]
  /** For administrators; undefined without an admin listener. */
  readonly admin: Place | undefined
}

/** How many providers are listed. Why limited: a table may have a file for each of thousands of customers. */
const mostProviders = 10

export function greeting({ plain, secure, admin }: Listening, { providers }: Table): string {
  const urls = [...plain.map(place => pageOf('http', place)), ...secure.map(place => pageOf('https', place))]
  const listed = providers.length > mostProviders ? providers.slice(0, mostProviders) : providers
  const served = listed.map(provider => `  ${provider.id}: ${describeDomains(provider)}\n`)
  const others = providers.length - listed.length
  if (others > 0) served.push(`  and ${others} more providers\n`)
  const tries = [
    ...triesOf(providers, plain, secure),
    ...(admin === undefined ? [] : [`curl ${urlOf('http', admin)}/metrics`])
  ]
  const lines = tries.map(text => `  ${text}\n`)
  const console = admin === undefined ? '' : `The console for administrators: ${urlOf('http', admin)}/\n\n`
  return `Signpost listens on ${urls.join(' and ')} and serves\n${served.join('')}\n${console}Try:\n${lines.join('')}`
}

const notes: Readonly<Record<string, string>> = {
  [everywhere.v6]: 'all addresses',
  [everywhere.v4]: 'all IPv4 addresses'
}

/** @returns a URL that opens in a browser, and what it leaves out */
function pageOf(scheme: 'http' | 'https', place: Place): string {
  const note = notes[place.address]
  return `${urlOf(scheme, place)}/${note === undefined ? '' : ` (${note})`}`
}

function urlOf(scheme: 'http' | 'https', { address, port }: Place): string {
  // Why: a browser cannot open an unspecified address.
  const name = Object.hasOwn(notes, address) ? 'localhost' : address
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** One request a dialect, which its first provider answers. */
function triesOf(providers: readonly Provider[], [plain]: readonly Place[], [secure]: readonly Place[]): string[] {
  return dialects.flatMap(dialect => {
    const provider = providers.find(each => writerOf(dialect, each) !== undefined)
    const request = requests[dialect.name]
    const place = dialect.httpsPath === undefined ? plain : (secure ?? plain)
    if (provider === undefined || request === undefined || place === undefined) return []
    const scheme = place === secure ? 'https' : 'http'
    // Why -k: no certificate has the name of an address.
    return [request(scheme === 'https' ? 'curl -k' : 'curl', urlOf(scheme, place), exampleDomain(provider))]
  })
}

const requests: Readonly<Record<string, (curl: string, url: string, domain: string) => string>> = {
  thunderbird: (curl, url, domain) => `${curl} '${url}/mail/config-v1.1.xml?emailaddress=jane@${domain}'`,
  outlook: (curl, url, domain) => `${curl} -H 'Host: autodiscover.${domain}' ${url}/autodiscover/autodiscover.xml`,
  apple: (curl, url, domain) => `${curl} '${url}/email.mobileconfig?email=jane@${domain}'`
}
