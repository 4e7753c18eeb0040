/**
 * The network as a world for the models of mail programs. Equal exchanges are made once, whoever asks for them.
 */
import type { HttpResponse, World } from '../clients/model/world.ts'
import type { Exchange, ExchangeRequest, Exchanger } from './http-exchange.ts'
import { createLimit, type Limit } from './limit.ts'
import type { Resolver } from './resolver.ts'

export interface NetworkWorld extends World {
  /** Any method. */
  readonly exchange: (request: ExchangeRequest) => Promise<HttpResponse>
  /** As `exchange`, with everything that is known about it. Never rejects. */
  readonly observe: Exchanger
  readonly resolver: Resolver
}

/** Connections to one host at the same time. Why: as browsers have it; a doctor is no load test. */
const mostPerHost = 6

export function createNetworkWorld(exchanger: Exchanger, resolver: Resolver): NetworkWorld {
  const made = new Map<string, Promise<Exchange>>()
  const limits = new Map<string, Limit>()

  function observe(request: ExchangeRequest): Promise<Exchange> {
    const { method, url, headers, body, target } = request
    const key = JSON.stringify([method, url, headers, body, target])
    const exchange = made.get(key) ?? limitOf(url)(() => exchanger(request))
    made.set(key, exchange)
    return exchange
  }

  function limitOf(url: string): Limit {
    const host = URL.canParse(url) ? new URL(url).host : ''
    const limit = limits.get(host) ?? createLimit(mostPerHost)
    limits.set(host, limit)
    return limit
  }

  return {
    observe,
    resolver,
    async exchange(request) {
      const { response, fault } = await observe(request)
      if (response !== undefined) return response
      throw fault
    },
    // Why without faults: a mail program whose look-up fails goes on as if there were no record.
    dns: {
      mx: async domain => (await resolver.look('MX', domain)).records,
      srv: async name => (await resolver.look('SRV', name)).records,
      txt: async name => (await resolver.look('TXT', name)).records
    }
  }
}
