// A program for calendars and address books and its model, compared: the same servers, the same network, the same address.

import type { Test } from 'tap'
import type { DavClient, DavService } from '../../../src/clients/dav/dav-client.ts'
import type { Step } from '../../../src/clients/model/client.ts'
import type { World } from '../../../src/clients/model/world.ts'
import { WORLD_ADDRESS } from '../namespace.ts'
import type { Nginx, ProxiedRequest } from '../nginx.ts'

export const bothServices: readonly DavService[] = ['caldav', 'carddav']

export interface DavProgram {
  model: DavClient
  /** What the model does for one service. Default: the model, which must look up SRV records first. */
  search?(service: DavService, address: string, network: World): Promise<DavSearch>
  /** Part of its User-Agent. */
  agent: string
  /** @returns the URLs of the calendars or address books that it finds */
  find(service: DavService, address: string, password: string): Promise<string[]>
}

export interface DavSearch {
  /** URL of the server; undefined if there is none. */
  found: string | undefined
  trace: readonly Step[]
}

export interface DavWorld {
  program: DavProgram
  /** The proxy in front of all servers. */
  nginx: Nginx
  /** The same network, for the model. */
  network: World
  /** The password of every person. */
  password: string
}

export interface DavCase {
  address: string
  /** Services that the program finds. */
  finds: readonly DavService[]
}

/** Compares what is found, and the requests until a server is found. */
export async function compareDavDiscovery(t: Test, world: DavWorld, { address, finds }: DavCase): Promise<void> {
  const { program, network, password } = world
  const { search = searchOf(program.model) } = program
  for (const service of bothServices) {
    const { urls, asked } = await requestsOf(world, () => program.find(service, address, password))
    const { found, trace } = await search(service, address, logInto(network, address, password))
    t.equal(found !== undefined, finds.includes(service), `${service}: what the model finds`)
    t.equal(urls.length > 0, finds.includes(service), `${service}: what the real program finds: ${urls.join()}`)
    const expected = askedBy(trace)
    // Why: the model ends at the server, and the real program continues with the collections.
    t.same(found === undefined ? asked : asked.slice(0, expected.length), expected, `${service}: its requests`)
  }
}

/** Splits what the model does for both services: first calendars, then address books. */
function searchOf(model: DavClient): NonNullable<DavProgram['search']> {
  return async (service, address, network) => {
    const { trace, ...found } = await model.discover(address, network)
    const second = trace.findIndex(({ asked }) => asked.startsWith('SRV _carddavs.'))
    return { found: found[service], trace: service === 'caldav' ? trace.slice(0, second) : trace.slice(second) }
  }
}

/** @returns what the search found, and its requests without repetitions, such as those with a password */
async function requestsOf(world: DavWorld, search: () => Promise<string[]>) {
  const earlier = await logged(world)
  const urls = await search()
  return { urls, asked: withoutRepetitions((await logged(world)).slice(earlier.length)) }
}

/** @returns all requests of the program so far. Why the request: nginx has one worker, which logs each response before the next. */
async function logged({ program, nginx, network }: DavWorld): Promise<string[]> {
  await network.exchange({ method: 'GET', url: `http://${WORLD_ADDRESS}/`, headers: {} })
  const requests = await nginx.requests([])
  return requests
    .filter(({ agent, asked }) => agent.includes(program.agent) && asked.startsWith('PROPFIND '))
    .map(textOf)
}

function askedBy(steps: readonly Step[]): string[] {
  const answered = steps.filter(({ asked, result }) => asked.startsWith('PROPFIND ') && /^\d/.test(result))
  return withoutRepetitions(answered.map(({ asked }) => asked.replace(':443/', '/')))
}

function withoutRepetitions(texts: readonly string[]): string[] {
  return texts.filter((text, index) => text !== texts[index - 1])
}

function textOf({ asked, port }: ProxiedRequest): string {
  return port === 443 ? asked : asked.replace(/(?<=\/\/[^/]+)(?=\/)/, `:${port}`)
}

/** The network as the program sees it. The program logs in wherever a server requires it. */
function logInto(world: World, username: string, password: string): World {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return {
    ...world,
    async exchange(request) {
      const response = await world.exchange(request)
      if (response.status !== 401) return response
      return await world.exchange({ ...request, headers: { ...request.headers, authorization } })
    }
  }
}
