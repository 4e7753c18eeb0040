/**
 * Schema of `limits`, `cache` and `mxLookup`.
 */
import Type from 'typebox'
import { Count, closed, SecretFile } from './fields.ts'

export const Limits = Type.Object(
  {
    rate: Type.Optional(
      Type.Object(
        {
          requests: Count(
            0,
            1_000_000,
            'How many requests one client can send in the time below; further ones get a 429. A page for an address and a signed profile count as 10. A client with IPv6 is a /64; networks get a multiple. 0: no limit. Default: 600.'
          ),
          seconds: Count(1, 86_400, 'Default: 60.'),
          allow: Type.Optional(
            Type.Array(Type.String(), {
              title: 'a list such as [10.0.0.0/8]',
              description:
                'Addresses or networks whose requests and connections are not limited. Default: loopback and private networks.'
            })
          ),
          redis: Type.Optional(
            Type.String({
              title: 'a URL such as redis://127.0.0.1:6379 or rediss://user@redis.example.net/1',
              pattern: '^rediss?://[^\\s/?#]+(/\\d*)?$',
              description:
                'Server on which several instances count together. Without it, or while it is unavailable, each instance counts separately.',
              writeOnly: true
            })
          ),
          redisPasswordFile: SecretFile(
            'File with the password for redis, relative to this file. Alternatively, set SIGNPOST_REDIS_PASSWORD in the environment.'
          )
        },
        { ...closed, description: 'How many requests one client can send.' }
      )
    ),
    connections: Count(
      1,
      1_000_000,
      'Simultaneous connections over http and https together; further ones are closed. Default: 5000.'
    ),
    connectionsPerAddress: Count(
      0,
      1_000_000,
      'Simultaneous connections from one address, or from one /64 with IPv6, except from rate.allow and trusted proxies. Networks get a multiple. 0: no limit. Default: 250.'
    ),
    headersSeconds: Count(1, 3600, 'Time to receive the request line and all headers, otherwise 408. Default: 10.'),
    requestSeconds: Count(1, 3600, 'Time to receive the whole request, otherwise 408. Default: 10.'),
    idleSeconds: Count(1, 3600, 'Time without any traffic after which a connection is closed. Default: 30.'),
    keepAliveSeconds: Count(1, 3600, 'Time to wait for another request on the same connection. Default: 20.'),
    headerBytes: Count(
      1024,
      1_048_576,
      'Maximum size of the request line and all headers, otherwise 431. Default: 16384.'
    ),
    urlBytes: Count(256, 1_048_576, 'Maximum size of path and query, otherwise 414. Default: 8192.'),
    bodyBytes: Count(1024, 1_048_576, 'Maximum size of a request body, otherwise 413. Default: 16384.'),
    overload: Type.Optional(
      Type.Object(
        {
          delayMilliseconds: Count(
            0,
            60_000,
            'Maximum delay of the event loop, otherwise 503. 0: no limit. Default: 1000.'
          ),
          heapMegabytes: Count(0, 1_048_576, 'Maximum JavaScript memory, otherwise 503. 0: no limit (default).'),
          rssMegabytes: Count(0, 1_048_576, 'Maximum resident memory, otherwise 503. 0: no limit (default).')
        },
        { ...closed, description: 'When all requests are refused for a while.' }
      )
    )
  },
  { ...closed, description: 'Limits on what clients can request.' }
)

export const Cache = Type.Object(
  {
    seconds: Count(1, 86_400, 'How long an answer of the directory is fresh. Default: 300.'),
    staleSeconds: Count(
      0,
      2_592_000,
      'How much longer it can be used while it is being refreshed or while the directory is unavailable. Default: 86400.'
    ),
    negativeSeconds: Count(1, 86_400, 'How long an unknown domain is not looked up again. Default: 60.'),
    domains: Count(1, 10_000_000, 'Maximum number of known domains in the cache. Default: 100000.'),
    negativeDomains: Count(1, 10_000_000, 'Maximum number of unknown domains in the cache. Default: 20000.'),
    lookups: Count(
      1,
      100_000,
      'Maximum number of simultaneous lookups of domains, and of user addresses; further ones get a 503. Default: 200.'
    )
  },
  { ...closed, description: 'How long answers of the directory are cached.' }
)

export const MxLookup = Type.Object(
  {
    resolvers: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list such as [127.0.0.1] or ["[2620:fe::9]:53"]',
        minItems: 1,
        description: 'DNS resolvers, tried in this order. Default: those of the system.'
      })
    ),
    timeoutMilliseconds: Count(
      50,
      4000,
      'For one domain and all resolvers together; mail programs wait 5 seconds. Default: 2000.'
    ),
    lookups: Count(1, 10_000, 'Maximum number of simultaneous lookups; further domains count as unknown. Default: 50.'),
    minSeconds: Count(
      0,
      86_400,
      'Minimum time to cache an answer, even if the TTL of its records is shorter. Default: 60.'
    ),
    maxSeconds: Count(1, 604_800, 'Maximum time to cache an answer, even if the TTL is longer. Default: 86400.')
  },
  {
    ...closed,
    description:
      'Looks up the MX records of domains that are not listed and serves those whose mail goes to the mx of a provider. Changes take effect after a restart. Default: off.'
  }
)
