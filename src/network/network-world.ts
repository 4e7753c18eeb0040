/**
 * The network as a world for the models of mail programs. Equal exchanges are made once and shared by all models.
 */
import type { HttpResponse, World } from '../clients/model/world.ts'
import type { Exchange, ExchangeRequest, Exchanger } from './http-exchange.ts'
import type { Resolver } from './resolver.ts'

export interface NetworkWorld extends World {
  /** Makes an exchange with any method. Rejects with a `NetworkFault`. */
  readonly exchange: (request: ExchangeRequest) => Promise<HttpResponse>
  /** Like `exchange`, with all details. Never rejects. */
  readonly observe: Exchanger
  readonly resolver: Resolver
}

/** Simultaneous connections to one host, as many as browsers make. Why there is a limit: doctor is no load test. */
const maxPerHost = 6

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
    const limit = limits.get(host) ?? createLimit(maxPerHost)
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
    // Why without faults: a mail program whose lookup fails continues as if there were no record.
    dns: {
      mx: async domain => (await resolver.look('MX', domain)).records,
      srv: async name => (await resolver.look('SRV', name)).records,
      txt: async name => (await resolver.look('TXT', name)).records,
      ns: async domain => (await resolver.look('NS', domain)).records,
      async isHost(name) {
        const answers = await Promise.all([resolver.look('A', name), resolver.look('AAAA', name)])
        return answers.some(({ records }) => records.length > 0)
      }
    }
  }
}

/** Runs a function when its turn has come. */
export type Limit = <Result>(run: () => Promise<Result>) => Promise<Result>

/** @param max the number of functions that run at the same time; the others wait in line */
export function createLimit(max: number): Limit {
  let free = max
  const waiting: (() => void)[] = []
  return async run => {
    if (free > 0) free--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await run()
    } finally {
      // Why passed on directly: otherwise a new caller could take the turn first.
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
