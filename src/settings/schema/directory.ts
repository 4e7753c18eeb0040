/**
 * Schema of `directory` and `users`: databases and LDAP directories with the domains of customers and with login names.
 */
import Type from 'typebox'
import { type ProtocolColumn, protocolColumns } from '../names/name-columns.ts'
import { hostNames, overrideNames } from '../overrides.ts'
import type { Parameter } from '../query/sql-query.ts'
import { Count, closed, SecretFile, Text } from './fields.ts'

const OptionalText = (description: string) => Type.Optional(Text(description))

const directoryTypes = ['sqlite', 'postgres', 'mysql', 'ldap'] as const

const attribute = '[A-Za-z][A-Za-z0-9-]*(;[A-Za-z0-9-]+)*'
const Attribute = Type.Optional(Type.String({ title: 'the name of an attribute', pattern: `^${attribute}$` }))
const Attributes = Type.Optional(
  Type.String({ title: 'an attribute, or several with commas', pattern: `^${attribute}(\\s*,\\s*${attribute})*$` })
)

/** A login name can consist of attributes and other text. */
const NameTemplate = Type.Optional(
  Type.String({
    title: 'the name of an attribute, or a text with attributes in braces such as "EXAMPLE\\{sAMAccountName}"',
    pattern: `^(${attribute}|[^{}]*(\\{${attribute}\\}[^{}]*)+)$`
  })
)

/** How the texts and columns of `directory` and `users` differ. */
interface Block<C extends string> {
  readonly block: 'directory' | 'users'
  readonly parameter: Parameter
  /** The column that returns the stored name. */
  readonly key: 'domain' | 'address'
  /** Description of the query. */
  readonly query: string
  /** Description of the LDAP filter. */
  readonly filter: string
  readonly columns: readonly C[]
}

/** The fields that `directory` and `users` have in common. */
const fieldsOf = <C extends string>({ block, parameter, key, query, filter, columns }: Block<C>) => ({
  type: Type.Enum(directoryTypes, { description: 'Type of the database. Use mysql for MariaDB, too.' }),
  file: OptionalText('For sqlite: the database file, relative to this file.'),
  host: OptionalText(
    'For postgres, mysql and ldap: the server, or the folder or path of its socket. Default: 127.0.0.1.'
  ),
  port: Count(1, 65535, 'Default: 5432 for postgres, 3306 for mysql, 389 for ldap (636 with tls).'),
  database: OptionalText('For postgres and mysql: the name of the database.'),
  user: OptionalText(
    'A user with read access only. For postgres and mysql, default: signpost. For ldap: a DN; default: anonymous.'
  ),
  passwordFile: SecretFile(
    `File with the password, relative to this file. Alternatively, set SIGNPOST_${block.toUpperCase()}_PASSWORD in the environment.`
  ),
  security: Type.Optional(
    Type.Enum(['tls', 'starttls', 'none'], {
      description:
        'tls: the certificate must match the host (default, except for this machine itself). starttls, for ldap: the same on port 389. none: unencrypted, including the password.'
    })
  ),
  ca: OptionalText('PEM file with trusted certificate authorities. Default: those that browsers trust.'),
  query: Type.Optional(
    Type.String({
      title: `one SELECT with ${parameter}, in quotes`,
      minLength: 1,
      description: `For sqlite, postgres and mysql: ${query}`
    })
  ),
  base: OptionalText('For ldap: the DN below which to search, such as ou=domains,dc=example,dc=com.'),
  filter: Type.Optional(
    Type.String({
      title: `a filter with ${parameter}, in quotes`,
      minLength: 1,
      description: `For ldap: ${filter}`
    })
  ),
  scope: Type.Optional(
    Type.Enum(['subtree', 'one', 'base'], {
      description:
        'For ldap: how deep to search below the base: all levels (default), one level, or only the base itself.'
    })
  ),
  attributes: Type.Optional(
    Type.Object(attributesOf(key, columns), {
      ...closed,
      description: `For ldap: the attribute for each column. If it has several values, the first one is used. ${key} is required, can be several attributes separated by commas, and all of its values count.`
    })
  ),
  timeoutMilliseconds: Count(50, 60_000, 'For one lookup, including the time in the queue. Default: 2000.'),
  connections: Count(1, 1000, 'For postgres, mysql and ldap: maximum number of simultaneous connections. Default: 10.')
})

const attributesOf = <C extends string>(key: string, columns: readonly C[]) =>
  Object.fromEntries(
    columns.map(name => [name, name === key ? Attributes : name.endsWith('username') ? NameTemplate : Attribute])
  ) as Record<C, typeof Attribute>

const Channel = Type.Optional(
  Type.String({
    title: 'a name of small letters, digits and underscores',
    pattern: '^[a-z_][a-z0-9_]{0,62}$',
    description:
      'For postgres: the channel whose notifications announce that a domain (the payload; empty: any domain) has changed. Default: none.'
  })
)

