/**
 * What `signpost serve` says when it has started: where it listens, what it serves, and requests to try.
 */
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { exampleDomain } from '../settings/example-domain.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

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
  /** For administrators; undefined where nobody listens for them. */
  readonly admin: Place | undefined
}

export function greeting({ plain, secure, admin }: Listening, { providers }: Table): string {
  const urls = [...plain.map(place => urlOf('http', place)), ...secure.map(place => urlOf('https', place))]
  const served = providers.map(({ id, domains }) => `  ${id}: ${domains.join(', ')}\n`)
  const tries = [
    ...triesOf(providers, plain.slice(0, 1).map(reachable), secure.slice(0, 1).map(reachable)),
    ...(admin === undefined ? [] : [`curl ${urlOf('http', reachable(admin))}/metrics`])
  ]
  const lines = tries.map(text => `  ${text}\n`)
  return `Signpost listens on ${urls.join(' and ')} and serves\n${served.join('')}\nTry:\n${lines.join('')}`
}

function urlOf(scheme: 'http' | 'https', { address, port }: Place): string {
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Why: 0.0.0.0 and :: stand for every address of the machine, and cannot be asked themselves. */
function reachable({ address, port }: Place): Place {
  const asked: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
  return { address: asked[address] ?? address, port }
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
