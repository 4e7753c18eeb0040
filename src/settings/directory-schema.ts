/**
 * The part of the settings table that tells where customers' domains and log-in names are kept or found, and how long an
 * answer is used.
 */
import Type from 'typebox'
import { overrideNames } from './overrides.ts'
import type { Parameter } from './query/sql-query.ts'

const closed = { additionalProperties: false }

const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

/** Why `writeOnly`: people write the secret itself in its place, and no finding may print it. */
const SecretFile = (description: string) => Type.Optional(Type.String({ minLength: 1, description, writeOnly: true }))

const Count = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))

export const directoryTypes = ['sqlite', 'postgres', 'mysql', 'ldap'] as const

const attribute = '[A-Za-z][A-Za-z0-9-]*(;[A-Za-z0-9-]+)*'
const Attribute = Type.Optional(Type.String({ title: 'the name of an attribute', pattern: `^${attribute}$` }))
const Attributes = Type.Optional(
  Type.String({ title: 'an attribute, or several with commas', pattern: `^${attribute}(\\s*,\\s*${attribute})*$` })
)

/** What is kept in a database. */
interface Kept<C extends string> {
  readonly block: 'directory' | 'users'
  readonly parameter: Parameter
  /** The column with the name as it is stored. */
  readonly key: 'domain' | 'address'
  /** What the query does. */
  readonly query: string
  readonly filter: string
  readonly columns: readonly C[]
}

/** How a database is asked, whatever is kept in it. */
const fieldsOf = <C extends string>({ block, parameter, key, query, filter, columns }: Kept<C>) => ({
  type: Type.Enum(directoryTypes, { description: 'What it is; mysql stands for MariaDB too.' }),
  file: Text('Of sqlite: the database file, relative to this file.'),
  host: Text('Of postgres, mysql and ldap: the server, or the folder or path of its socket. Default: 127.0.0.1.'),
  port: Count(1, 65535, 'Default: 5432 for postgres, 3306 for mysql, 389 for ldap (636 with tls).'),
  database: Text('Of postgres and mysql.'),
  user: Text(
    'One that may read, and nothing else. Of postgres and mysql, default: signpost. Of ldap: a DN; default: anonymous.'
  ),
  passwordFile: SecretFile(
    `File with the password, relative to this file; or the environment has it, as SIGNPOST_${block.toUpperCase()}_PASSWORD.`
  ),
  security: Type.Optional(
    Type.Enum(['tls', 'starttls', 'none'], {
      description:
        'tls: the certificate must fit the host (default, but for this machine itself). starttls, of ldap: the same on port 389. none: in clear, password too.'
    })
  ),
  ca: Text('PEM file with the authorities whose certificates are believed. Default: those that browsers believe.'),
  query: Type.Optional(
    Type.String({
      title: `one SELECT with ${parameter}, in quotes`,
      minLength: 1,
      description: `Of sqlite, postgres and mysql: ${query}`
    })
  ),
  base: Text('Of ldap: the DN below which entries are looked for, such as ou=domains,dc=example,dc=com.'),
  filter: Type.Optional(
    Type.String({
      title: `a filter with ${parameter}, in quotes`,
      minLength: 1,
      description: `Of ldap: ${filter}`
    })
  ),
  scope: Type.Optional(
    Type.Enum(['subtree', 'one', 'base'], {
      description: 'Of ldap: how far below the base: all the way (default), one level, or the base itself.'
    })
  ),
  attributes: Type.Optional(
    Type.Object(attributesOf(key, columns), {
      ...closed,
      description: `Of ldap: which attribute each column is read from; the first of several values. ${key} is required, can be several attributes with commas, and each value counts.`
    })
  ),
  timeoutMilliseconds: Count(50, 60_000, 'For one answer, with all waiting. Default: 2000.'),
  connections: Count(1, 1000, 'Of postgres, mysql and ldap: most at the same time. Default: 10.')
})

const attributesOf = <C extends string>(key: string, columns: readonly C[]) =>
  Object.fromEntries(columns.map(name => [name, name === key ? Attributes : Attribute])) as Record<C, typeof Attribute>

const Channel = Type.Optional(
  Type.String({
    title: 'a name of small letters, digits and underscores',
    pattern: '^[a-z_][a-z0-9_]{0,62}$',
    description:
      'Of postgres: NOTIFY on it tells that a domain (the payload; empty: any) has changed. Default: nothing is listened to.'
  })
)

