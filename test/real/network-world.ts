// The private network as a world for the models of mail programs: they use the same nginx and DNS as real programs.

import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { text } from 'node:stream/consumers'
import { type HttpRequest, type HttpResponse, type World, WorldError } from '../../src/clients/model/world.ts'
import { DNS_ADDRESS } from './namespace.ts'

export interface NetworkWorldOptions {
  /** Header fields of all requests, in addition to those of the model. */
  readonly headers?: Readonly<Record<string, string>>
}

/** @param trustedRoot path of the root certificate, PEM */
export async function createNetworkWorld(
  trustedRoot: string,
  { headers = {} }: NetworkWorldOptions = {}
): Promise<World> {
  const ca = await readFile(trustedRoot)
  const resolver = new Resolver()
  resolver.setServers([DNS_ADDRESS])
  return {
    async exchange(request) {
      const sent = send({ ...request, headers: { ...request.headers, ...headers } }, ca)
      try {
        return await receive(sent)
      } catch (cause) {
        throw new WorldError(cause instanceof Error ? cause.message : String(cause), { cause })
      }
    },
    dns: {
      mx: domain => orNone(resolver.resolveMx(domain)),
      async srv(name) {
        const records = await orNone(resolver.resolveSrv(name))
        return records.map(({ name: target, ...record }) => ({ ...record, target: target === '' ? '.' : target }))
      },
      async txt(name) {
        const records = await orNone(resolver.resolveTxt(name))
        return records.map(parts => parts.join(''))
      },
      ns: domain => orNone(resolver.resolveNs(domain)),
      async isHost(name) {
        const found = [await orNone(resolver.resolve4(name)), await orNone(resolver.resolve6(name))]
        return found.flat().length > 0
      }
    }
  }
}

function send({ method, url, headers, body, target }: HttpRequest, ca: Buffer): ClientRequest {
  const path = target === 'absolute' ? { path: url } : {}
  // Why: an open connection would delay the end of the test.
  const options = { method, headers, agent: false, ...path }
  const sent = url.startsWith('https:') ? requestOverTls(url, { ...options, ca }) : request(url, options)
  return sent.end(body)
}

async function receive(sent: ClientRequest): Promise<HttpResponse> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: await text(response) }
}

async function orNone<Answer>(query: Promise<Answer[]>): Promise<Answer[]> {
  try {
    return await query
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === NODATA || error.code === NOTFOUND)) return []
    throw error
  }
}
