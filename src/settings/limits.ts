/**
 * Limits on what clients may request, with all defaults. They are generous for mail programs, which send 5 to 12 short
 * requests to set up an account, and too low to exhaust the service.
 */
import type { Settings } from './schema.ts'

type LimitSettings = NonNullable<Settings['limits']>

export interface Limits extends Required<Omit<LimitSettings, 'rate' | 'overload'>> {
  readonly rate: Required<Omit<RateSettings, RedisField>> & Pick<RateSettings, RedisField>
  readonly overload: Required<NonNullable<LimitSettings['overload']>>
}

/** The limits as they are now: the same object until one of them changes. */
export type CurrentLimits<Name extends keyof Limits = keyof Limits> = () => Pick<Limits, Name>

type RedisField = 'redis' | 'redisPasswordFile'
type RateSettings = NonNullable<LimitSettings['rate']>

/**
 * Spec: RFC 1918, RFC 6598, RFC 3927, RFC 1122 3.2.1.3; RFC 4193, RFC 4291 2.5.3 and 2.5.6.
 * Why: these networks are not limited. Behind a proxy that `http.trustProxy` does not list, or behind the port
 * forwarding of a container, all clients share one such address, and the first hundred people in the morning would lock
 * out everyone else.
 */
export const privateNetworks = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1',
  'fc00::/7',
  'fe80::/10'
] as const

/** If only one of two dependent limits is set, the default of the other one adapts to it. */
export function toLimits({ rate, overload, ...set }: LimitSettings = {}): Limits {
  return {
    connections: 5000,
    connectionsPerAddress: 250,
    headersSeconds: Math.min(10, set.requestSeconds ?? 10),
    requestSeconds: Math.max(10, set.headersSeconds ?? 10),
    idleSeconds: 30,
    keepAliveSeconds: 20,
    headerBytes: Math.max(16 * 1024, set.urlBytes ?? 0),
    urlBytes: Math.min(8 * 1024, set.headerBytes ?? 8 * 1024),
    bodyBytes: 16 * 1024,
    ...set,
    // Why: an office or a university shares one address, and Outlook repeats its request every hour.
    rate: { requests: 600, seconds: 60, allow: [...privateNetworks], ...rate },
    overload: { delayMilliseconds: 1000, heapMegabytes: 0, rssMegabytes: 0, ...overload }
  }
}

/**
 * The share of the limits that one of several processes may use.
 *
 * Why: each process counts separately, so a client that spreads its connections over all processes would otherwise get
 * a multiple of each limit. Sizes, times and measurements of the process itself are not divided.
 * @param workers number of processes
 * @param options.mostConnections how many connections one process can hold
 */
export function limitsShare(
  limits: Limits,
  workers: number,
  { mostConnections = Number.POSITIVE_INFINITY }: { readonly mostConnections?: number | undefined } = {}
): Limits {
  const { rate, connections, connectionsPerAddress } = limits
  // Why: 0 means "no limit", so the share of a small limit must not become 0.
  const share = (limit: number) => (limit === 0 ? 0 : Math.max(1, Math.floor(limit / workers)))
  return {
    ...limits,
    connections: Math.min(share(connections), mostConnections),
    connectionsPerAddress: share(connectionsPerAddress),
    // Why: with Redis, all processes count together.
    rate: rate.redis === undefined ? { ...rate, requests: share(rate.requests) } : rate
  }
}