export const Directory = Type.Object(
  {
    ...fieldsOf({
      block: 'directory',
      parameter: ':domain',
      key: 'domain',
      query:
        'Maps :domain (in small letters, as A-labels) to one row, or none. Columns: domain (as it is stored; a row of another domain is not used), provider (an id of this table; default: the only one) and, if wanted, host, imap_host, pop3_host, smtp_host, managesieve_host, name, short_name, website, webmail, accent, support, which take the place of what this table says.',
      filter:
        'Finds the entry of :domain (in small letters, as A-labels), such as (&(objectClass=domain)(associatedDomain=:domain)).',
      columns: ['domain', 'provider', ...overrideNames]
    }),
    channel: Channel
  },
  {
    ...closed,
    description:
      'A database, or an LDAP directory, that knows domains which are in no list of this table. Read at the start only. Default: none.'
  }
)

export const Users = Type.Object(
  {
    ...fieldsOf({
      block: 'users',
      parameter: ':address',
      key: 'address',
      query:
        'Maps :address (in lower case, its domain as A-labels) to one row, or none. Columns: address (as it is stored; a row of another address is not used), username (the log-in name) and, if wanted, display_name, which only `signpost check --lookup` shows.',
      filter: 'Finds the entry of :address (in lower case, its domain as A-labels), such as (mail=:address).',
      columns: ['address', 'username', 'display_name']
    }),
    unknown: Type.String({
      title: 'a log-in name such as "u#######", of at most 64 characters',
      pattern: '^.{1,64}$',
      description:
        'The log-in name that a mailbox gets which nobody has, so that nobody learns it: # is a digit, ? a small letter, always the same for an address; also %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%.'
    }),
    secretFile: SecretFile(
      'File with the key by which the signs of unknown are chosen, relative to this file, the same on all nodes; or the environment has it, as SIGNPOST_USERS_SECRET.'
    ),
    recipientDelimiter: Type.Optional(
      Type.String({
        title: 'characters such as "+", in quotes',
        pattern: "^[!#$%&'*+/=?^_`{|}~.-]{1,8}$",
        description:
          'A tag begins at the first of these characters of a local part, and is left out: with "+", jane+shop@ gets the answer of jane@. Default: tags are part of the address.'
      })
    ),
    providers: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list of ids such as [example]',
        minItems: 1,
        description: 'Whose addresses are looked up. Default: those of all providers.'
      })
    )
  },
  {
    ...closed,
    description:
      'A database, or an LDAP directory, that knows log-in names which are not made of the address. Read at the start only. Default: none.'
  }
)

export const Cache = Type.Object(
  {
    seconds: Count(1, 86_400, 'How long an answer is good. Default: 300.'),
    staleSeconds: Count(
      0,
      2_592_000,
      'How long after that it is used while it is asked for again, or while nobody answers. Default: 86400.'
    ),
    negativeSeconds: Count(1, 86_400, 'How long a domain that nobody knew is not asked for again. Default: 60.'),
    domains: Count(1, 10_000_000, 'How many domains are kept. Default: 100000.'),
    negativeDomains: Count(1, 10_000_000, 'How many of those that nobody knew are kept beside them. Default: 20000.'),
    lookups: Count(
      1,
      100_000,
      'How many domains, and how many addresses of users, are asked for at the same time; more are answered 503. Default: 200.'
    )
  },
  { ...closed, description: 'How long answers of directory are used. Read at the start only.' }
)

export const MxLookup = Type.Object(
  {
    resolvers: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list such as [127.0.0.1] or ["[2620:fe::9]:53"]',
        minItems: 1,
        description: 'DNS servers that resolve names for this machine, asked in turn. Default: those of the system.'
      })
    ),
    timeoutMilliseconds: Count(
      50,
      4000,
      'For one domain, whoever is asked: mail programs wait 5 seconds. Default: 2000.'
    ),
    lookups: Count(1, 10_000, 'How many domains are asked for at the same time; more are not found. Default: 50.'),
    minSeconds: Count(0, 86_400, 'An answer is kept as long as its records say, but no shorter. Default: 60.'),
    maxSeconds: Count(1, 604_800, 'Nor longer. Default: 86400.')
  },
  {
    ...closed,
    description:
      'Domains of no list are looked up in the DNS: whose mail goes to the mx of a provider is served. Read at the start only. Default: none is looked up.'
  }
)
