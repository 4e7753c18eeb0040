/**
 * The settings table as it is written in YAML: the only place where a field is named, with directory-schema.ts.
 * TypeScript types and `config/signpost.schema.json` (editor completion) are made from it. `title` is the phrase that
 * an error message uses after "expected"; `description` is what an editor shows.
 */
import Type, { type Static } from 'typebox'
import { Cache, Directory, MxLookup, Users } from './directory-schema.ts'

const closed = { additionalProperties: false }

export const protocols = [
  'imap',
  'pop3',
  'smtp',
  'managesieve',
  'jmap',
  'caldav',
  'carddav',
  'webdav',
  'activesync'
] as const

export const authentications = [
  'password',
  'encrypted-password',
  'oauth2',
  'gssapi',
  'ntlm',
  'client-certificate',
  'none'
] as const

const Translations = Type.Record(Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }), Type.String(), {
  ...closed,
  title: 'texts by language, such as { en: "…", de: "…" }',
  minProperties: 1
})

const HttpsUrl = (description: string) =>
  Type.String({
    title: 'an https:// URL without a user name',
    pattern: '^https://[^\\s@/?#]+([/?#]\\S*)?$',
    description
  })

const Limit = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))

const Limits = Type.Object(
  {
    rate: Type.Optional(
      Type.Object(
        {
          requests: Limit(
            0,
            1_000_000,
            'Of one client in the time below; one more is answered 429. A page for an address and a signed profile count as 10. An IPv6 client is a /64; networks have a multiple. 0: no limit. Default: 600.'
          ),
          seconds: Limit(1, 86_400, 'Default: 60.'),
          allow: Type.Optional(
            Type.Array(Type.String(), {
              title: 'a list such as [10.0.0.0/8]',
              description:
                'Addresses or networks that are not limited, nor are their connections. Default: loopback and private ones.'
            })
          ),
          redis: Type.Optional(
            Type.String({
              title: 'a URL such as redis://127.0.0.1:6379 or rediss://user@redis.example.net/1',
              pattern: '^rediss?://[^\\s/?#]+(/\\d*)?$',
              description:
                'Where several instances count together. Without it, or while it is away, each counts alone.',
              writeOnly: true
            })
          ),
          redisPasswordFile: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                'File with the password for redis, relative to this file; or the environment has it, as SIGNPOST_REDIS_PASSWORD.',
              writeOnly: true
            })
          )
        },
        { ...closed, description: 'How often one client may ask.' }
      )
    ),
    connections: Limit(1, 1_000_000, 'Open at once, by http and https together; more are closed. Default: 5000.'),
    connectionsPerAddress: Limit(
      0,
      1_000_000,
      'Of them from one address that is neither allowed nor a trusted proxy, or from one /64 of IPv6; networks have a multiple. 0: no limit. Default: 250.'
    ),
    headersSeconds: Limit(1, 3600, 'For the request line and all headers to arrive, else 408. Default: 10.'),
    requestSeconds: Limit(1, 3600, 'For the whole request to arrive, else 408. Default: 10.'),
    idleSeconds: Limit(1, 3600, 'For any byte to come or go, else the connection is closed. Default: 30.'),
    keepAliveSeconds: Limit(1, 3600, 'For a next request on the same connection. Default: 20.'),
    headerBytes: Limit(1024, 1_048_576, 'Of the request line and all headers, else 431. Default: 16384.'),
    urlBytes: Limit(256, 1_048_576, 'Of the path and query, else 414. Default: 8192.'),
    bodyBytes: Limit(1024, 1_048_576, 'Of a request body, else 413. Default: 16384.'),
    overload: Type.Optional(
      Type.Object(
        {
          delayMilliseconds: Limit(0, 60_000, 'By which all work is late, else 503. 0: no limit. Default: 1000.'),
          heapMegabytes: Limit(0, 1_048_576, 'Of JavaScript memory, else 503. 0: no limit (default).'),
          rssMegabytes: Limit(0, 1_048_576, 'Of resident memory, else 503. 0: no limit (default).')
        },
        { ...closed, description: 'When everybody is told to come again later.' }
      )
    )
  },
  { ...closed, description: 'How much strangers may ask for. Read at the start only.' }
)

const Server = Type.Object(
  {
    protocol: Type.Enum(protocols, { description: 'What the server speaks.' }),
    host: Type.Optional(
      Type.String({
        title: 'a host name',
        description:
          'Host name of an imap, pop3, smtp or managesieve server. May contain %EMAILDOMAIN%, which is replaced before it is sent.'
      })
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description: 'Default: imap 993, pop3 995, smtp 465, managesieve 4190; with starttls 143, 110, 587, 4190.'
      })
    ),
    security: Type.Optional(
      Type.Enum(['tls', 'starttls', 'none'], {
        title: 'tls (also called SSL or SSL/TLS), starttls or none',
        description:
          'tls: from the first byte (default). starttls: upgraded, never optional. none: needs allowPlaintext.'
      })
    ),
    authentication: Type.Optional(
      Type.Array(Type.Enum(authentications), {
        title: 'a list such as [password]',
        minItems: 1,
        description: 'How to log in, best first. Default: [password].'
      })
    ),
    allowPlaintext: Type.Optional(
      Type.Boolean({ description: 'Must be true where security is none: passwords then cross the network in clear.' })
    ),
    url: Type.Optional(
      HttpsUrl('Address of a jmap, caldav, carddav, webdav or activesync server. May contain %EMAILDOMAIN%.')
    )
  },
  closed
)

