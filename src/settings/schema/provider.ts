/**
 * Schema of a provider: its domains, its servers, and what people see of it.
 */
import Type from 'typebox'
import { closed } from './fields.ts'

export const protocols = [
  'imap',
  'pop3',
  'smtp',
  'managesieve',
  'jmap',
  'caldav',
  'carddav',
  'webdav',
  'activesync',
  'ews',
  'graph'
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

/** The same with another description. */
const NoteTranslations = {
  ...Translations,
  description: 'What to enter as the password. May contain %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN%.'
}

const HttpsUrl = (description: string) =>
  Type.String({
    title: 'an https:// URL without a user name',
    pattern: '^https://[^\\s@/?#]+([/?#]\\S*)?$',
    description
  })

const rule = 'a rule with %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%'

const Server = Type.Object(
  {
    protocol: Type.Enum(protocols, { description: 'Protocol of the server.' }),
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
          'tls: from the first byte (default). starttls: required upgrade of a plaintext connection. none: requires allowPlaintext.'
      })
    ),
    authentication: Type.Optional(
      Type.Array(Type.Enum(authentications), {
        title: 'a list such as [password]',
        minItems: 1,
        description:
          'Login methods, best first. An Apple profile has the first one that Apple Mail supports, and other documents with one method a password if it is listed. Default: [password].'
      })
    ),
    allowPlaintext: Type.Optional(
      Type.Boolean({
        description: 'Must be true if security is none, because passwords then cross the network unencrypted.'
      })
    ),
    allowUnusualPort: Type.Optional(
      Type.Boolean({
        description:
          'Must be true if the server really has tls on a port for starttls (587, 143, 110, 25) or starttls on a port for tls (465, 993, 995). Some programs choose the security by the port and cannot connect.'
      })
    ),
    pathPrefix: Type.Optional(
      Type.String({
        title: 'a prefix such as INBOX.',
        minLength: 1,
        description:
          'Prefix of all folders of an imap server, such as "INBOX.". Only Apple profiles contain it: other programs ask the server.'
      })
    ),
    url: Type.Optional(
      HttpsUrl(
        'URL of a server that has no host: jmap, caldav, activesync and so on. May contain %EMAILDOMAIN%; of caldav, carddav and webdav also %EMAILADDRESS% and %EMAILLOCALPART%. Where the address is not known, it ends before them.'
      )
    ),
    username: Type.Optional(
      Type.String({
        title: `${rule}, or none`,
        description:
          'Rule of the login name, if this server needs another one. none: no login name is published. Default: username of the provider.'
      })
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
    accent: Type.Optional(Color('Colour of links and buttons in light mode. Its contrast must be at least 4.5:1.')),
    accentDark: Type.Optional(Color('The same in dark mode. Default: accent, lightened as much as needed.')),
    support: Type.Optional(
      Type.String({
        title: 'an https:// URL, or mailto: with an address',
        pattern: '^(https://[^\\s@/?#]+([/?#]\\S*)?|mailto:[^\\s@?]+@[^\\s@?]+(\\?\\S*)?)$',
        description: 'Where people get help.'
      })
    )
  },
  { ...closed, description: 'Appearance of the setup page.' }
)

