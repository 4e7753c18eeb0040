/**
 * What one of several processes may allow, so that all of them together allow what the settings say.
 */
import type { Limits } from './limits.ts'

/**
 * Why divided: each process counts alone, and a stranger whose connections are spread over all of them would be allowed
 * as many times the limit. Sizes, times and what is measured of a process itself stay as they are.
 * @param workers how many processes there are
 * @param options.mostConnections what one process can have
 */
export function limitsShare(
  limits: Limits,
  workers: number,
  { mostConnections = Number.POSITIVE_INFINITY }: { readonly mostConnections?: number | undefined } = {}
): Limits {
  const { rate, connections, connectionsPerAddress } = limits
  // Why 0 is kept: it stands for no limit, which is not what is left of a small one.
  const share = (limit: number) => (limit === 0 ? 0 : Math.max(1, Math.floor(limit / workers)))
  return {
    ...limits,
    connections: Math.min(share(connections), mostConnections),
    connectionsPerAddress: share(connectionsPerAddress),
    // Why not where there is a Redis: in it all are counted together.
    rate: rate.redis === undefined ? { ...rate, requests: share(rate.requests) } : rate
  }
}