const Color = (description: string) =>
  Type.String({ title: 'a colour such as "#0b5c94"', pattern: '^#[0-9A-Fa-f]{6}$', description })

const Brand = Type.Object(
  {
    logo: Type.Optional(
      Type.String({ minLength: 1, description: 'SVG or PNG file of at most 8 KiB, relative to this file.' })
    ),
    accent: Type.Optional(Color('Links and buttons on a light page. Its contrast must be at least 4.5:1.')),
    accentDark: Type.Optional(Color('The same on a dark page. Default: accent, made light enough.')),
    support: Type.Optional(
      Type.String({
        title: 'an https:// URL, or mailto: with an address',
        pattern: '^(https://[^\\s@/?#]+([/?#]\\S*)?|mailto:[^\\s@?]+@[^\\s@?]+(\\?\\S*)?)$',
        description: 'Where people get help.'
      })
    )
  },
  { ...closed, description: 'How the page for people looks.' }
)

const Provider = Type.Object(
  {
    id: Type.String({
      title: 'a short name of small letters, digits, dots and hyphens',
      pattern: '^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$',
      description: 'Names this provider in findings, logs and URLs.'
    }),
    name: Type.String({ minLength: 1, description: 'Name shown by mail programs: at most 60 characters, better 30.' }),
    shortName: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Name of the account in mail programs: at most 20 characters, better 12. Default: from name.'
      })
    ),
    domains: Type.Array(Type.String(), {
      title: 'a list such as [example.com]',
      minItems: 1,
      description:
        'Mail domains: example.com, *.example.com (all below it), or * for every domain that no other provider has.'
    }),
    mx: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list such as [mx1.example.net]',
        description:
          'Names of mail exchangers (mx1.example.net or *.example.net): customer domains that point there are served too.'
      })
    ),
    username: Type.Optional(
      Type.String({
        title: 'a rule with %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%',
        description: 'How the log-in name is made from the address. Default: %EMAILADDRESS%.'
      })
    ),
    servers: Type.Array(Server, {
      title: 'a list with at least one server',
      minItems: 1,
      description: 'The order is the preference within a protocol.'
    }),
    password: Type.Optional(
      Type.Object(
        {
          note: Type.Optional(Translations),
          url: Type.Optional(HttpsUrl('Where passwords or application passwords are made.'))
        },
        { ...closed, description: 'What a person must know about the password.' }
      )
    ),
    documentation: Type.Optional(
      Type.Array(Type.Object({ url: HttpsUrl('A help page.'), text: Translations }, closed), {
        title: 'a list such as [{ url: https://example.com/, text: { en: Help } }]',
        description: 'Help pages for people.'
      })
    ),
    website: Type.Optional(HttpsUrl('Home page of the provider.')),
    webmail: Type.Optional(HttpsUrl('Where mail is read in a browser.')),
    brand: Type.Optional(Brand),
    oauth: Type.Optional(
      Type.Object(
        {
          issuer: HttpsUrl('The authorization server (RFC 8414), exactly as it names itself.'),
          scope: Type.String({ minLength: 1, description: 'Scopes, separated by spaces.' }),
          authorizationUrl: HttpsUrl('Where a person allows the access.'),
          tokenUrl: HttpsUrl('Where tokens are fetched.')
        },
        { ...closed, description: 'Log-in by OAuth 2.0, for programs that any client may be (no secret).' }
      )
    ),
    autoconfig: Type.Optional(
      Type.Object(
        {
          include: Type.Array(Type.Enum(['documentation', 'webmail', 'dav', 'jmap', 'oauth2']), {
            title: 'a list such as [documentation, webmail]',
            minItems: 1,
            description: 'Elements beyond the safest document. Some mail programs stumble over them; check says which.'
          })
        },
        { ...closed, description: 'What Thunderbird autoconfig says beyond mail servers.' }
      )
    ),
    dialects: Type.Optional(
      Type.Object(
        {
          thunderbird: Type.Optional(Type.Boolean({ description: 'Thunderbird autoconfig. Default: true.' })),
          outlook: Type.Optional(Type.Boolean({ description: 'Outlook autodiscover in XML. Default: true.' })),
          'outlook-json': Type.Optional(Type.Boolean({ description: 'Outlook autodiscover in JSON. Default: true.' })),
          apple: Type.Optional(Type.Boolean({ description: 'Apple profiles. Default: true.' })),
          pacc: Type.Optional(Type.Boolean({ description: 'IETF PACC. Default: true.' })),
          'well-known': Type.Optional(
            Type.Boolean({ description: 'Redirects of /.well-known/caldav, carddav and jmap. Default: true.' })
          ),
          api: Type.Optional(Type.Boolean({ description: 'The account as JSON, for programs. Default: true.' })),
          web: Type.Optional(Type.Boolean({ description: 'The page for people. Default: true.' }))
        },
        { ...closed, description: 'false switches a dialect off for this provider.' }
      )
    )
  },
  closed
)