export const Provider = Type.Object(
  {
    id: Type.String({
      title: 'a short name of small letters, digits, dots and hyphens',
      pattern: '^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$',
      description: 'Names this provider in findings, logs and URLs.'
    }),
    name: Type.String({
      minLength: 1,
      description: 'Name shown by mail programs: at most 60 characters, preferably 30. May contain %EMAILDOMAIN%.'
    }),
    shortName: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Name of the account in mail programs: at most 20 characters, preferably 12. May contain %EMAILDOMAIN%. Default: taken from name.'
      })
    ),
    domains: Type.Array(Type.String(), {
      title: 'a list such as [example.com]',
      minItems: 1,
      description:
        'Mail domains: example.com, *.example.com (all its subdomains), or * for all domains that no other provider has.'
    }),
    mx: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list such as [mx1.example.net]',
        description:
          'Names of mail exchangers (mx1.example.net or *.example.net). Customer domains whose MX records point to them are served, too.'
      })
    ),
    username: Type.Optional(
      Type.String({
        title: rule,
        description:
          'Rule of the login name. %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% are replaced, %% is a percent sign. Default: %EMAILADDRESS%.'
      })
    ),
    usernameCase: Type.Optional(
      Type.Enum(['as-typed', 'lower'], {
        description:
          'lower: login names, and URLs with the user in them, contain the address in lower case, for servers that distinguish between upper and lower case. Default: as-typed.'
      })
    ),
    servers: Type.Array(Server, {
      title: 'a list with at least one server',
      minItems: 1,
      description: 'In order of preference within each protocol.'
    }),
    password: Type.Optional(
      Type.Object(
        {
          note: Type.Optional(NoteTranslations),
          url: Type.Optional(
            HttpsUrl('Page where people create passwords or application passwords. May contain %EMAILDOMAIN%.')
          )
        },
        { ...closed, description: 'What people need to know about the password.' }
      )
    ),
    documentation: Type.Optional(
      Type.Array(
        Type.Object({ url: HttpsUrl('A help page. May contain %EMAILDOMAIN%.'), text: Translations }, closed),
        {
          title: 'a list such as [{ url: https://example.com/, text: { en: Help } }]',
          description: 'Help pages for people.'
        }
      )
    ),
    website: Type.Optional(HttpsUrl('Home page of the provider. May contain %EMAILDOMAIN%.')),
    webmail: Type.Optional(HttpsUrl('Webmail of the provider. May contain %EMAILDOMAIN%.')),
    brand: Type.Optional(Brand),
    oauth: Type.Optional(
      Type.Object(
        {
          issuer: HttpsUrl('Issuer of the authorization server (RFC 8414), exactly as in its metadata.'),
          scope: Type.String({ minLength: 1, description: 'Scopes, separated by spaces.' }),
          authorizationUrl: HttpsUrl('Page where people grant access.'),
          tokenUrl: HttpsUrl('URL from which mail programs get tokens.'),
          clientId: Type.Optional(
            Type.String({
              title: 'a client identifier in ASCII without spaces',
              pattern: '^[!-~]+$',
              description: 'Client identifier that any mail program may use. It is public: there is no secret.'
            })
          )
        },
        { ...closed, description: 'Login with OAuth 2.0, for public clients (without a secret).' }
      )
    ),
    autoconfig: Type.Optional(
      Type.Object(
        {
          include: Type.Array(Type.Enum(['documentation', 'webmail', 'dav', 'jmap', 'oauth2', 'exchange']), {
            title: 'a list such as [documentation, webmail]',
            minItems: 1,
            description: 'Optional elements. Some mail programs handle them badly; signpost check says which.'
          })
        },
        { ...closed, description: 'Additional content of Thunderbird autoconfig.' }
      )
    ),
    apple: Type.Optional(
      Type.Object(
        {
          smime: Type.Enum(['user', 'locked'], {
            description:
              'user: people can turn signing and encryption with S/MIME on for the account, and choose certificates. locked: they cannot, because Apple locks these switches in accounts from profiles. Default: user.'
          })
        },
        { ...closed, description: 'Additional content of Apple profiles.' }
      )
    ),
    autodiscover: Type.Optional(
      Type.Object(
        {
          redirect: HttpsUrl(
            'Autodiscover URL of the Exchange service. Default path: /autodiscover/autodiscover.xml. May contain %EMAILDOMAIN%.'
          )
        },
        {
          ...closed,
          description:
            'Sends Outlook and ActiveSync to an Exchange service. Other programs get the servers of the table.'
        }
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
          web: Type.Optional(Type.Boolean({ description: 'The setup page. Default: true.' }))
        },
        { ...closed, description: 'false disables a dialect for this provider.' }
      )
    )
  },
  closed
)
