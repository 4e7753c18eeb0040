/**
 * Examines a domain as mail programs do: the DNS, the discovery URLs, and the search of every program. Then it probes the
 * servers that were found.
 */

import type { DavClient } from '../../clients/dav/dav-client.ts'
import { inSrvOrder, srvHost } from '../../clients/dns/srv.ts'
import type { Client } from '../../clients/model/client.ts'
import { type NativeScript, typeInNativeScript } from '../../clients/model/native-script.ts'
import type { NetworkWorld } from '../../network/network-world.ts'
import type { Probe, ServerToProbe, ServiceProbe, ServiceToProbe } from '../../probes/probe.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { advertisedServers, advertisedServices } from './advertised-servers.ts'
import { advertisements } from './advertisement.ts'
import { searchDav } from './dav-programs.ts'
import { discoveryRequests } from './discovery-requests.ts'
import { lookUp, srvName } from './dns-records.ts'
import type { Examination, Program, Visit } from './examination.ts'
import type { Subject } from './examined-domain.ts'
import { visit } from './follow-redirects.ts'
import { lookUpOauth } from './oauth-metadata.ts'

export interface ExamineOptions extends Pick<Examination, 'timeoutMs' | 'allowPrivate'> {
  readonly world: NetworkWorld
  readonly clients: readonly Client[]
  readonly davClients: readonly DavClient[]
  readonly probeServer: (server: ServerToProbe) => Promise<Probe>
  readonly probeService: (service: ServiceToProbe) => Promise<ServiceProbe>
  /** A name that no path on the server contains. */
  readonly nonsense: string
  readonly now: () => number
  /** Aborts when the time for the whole examination is over. */
  readonly signal: AbortSignal
  /** Called with a text for people whenever a step is done. */
  readonly progress: (text: string) => void
}

export async function examine(subject: Subject, options: ExamineOptions): Promise<Examination> {
  const { world, clients, now, timeoutMs, allowPrivate } = options
  const step = createProgress(options.progress)
  const [dns, visits, programs] = await Promise.all([
    step('the DNS', lookUp(subject.domain, world.resolver)),
    visitAll(subject, options, step),
    Promise.all(
      clients.map(async client => ({
        client,
        discovery: await step(client.title, client.discover(subject.address, world))
      }))
    )
  ])
  const nativeScript = await searchInNativeScript(subject, programs, world)
  const seen = { dns, visits, programs, subject }
  const named = advertisedServers(seen, advertisements(visits, dns, subject))
  const offered = advertisedServices(seen)
  const [servers, services, oauth, davPrograms] = await Promise.all([
    Promise.all(named.map(server => step(`${server.host}:${server.port}`, options.probeServer(server)))),
    Promise.all(offered.map(service => step(service.url, options.probeService(service)))),
    step('OAuth', lookUpOauth(visits, world)),
    step('calendars and contacts', searchDav(subject, offered, options))
  ])
  return {
    ...seen,
    nativeScript,
    servers,
    services,
    oauth,
    davPrograms,
    isCut: options.signal.aborted,
    now: now(),
    timeoutMs,
    allowPrivate
  }
}

/** Why after the first search: most exchanges are the same, and the world makes each of them once. */
async function searchInNativeScript(
  { domain, address }: Subject,
  programs: readonly Program[],
  world: NetworkWorld
): Promise<NativeScript | undefined> {
  const localPart = address.slice(0, -domain.length - 1)
  const searched = programs.map(({ client, discovery }) => ({ client, found: discovery.account }))
  return await typeInNativeScript({ localPart, domain, text: address }, searched, world)
}

async function visitAll(subject: Subject, options: ExamineOptions, step: Step): Promise<Visit[]> {
  const { world, nonsense } = options
  const { records } = await world.resolver.look('SRV', srvName('autodiscover', subject.domain))
  const [best] = inSrvOrder(records)
  // Why: the DNS may contain names that a URL cannot, such as one with a space.
  const host = best && toDomain(srvHost(best))
  const autodiscover = host && `${host}${best.port === 443 ? '' : `:${best.port}`}`
  const asked = discoveryRequests(subject, { nonsense, autodiscover })
  return await Promise.all(asked.map(each => step(new URL(each.request.url).host, visit(each, world))))
}

type Step = <Result>(title: string, work: Promise<Result>) => Promise<Result>

function createProgress(progress: ExamineOptions['progress']): Step {
  let all = 0
  let done = 0
  return async (title, work) => {
    all++
    try {
      return await work
    } finally {
      done++
      progress(`${done} of ${all}: ${title}`)
    }
  }
}