const Host = (description: string) => Type.String({ minLength: 1, description })
const Port = (description: string) => Type.Integer({ minimum: 1, maximum: 65535, description })

const KeyFiles = {
  certificate: Type.String({
    minLength: 1,
    description: 'PEM file: the certificate and those of its issuers (fullchain.pem).'
  }),
  key: (description: string) => Type.String({ minLength: 1, description })
}

const Tls = Type.Object(
  {
    host: Type.Optional(Host('Address to listen on. Default: that of http.')),
    port: Type.Optional(Port('Default: 8443.')),
    certificates: Type.Array(
      Type.Object(
        {
          certificate: KeyFiles.certificate,
          key: KeyFiles.key('PEM file: the private key, RSA or EC on P-256 or P-384.')
        },
        closed
      ),
      {
        title: 'a list such as [{ certificate: fullchain.pem, key: privkey.pem }]',
        minItems: 1,
        description: 'Chosen by the name that a program asks for; the first where no name fits.'
      }
    ),
    minVersion: Type.Optional(Type.Enum(['TLSv1.2', 'TLSv1.3'], { description: 'Default: TLSv1.2.' }))
  },
  {
    ...closed,
    description:
      'Listens on https too, without a proxy. File names are relative to this file; all are read again when they change.'
  }
)

const Admin = Type.Object(
  {
    host: Type.Optional(Host('Address to listen on, never a public one. Default: 127.0.0.1.')),
    port: Type.Optional(Port('Default: 9090.')),
    domainMetrics: Type.Optional(
      Type.Boolean({
        description: 'Requests are counted by domain too: one series for each domain of this table. Default: false.'
      })
    ),
    tlsAsk: Type.Optional(
      Type.Object(
        {
          patterns: Type.Optional(
            Type.Boolean({ description: 'Domains that only *.example.com or an mx such as it covers. Default: false.' })
          ),
          mx: Type.Optional(Type.Boolean({ description: 'Domains that only mxLookup finds. Default: false.' }))
        },
        {
          ...closed,
          description:
            'For which names beyond those of the lists and the directory /internal/tls-ask allows a certificate.'
        }
      )
    )
  },
  { ...closed, description: 'A listener of its own for health, metrics and reload. Default: none.' }
)

export const Settings = Type.Object(
  {
    http: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Host('Address to listen on. Default: "::", which is all addresses, IPv4 included.')),
          port: Type.Optional(Port('Default: 8080.')),
          tls: Type.Optional(Tls),
          workers: Type.Optional(
            Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Type.Enum(['auto'])], {
              title: 'an integer from 1 to 64, or auto',
              description: 'Processes that answer, on the same ports. auto: one for each processor. Default: 1.'
            })
          ),
          trustProxy: Type.Optional(
            Type.Array(Type.String(), {
              title: 'a list such as [127.0.0.1/8]',
              description:
                'Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-Proto and -For are believed.'
            })
          ),
          publicUrl: Type.Optional(
            Type.String({
              title: 'an https:// origin in ASCII, without a path, such as https://signpost.example.net',
              pattern: '^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$',
              description: 'Where this service itself is reached.'
            })
          )
        },
        { ...closed, description: 'Where the service listens and how it is reached.' }
      )
    ),
    limits: Type.Optional(Limits),
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(
            Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { description: 'Default: info.' })
          ),
          requests: Type.Optional(
            Type.Boolean({ description: 'One line a request, without any address. Default: true.' })
          )
        },
        { ...closed, description: 'What is logged.' }
      )
    ),
    signing: Type.Optional(
      Type.Object(
        {
          certificate: KeyFiles.certificate,
          key: KeyFiles.key('PEM file: the private key, RSA or EC on P-256.'),
          required: Type.Optional(
            Type.Boolean({
              description:
                'true refuses profiles while they cannot be signed; false serves them unsigned. Default: false.'
            })
          )
        },
        {
          ...closed,
          description:
            'Signs Apple profiles. File names are relative to this file; both are read again when they change.'
        }
      )
    ),
    admin: Type.Optional(Admin),
    directory: Type.Optional(Directory),
    cache: Type.Optional(Cache),
    mxLookup: Type.Optional(MxLookup),
    users: Type.Optional(Users),
    providers: Type.Array(Provider, {
      title: 'a list with at least one provider',
      minItems: 1,
      description: 'Whose mail domains are served, and with what.'
    })
  },
  { ...closed, title: 'a settings table: a mapping with providers' }
)

export type Settings = Static<typeof Settings>
export type ProviderSettings = Settings['providers'][number]
export type BrandSettings = NonNullable<ProviderSettings['brand']>
export type ServerSettings = ProviderSettings['servers'][number]
export type Protocol = (typeof protocols)[number]
export type Authentication = (typeof authentications)[number]
export type Security = NonNullable<ServerSettings['security']>
