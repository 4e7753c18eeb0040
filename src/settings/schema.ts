/**
 * Schema of the settings table as it is written in YAML. Fields are defined here and in schema/ and nowhere else.
 * TypeScript types and `config/signpost.schema.json` (editor completion) are generated from it. `title` is the phrase that
 * error messages use after "expected"; `description` is what editors show.
 */
import Type, { type Static } from 'typebox'
import { Directory, Users } from './schema/directory.ts'
import { closed, SecretFile, Text } from './schema/fields.ts'
import { Cache, Limits, MxLookup } from './schema/limits.ts'
import { type authentications, Provider, type protocols } from './schema/provider.ts'
import { CertificateFile, Port, Tls } from './schema/tls.ts'

const Admin = Type.Object(
  {
    host: Type.Optional(Text('Address to listen on, never a public one. Default: 127.0.0.1.')),
    port: Type.Optional(Port('Default: 9090.')),
    passwordFile: SecretFile(
      'Password of the console, relative to this file. It opens the console to other machines, over TLS. Default: none; the console is open to this machine only.'
    ),
    hosts: Type.Optional(
      Type.Array(Text('A host name.'), {
        title: 'a list such as [console.example.net]',
        description:
          'Host names of the console, for example behind a proxy with TLS. Default: only localhost and IP addresses.'
      })
    ),
    doctor: Type.Optional(
      Type.Object(
        {
          resolver: Type.Optional(Text('DNS server for checks from the console. Default: the one of the system.')),
          allowPrivate: Type.Optional(
            Type.Boolean({
              description: 'Checks from the console may connect to private addresses. Default: false.'
            })
          )
        },
        { ...closed, description: 'Network access of checks from the console.' }
      )
    ),
    domainMetrics: Type.Optional(
      Type.Boolean({
        description:
          'Also counts requests by domain, with one time series for each domain in this table. Default: false.'
      })
    ),
    tlsAsk: Type.Optional(
      Type.Object(
        {
          patterns: Type.Optional(
            Type.Boolean({
              description:
                'Domains that match only a pattern such as *.example.com, in domains or in mx. Default: false.'
            })
          ),
          mx: Type.Optional(Type.Boolean({ description: 'Domains that only mxLookup finds. Default: false.' }))
        },
        {
          ...closed,
          description:
            'Names for which /internal/tls-ask permits a certificate, in addition to those in the lists and in the directory.'
        }
      )
    )
  },
  { ...closed, description: 'A separate listener for the console, health, metrics and reload. Default: none.' }
)

export const Settings = Type.Object(
  {
    http: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Text('Address to listen on. Default: "::", all addresses, including IPv4.')),
          port: Type.Optional(Port('Default: 8080.')),
          tls: Type.Optional(Tls),
          workers: Type.Optional(
            Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Type.Enum(['auto'])], {
              title: 'an integer from 1 to 64, or auto',
              description: 'Number of processes that share the ports. auto: one for each processor. Default: 1.'
            })
          ),
          trustProxy: Type.Optional(
            Type.Array(Type.String(), {
              title: 'a list such as [127.0.0.1/8]',
              description:
                'Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-Proto and -For headers, or PROXY protocol headers, are trusted.'
            })
          ),
          proxyProtocol: Type.Optional(
            Type.Boolean({
              description:
                'Every connection to http and https must come from a proxy in trustProxy and begin with a PROXY protocol header, version 1 or 2. All others are closed. Default: false.'
            })
          ),
          title: Type.Optional(
            Type.String({
              title: 'a text of 1 to 80 characters',
              pattern: '^[^\\p{C}]{1,80}$',
              description:
                'Title of the start page at hosts that belong to none of several providers. Default: the host of publicUrl.'
            })
          ),
          publicUrl: Type.Optional(
            Type.String({
              title: 'an https:// origin in ASCII, without a path, such as https://signpost.example.net',
              pattern: '^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$',
              description:
                "Public URL of this service. Redirects to https and the URL in Outlook's JSON lead there. Default: on the setup page, the host of the request; for signpost qr, autoconfig.<domain>."
            })
          )
        },
        { ...closed, description: 'Where the service listens and how clients reach it.' }
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
            Type.Boolean({ description: 'Logs one line for each request, without mail addresses. Default: true.' })
          ),
          format: Type.Optional(
            Type.Enum(['auto', 'json', 'pretty'], {
              description:
                'json: a JSON object per line; pretty: text for people; auto: pretty on a terminal. Default: auto.'
            })
          ),
          clientAddress: Type.Optional(
            Type.Enum(['none', 'network', 'full'], {
              description:
                'How the log names the client of a request: none, its network (/24, IPv6 /48) or the full address. Default: none.'
            })
          )
        },
        { ...closed, description: 'What is logged.' }
      )
    ),
    signing: Type.Optional(
      Type.Object(
        {
          certificate: CertificateFile,
          key: Text('PEM file: the private key, RSA or EC on P-256.'),
          required: Type.Optional(
            Type.Boolean({
              description:
                'What happens while profiles cannot be signed: true refuses them, false serves them unsigned. Default: false.'
            })
          )
        },
        {
          ...closed,
          description: 'Signs Apple profiles. File names are relative to this file; changed files are reloaded.'
        }
      )
    ),
    admin: Type.Optional(Admin),
    directory: Type.Optional(Directory),
    cache: Type.Optional(Cache),
    mxLookup: Type.Optional(MxLookup),
    users: Type.Optional(Users),
    include: Type.Optional(
      Type.Array(Text('A file or a pattern with * and ?, relative to this file.'), {
        title: 'a list such as [customers/*.yaml]',
        description: 'Further files with providers. Each contains only providers, and keys that begin with x-.'
      })
    ),
    // Why optional: they may all be in included files. `load` requires at least one in all files together.
    providers: Type.Optional(
      Type.Array(Provider, {
        title: 'a list with at least one provider',
        minItems: 1,
        description: 'The mail domains to serve, and their settings.'
      })
    )
  },
  {
    ...closed,
    patternProperties: { '^x-': Type.Unknown({ description: 'Ignored: a place for YAML anchors.' }) },
    title: 'a settings table: a mapping with providers'
  }
)

type FileSettings = Static<typeof Settings>

/** The settings of all files together. */
export type Settings = FileSettings & Required<Pick<FileSettings, 'providers'>>
export type ProviderSettings = Settings['providers'][number]
export type BrandSettings = NonNullable<ProviderSettings['brand']>
export type ServerSettings = ProviderSettings['servers'][number]
export type Protocol = (typeof protocols)[number]
export type Authentication = (typeof authentications)[number]
export type Security = NonNullable<ServerSettings['security']>