export const Directory = Type.Object(
  {
    ...fieldsOf({
      block: 'directory',
      parameter: ':domain',
      key: 'domain',
      query:
        'Returns one row or none for :domain (in lower case, as A-labels). Columns: domain (as stored; rows of other domains are ignored), provider (an id of this table; default: the only one) and, optionally, host, imap_host, pop3_host, smtp_host, managesieve_host, name, short_name, website, webmail, accent, support, which replace the values of this table.',
      filter:
        'Finds the entry of :domain (in lower case, as A-labels), such as (&(objectClass=domain)(associatedDomain=:domain)).',
      columns: ['domain', 'provider', ...overrideNames]
    }),
    channel: Channel,
    list: Type.Optional(
      Type.String({
        title: 'one SELECT with :domain, in quotes',
        minLength: 1,
        description:
          'For sqlite, postgres and mysql: returns the domains after :domain in alphabetical order, a few hundred at a time, such as SELECT domain FROM domains WHERE domain > :domain ORDER BY domain LIMIT 500. Only signpost dns --all uses it.'
      })
    )
  },
  {
    ...closed,
    description:
      'A database or an LDAP directory with domains that are not listed in this table. Changes take effect after a restart. Default: none.'
  }
)

const UnknownName = (description?: string) =>
  Type.String({
    title: 'a login name such as "u#######", of at most 64 characters',
    pattern: '^.{1,64}$',
    ...(description !== undefined && { description })
  })

const ServerChoice = Type.Object(
  {
    provider: Type.Optional(
      Type.String({ title: 'an id of this table', description: 'Default: the one of the domain.' })
    ),
    ...(Object.fromEntries(hostNames.map(name => [name, OptionalText('As in the column of the query.')])) as Record<
      (typeof hostNames)[number],
      ReturnType<typeof OptionalText>
    >),
    unknown: Type.Optional(UnknownName('The made-up login name at these servers. Default: unknown.'))
  },
  closed
)

export const Users = Type.Object(
  {
    ...fieldsOf({
      block: 'users',
      parameter: ':address',
      key: 'address',
      query:
        'Returns one row or none for :address (in lower case, its domain as A-labels). Columns: address (as stored; rows of other addresses are ignored), username (the login name) and, optionally, imap_username (also for managesieve), pop3_username, smtp_username and dav_username (caldav, carddav, webdav), which replace it for these protocols and need unknownNames, provider, host, imap_host, pop3_host, smtp_host and managesieve_host, which replace the servers of the domain and need unknownServers, and display_name, which only `signpost check --lookup` shows.',
      filter: 'Finds the entry of :address (in lower case, its domain as A-labels), such as (mail=:address).',
      columns: ['address', 'username', ...protocolColumns, 'provider', ...hostNames, 'display_name']
    }),
    unknown: UnknownName(
      'The made-up login name for addresses without a mailbox, so that responses do not reveal which mailboxes exist. # becomes a digit and ? a lower-case letter, always the same for an address. %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% are replaced, too.'
    ),
    unknownNames: Type.Optional(
      Type.Object(
        Object.fromEntries(protocolColumns.map(column => [column, Type.Optional(UnknownName())])) as Record<
          ProtocolColumn,
          Type.TOptional<Type.TString>
        >,
        {
          ...closed,
          minProperties: 1,
          description:
            'The made-up login names of single protocols, by column. The query must return exactly these columns, so that responses do not reveal which mailboxes exist. The same letters and digits are used as in unknown.'
        }
      )
    ),
    unknownServers: Type.Optional(
      Type.Array(ServerChoice, {
        title: 'a list such as [{ provider: staff }, { provider: students }]',
        minItems: 1,
        description:
          'All providers and hosts that the query may return for a person. Addresses without a mailbox get one of them, always the same, so that responses do not reveal which mailboxes exist. Repeat an item that is more frequent. An empty item has the servers of the domain.'
      })
    ),
    secretFile: SecretFile(
      'File with the key from which the digits and letters of unknown and the choice of unknownServers are derived, relative to this file. It must be the same on all nodes. Alternatively, set SIGNPOST_USERS_SECRET in the environment.'
    ),
    recipientDelimiter: Type.Optional(
      Type.String({
        title: 'characters such as "+", in quotes',
        pattern: "^[!#$%&'*+/=?^_`{|}~.-]{1,8}$",
        description:
          'A tag begins at the first of these characters in the local part and is ignored: with "+", jane+shop@ gets the same login name as jane@. Default: tags are part of the address.'
      })
    ),
    providers: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list of ids such as [example]',
        minItems: 1,
        description: 'Providers whose addresses are looked up. Default: all providers.'
      })
    )
  },
  {
    ...closed,
    description:
      'A database or an LDAP directory with login names that cannot be derived from the address. Changes take effect after a restart. Default: none.'
  }
)
