/**
 * How much strangers may ask for, with every default filled in: generous for mail programs, which ask 5 to 12 short
 * requests when an account is set up, and too little to hold up the service.
 */
import type { Settings } from './schema.ts'

type LimitSettings = NonNullable<Settings['limits']>

export interface Limits extends Required<Omit<LimitSettings, 'rate' | 'overload'>> {
  readonly rate: Required<Omit<RateSettings, OfRedis>> & Pick<RateSettings, OfRedis>
  readonly overload: Required<NonNullable<LimitSettings['overload']>>
}

type OfRedis = 'redis' | 'redisPasswordFile'
type RateSettings = NonNullable<LimitSettings['rate']>

/**
 * Spec: RFC 1918, RFC 6598, RFC 3927, RFC 1122 3.2.1.3; RFC 4193, RFC 4291 2.5.3 and 2.5.6.
 * Why not limited: behind a proxy that `http.trustProxy` does not name, or a container's port forwarding, everybody comes
 * from one such address, and the first hundred people of a morning would lock out all others.
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

/** Where of two limits that hold one another only one is set, the other's default gives way. */
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
    // Why so many: an office or a university stands behind one address, and Outlook asks again every hour.
    rate: { requests: 600, seconds: 60, allow: [...privateNetworks], ...rate },
    overload: { delayMilliseconds: 1000, heapMegabytes: 0, rssMegabytes: 0, ...overload }
  }
}

//@@ src/settings/limits-share.ts
//@@ /**
//@@  * What one of several processes may allow, so that all of them together allow what the settings say.
//@@  */
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
