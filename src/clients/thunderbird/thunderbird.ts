/**
 * Thunderbird for Windows, Mac and Linux. The model omits files that administrators install with the program.
 */
import { exchangerDomains } from '../dns/exchanger-domains.ts'
import { type Client, type Discovery, toMailbox } from '../model/client.ts'
import { type SearchResult, takeFirst, toOutcome } from '../model/parallel-search.ts'
import { createTracer } from '../model/tracer.ts'
import type { HttpRequest, World } from '../model/world.ts'
import { searchAutodiscover } from './autodiscover.ts'
import { readClientConfig } from './client-config.ts'
import { fetchDocument, isFetched } from './fetch.ts'
import { fillIn, isHostName } from './values.ts'

export const thunderbird: Client = {
  name: 'thunderbird',
  title: 'Thunderbird',
  release: '156.0a1; compared with 153',
  source: 'mozilla/releases-comm-central cf9726f (2026-08-22, 156.0a1)',
  takes:
    'the first imap or pop3 server and the first smtp server of the document whose URL comes first in order, even if another one arrives earlier',
  discover
}

async function discover(address: string, world: World): Promise<Discovery> {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  // Observed: InputSanitizer.hostname: all searches fail for a domain with non-ASCII letters.
  if (toMailbox(address) === undefined || !isHostName(domain)) {
    return { account: undefined, reason: 'not a mail address in ASCII', trace: [] }
  }
  const person = { address, world }
  // Observed: FindConfig.sys.mjs: all run in parallel, and the first one in this order that finds a configuration is used.
  const results = await Promise.all([
    fetchFirst(providerRequests(domain, address), person),
    fetchFirst([databaseRequest(domain)], person),
    searchExchangers(domain, person),
    searchAutodiscover(domain, address, world)
  ])
  return takeFirst(results.flat())
}

interface Person {
  readonly address: string
  readonly world: World
}

// Observed: FetchConfig.sys.mjs: _fetchConfigFromIsp: all requests contain the address, including those to http.
function providerRequests(domain: string, address: string): HttpRequest[] {
  const query = new URLSearchParams({ emailaddress: address })
  const autoconfig = `autoconfig.${domain}/mail/config-v1.1.xml?${query}`
  const wellKnown = `${domain}/.well-known/autoconfig/mail/config-v1.1.xml?${query}`
  const urls = [`https://${autoconfig}`, `https://${wellKnown}`, `http://${autoconfig}`, `http://${wellKnown}`]
  return urls.map(url => ({ method: 'GET', url, headers: {} }))
}

// Observed: fetchConfigFromDB; the URL is the preference mailnews.auto_config_url.
function databaseRequest(domain: string): HttpRequest {
  const headers = { accept: 'application/xml,text/xml,*/*' }
  return { method: 'GET', url: `https://live.thunderbird.net/autoconfig/v1.1/${domain}`, headers }
}

/**
 * Observed: FetchConfig.sys.mjs: promiseFirstSuccessful waits for a successful fetch, not for settings. The first document is
 * read, and a web page in this position hides a correct file in a later one.
 */
async function fetchFirst(requests: readonly HttpRequest[], { address, world }: Person): Promise<SearchResult> {
  const fetched = await Promise.all(requests.map(request => fetchDocument(request, createTracer(world))))
  const tracers = fetched.map(({ tracer }) => tracer)
  const winner = fetched.find(isFetched)
  if (winner === undefined) return { tracers, outcome: undefined }
  const read = () => fillIn(readClientConfig(winner.document), address)
  return { tracers, outcome: toOutcome(winner.tracer, winner.asked, read) }
}

// Observed: fetchConfigForMX: only autoconfig over https, then the database, with the unchanged address.
async function searchExchangers(domain: string, person: Person): Promise<SearchResult[]> {
  const tracer = createTracer(person.world)
  const hosts = exchangerDomains(await tracer.dns.mx(domain), domain).filter(isHostName)
  const requests = hosts.flatMap(host => [...providerRequests(host, person.address).slice(0, 1), databaseRequest(host)])
  const results = await Promise.all(requests.map(request => fetchFirst([request], person)))
  return [{ tracers: [tracer], outcome: undefined }, ...results]
}
