/**
 * What `signpost serve` says when it has started: where it listens, what it serves, and requests to try.
 */
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import { exampleDomain } from './example-domain.ts'

/** Where the server listens, as the system says. */
export interface Place {
  readonly address: string
  readonly port: number
}

/** @param places more than one where a host name has several addresses */
export function greeting(places: readonly Place[], { providers }: Table): string {
  const served = providers.map(({ id, domains }) => `  ${id}: ${domains.join(', ')}\n`)
  const tries = places.slice(0, 1).flatMap(place => triesOf(providers, urlOf({ ...place, address: reachable(place) })))
  const lines = tries.map(text => `  ${text}\n`)
  return `Signpost listens on ${places.map(urlOf).join(' and ')} and serves\n${served.join('')}\nTry:\n${lines.join('')}`
}

function urlOf({ address, port }: Place): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Why: 0.0.0.0 and :: stand for every address of the machine, and cannot be asked themselves. */
function reachable({ address }: Place): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}

/** One request a dialect, which its first provider answers. */
function triesOf(providers: readonly Provider[], url: string): string[] {
  return dialects.flatMap(dialect => {
    const provider = providers.find(each => writerOf(dialect, each) !== undefined)
    const request = requests[dialect.name]
    return provider === undefined || request === undefined ? [] : [request(url, exampleDomain(provider))]
  })
}

const requests: Readonly<Record<string, (url: string, domain: string) => string>> = {
  thunderbird: (url, domain) => `curl '${url}/mail/config-v1.1.xml?emailaddress=jane@${domain}'`,
  outlook: (url, domain) => `curl -H 'Host: autodiscover.${domain}' ${url}/autodiscover/autodiscover.xml`,
  apple: (url, domain) => `curl '${url}/email.mobileconfig?email=jane@${domain}'`
}
