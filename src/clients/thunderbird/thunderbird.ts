/**
 * Thunderbird for Windows, Mac and Linux. Files that an administrator puts beside the program are left out.
 */

import { exchangerDomains } from '../dns/exchanger-domains.ts'
import type { Client, Discovery } from '../model/client.ts'
import { toMailbox } from '../model/mailbox.ts'
import { type Attempt, takeFirst, toOutcome } from '../model/parallel-search.ts'
import { createTracer } from '../model/tracer.ts'
import type { HttpRequest, World } from '../model/world.ts'
import { searchAutodiscover } from './autodiscover.ts'
import { readClientConfig } from './client-config.ts'
import { fetchDocument, isFetched } from './fetch.ts'
import { isHostName } from './host-name.ts'
import { fillIn } from './values.ts'

export const thunderbird: Client = {
  name: 'thunderbird',
  title: 'Thunderbird',
  source: 'mozilla/releases-comm-central cf9726f (2026-08-22, 156.0a1)',
  discover
}

async function discover(address: string, world: World): Promise<Discovery> {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  // Observed: InputSanitizer.hostname: every search fails at a domain with other letters than those of ASCII.
  if (toMailbox(address) === undefined || !isHostName(domain)) {
    return { account: undefined, reason: 'not a mail address in ASCII', trace: [] }
  }
  const person = { address, world }
  // Observed: FindConfig.sys.mjs: all at the same time, and the first in this order that finds a configuration wins.
  const attempts = await Promise.all([
    fetchFirst(providerRequests(domain, address), person),
    fetchFirst([databaseRequest(domain)], person),
    exchangerAttempts(domain, person),
    searchAutodiscover(domain, address, world)
  ])
  return takeFirst(attempts.flat())
}

interface Person {
  readonly address: string
  readonly world: World
}

// Observed: FetchConfig.sys.mjs: _fetchConfigFromIsp: the address at every one of them, http too.
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
 * Observed: FetchConfig.sys.mjs: promiseFirstSuccessful waits for a fetch, not for settings: the first that is fetched is
 * read, and a page for people in it hides the right file after it.
 */
async function fetchFirst(requests: readonly HttpRequest[], { address, world }: Person): Promise<Attempt> {
  const fetched = await Promise.all(requests.map(request => fetchDocument(request, createTracer(world))))
  const tracers = fetched.map(({ tracer }) => tracer)
  const winner = fetched.find(isFetched)
  if (winner === undefined) return { tracers, outcome: undefined }
  const read = () => fillIn(readClientConfig(winner.document), address)
  return { tracers, outcome: toOutcome(winner.tracer, winner.asked, read) }
}

// Observed: fetchConfigForMX: https autoconfig only, then the database, with the address as it is.
async function exchangerAttempts(domain: string, person: Person): Promise<Attempt[]> {
  const tracer = createTracer(person.world)
  const hosts = exchangerDomains(await tracer.dns.mx(domain), domain).filter(isHostName)
  const requests = hosts.flatMap(host => [...providerRequests(host, person.address).slice(0, 1), databaseRequest(host)])
  const attempts = await Promise.all(requests.map(request => fetchFirst([request], person)))
  return [{ tracers: [tracer], outcome: undefined }, ...attempts]
}
