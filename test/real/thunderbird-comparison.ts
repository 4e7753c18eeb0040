// The model of Thunderbird in src/clients, compared with the real program: the same servers, the same network, the same address.

import { domainToASCII } from 'node:url'
import type { Test } from 'tap'
import type { FoundServer, FoundAccount as ModelAccount, Step } from '../../src/clients/model/client.ts'
import type { World as ModelWorld } from '../../src/clients/model/world.ts'
import { thunderbird as model } from '../../src/clients/thunderbird/thunderbird.ts'
import type { Nginx, ProxiedRequest } from './nginx.ts'
import type { FoundAccount, MailServer, Thunderbird } from './thunderbird.ts'

/** The password before a person has entered one. The model has none. */
const NO_PASSWORD = ''

export interface ComparedWorld {
  thunderbird: Thunderbird
  /** The same network, for the model. */
  network: ModelWorld
  requests: Nginx['requests']
}

export interface ComparedCase {
  address: string
  /** Host and port of the incoming server, or undefined if Thunderbird finds nothing. */
  finds: string | undefined
  /** Expected URL of the settings. Default: only the program and the model are compared with each other. */
  from?: string | undefined
  /** Other domains whose hosts receive requests only for this address. */
  domains?: string[]
}

/** Compares the accounts and the requests. */
export async function compareDiscovery(
  t: Test,
  world: ComparedWorld,
  { address, finds, from, domains = [] }: ComparedCase
): Promise<void> {
  const earlier = await world.requests([])
  const account = await world.thunderbird.discover(address, NO_PASSWORD)
  const discovery = await model.discover(address, world.network)
  t.same(ofModel(discovery.account), ofReal(account), 'the account')
  t.equal(placeOf(discovery.account?.incoming), finds, 'its incoming server')
  if (from !== undefined) t.equal(account?.url, from, 'its source')

  const answered = discovery.trace.filter(({ asked, result }) => /^(?:GET|POST) /.test(asked) && /^\d/.test(result))
  const needed = neededOf(answered)
  const expected = needed.map(({ asked }) => asked.replace(/\?.*/, ''))
  const requests = (await world.requests(expected, earlier.length)).filter(({ agent }) =>
    agent.includes('Thunderbird/')
  )
  const askedByReal = new Set(requests.map(textOfRequest))
  const askedByModel = new Set(answered.map(textOfStep))
  // Why: the end of a request for an earlier address may have been logged since then.
  const ofThisTest = [domainToASCII(address.slice(address.lastIndexOf('@') + 1)), ...domains]
  const ownRequests = [...askedByReal].filter(text => ofThisTest.some(domain => text.includes(domain)))
  t.same(
    new Set(ownRequests).difference(askedByModel),
    new Set(),
    'the real program sends no request that the model does not send'
  )
  t.same(
    new Set(needed.map(textOfStep)).difference(askedByReal),
    new Set(),
    'the real program sends all necessary requests'
  )
  t.equal(
    needed.some(({ result }) => result.endsWith(', used')),
    finds !== undefined,
    'one of them leads to the settings'
  )
}

/**
 * Why not all: Thunderbird sends all requests at the same time. After a success it cancels requests with a lower priority, which may
 * not have been sent yet, and waits for those with a higher priority. Autodiscover is a separate search.
 */
function neededOf(steps: readonly Step[]): Step[] {
  const isAutodiscover = ({ asked }: Step) => asked.endsWith('/autodiscover.xml')
  return [steps.filter(step => !isAutodiscover(step)), steps.filter(isAutodiscover)].flatMap(search => {
    const success = search.findIndex(({ result }) => result.startsWith('200'))
    return success === -1 ? search : search.slice(0, success + 1)
  })
}

/** Why: the program and the model may encode the address in the query differently. */
function textOfStep({ asked }: Step): string {
  const [method, url = ''] = asked.split(' ')
  const { origin, pathname, search } = new URL(url)
  return `${method} ${origin}${pathname} ${new URLSearchParams(search).get('emailaddress') ?? ''}`
}

function textOfRequest({ asked, query }: ProxiedRequest): string {
  return `${asked} ${new URLSearchParams(query).get('emailaddress') ?? ''}`
}

function ofModel(account: ModelAccount | undefined) {
  return (
    account && {
      url: account.from.replace(/\?.*/, ''),
      incoming: account.incoming,
      outgoing: account.outgoing
    }
  )
}

/** @returns the account in the form of the model */
function ofReal(account: FoundAccount | null) {
  if (account === null) return undefined
  return { url: account.url, incoming: serverOfReal(account.incoming), outgoing: serverOfReal(account.outgoing) }
}

const securities = new Map<string, FoundServer['security']>([
  ['SSL', 'tls'],
  ['alwaysSTARTTLS', 'starttls'],
  ['plain', 'none']
])

function serverOfReal({ type, hostname, port, security, username }: MailServer) {
  return { protocol: type, host: hostname, port, security: securities.get(security), username }
}

function placeOf(server: FoundServer | undefined): string | undefined {
  return server && `${server.host}:${server.port}`
}
