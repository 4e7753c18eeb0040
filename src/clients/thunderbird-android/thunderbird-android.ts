/**
 * Thunderbird for Android, and K-9 Mail, which is the same program. It never sends the address. What comes by http or from
 * a mail exchanger without DNSSEC the person must allow, and is taken to do so.
 */

import { exchangerDomains } from '../dns/exchanger-domains.ts'
import type { Client, Discovery } from '../model/client.ts'
import { type Mailbox, toMailbox } from '../model/mailbox.ts'
import { type Attempt, type Outcome, refused, takeFirst } from '../model/parallel-search.ts'
import { orRefusal, Refusal } from '../model/refusal.ts'
import { createTracer, type Tracer } from '../model/tracer.ts'
import type { World } from '../model/world.ts'
import { readClientConfig } from './client-config.ts'

export const thunderbirdAndroid: Client = {
  name: 'thunderbird-android',
  title: 'Thunderbird for Android, K-9 Mail',
  source: 'thunderbird/thunderbird-android a59bd67 (2026-08-20)',
  discover
}

async function discover(address: string, world: World): Promise<Discovery> {
  const mailbox = toMailbox(address)
  // Observed: EmailAddressParser.kt: ASCII alone, and no dot at the edge of a local part or beside another.
  if (mailbox === undefined || !/^[!-~]+$/.test(address) || /^\.|\.\.|\.@/.test(address)) {
    return { account: undefined, reason: 'not a mail address in ASCII', trace: [] }
  }
  const { domain } = mailbox
  const autoconfig = `autoconfig.${domain}/mail/config-v1.1.xml`
  const wellKnown = `${domain}/.well-known/autoconfig/mail/config-v1.1.xml`
  // Observed: ProviderAutoconfigUrlProvider.kt, RealAutoDiscoveryRegistry.kt, PriorityParallelRunner.kt: all at the same
  // time, and the first in this order that has settings wins.
  const urls = [`https://${autoconfig}`, `https://${wellKnown}`, `http://${autoconfig}`, `http://${wellKnown}`]
  const attempts = await Promise.all([
    ...[...urls, databaseUrl(domain)].map(url => fetchOne(url, mailbox, world)),
    searchExchanger(mailbox, world)
  ])
  return takeFirst(attempts)
}

// Observed: IspDbAutoconfigUrlProvider.kt.
function databaseUrl(domain: string): string {
  return `https://autoconfig.thunderbird.net/v1.1/${domain}`
}

async function fetchOne(url: string, mailbox: Mailbox, world: World): Promise<Attempt> {
  const tracer = createTracer(world)
  return { tracers: [tracer], outcome: await fetchAndRead(url, mailbox, tracer) }
}

async function fetchAndRead(url: string, mailbox: Mailbox, tracer: Tracer): Promise<Outcome | undefined> {
  // Observed: OkHttpFetcher.kt: isSuccessful, of any type; RetryAndFollowUpInterceptor.kt: 20 redirects, to http too.
  const { response } = await tracer.follow({ method: 'GET', url, headers: {} }, { most: 20 })
  if (response === undefined || response.status < 200 || response.status > 299) return undefined
  const config = orRefusal(() => readClientConfig(response.body, mailbox))
  if (config instanceof Refusal) return refused(tracer, config.message)
  const { logsIn, incoming, outgoing } = config
  // Observed: GetAutoDiscovery.kt: these settings have already won, and nothing else is tried.
  if (!logsIn) return refused(tracer, 'nothing but OAuth2, for a host that it does not know', true)
  return { tracer, found: { incoming, outgoing, from: url }, isFinal: false }
}

// Observed: MxLookupAutoconfigDiscovery.kt, PostMxLookupAutoconfigUrlProvider.kt: one after the other.
async function searchExchanger(mailbox: Mailbox, world: World): Promise<Attempt> {
  const tracer = createTracer(world)
  const hosts = exchangerDomains(await tracer.dns.mx(mailbox.domain), mailbox.domain)
  const urls = hosts.flatMap(host => [`https://autoconfig.${host}/mail/config-v1.1.xml`, databaseUrl(host)])
  let outcome: Outcome | undefined
  for (const url of urls) {
    outcome = await fetchAndRead(url, mailbox, tracer)
    if (outcome !== undefined && (outcome.isFinal || typeof outcome.found !== 'string')) break
  }
  return { tracers: [tracer], outcome }
}
