/**
 * The tables of mail server packages that a directory queries, with domains that are served and domains that are
 * not. Read in: postfixadmin public/upgrade.php (2026-08), mailcow data/web/inc/init_db.inc.php (2018-02 and 2026-08),
 * Mailu core/admin/mailu/models.py (2024.06), iRedMail samples/iredmail/iredmail.mysql, .pgsql and .schema (2026-08),
 * automx2 src/automx2/model.py (2026.2); domainRelatedObject is of RFC 4524.
 */
import { readFileSync } from 'node:fs'
import type { DirectorySettings } from '../../../src/settings/check/directory.ts'

export interface HosterSchema {
  /** Name of the file in config/directory. */
  readonly name: string
  /** Statements for each database that the package supports; for ldap, the schema in slapd's format, and LDIF. */
  readonly tables: Partial<Readonly<Record<DirectorySettings['type'], readonly string[]>>>
  readonly served: readonly string[]
  readonly unserved: readonly string[]
  /** Expected entries of served domains, without the provider. */
  readonly overrides?: Readonly<Record<string, string>>
}

const postfixadmin = (flag: (value: boolean) => string, boolean: string) => [
  `CREATE TABLE domain (domain VARCHAR(255) NOT NULL PRIMARY KEY, description VARCHAR(255) NOT NULL DEFAULT '',
    transport VARCHAR(255), backupmx ${boolean} NOT NULL, active ${boolean} NOT NULL)`,
  ...[
    ['ALL', false, true],
    ['kunde.example', false, true],
    ['xn--bcher-kva.example', false, true],
    ['paused.example', false, false],
    ['backup.example', true, true]
  ].map(([name, backup, active]) => {
    const flags = [backup, active].map(value => flag(value === true)).join(', ')
    return `INSERT INTO domain (domain, backupmx, active) VALUES ('${name}', ${flags})`
  }),
  `CREATE TABLE alias_domain (alias_domain VARCHAR(255) NOT NULL PRIMARY KEY, target_domain VARCHAR(255) NOT NULL,
    active ${boolean} NOT NULL)`,
  `INSERT INTO alias_domain VALUES ('alias.example', 'kunde.example', ${flag(true)})`
]

const numbers = (value: boolean) => (value ? '1' : '0')
const served = ['kunde.example', 'xn--bcher-kva.example']
const unserved = ['paused.example', 'backup.example', 'alias.example', 'none.example']

export const hosterSchemas: readonly HosterSchema[] = [
  {
    name: 'postgres',
    tables: { postgres: own() },
    served,
    unserved: ['none.example'],
    overrides: { name: 'Kunde', imap_host: 'imap.kunde.example' }
  },
  {
    name: 'postfixadmin',
    tables: {
      postgres: postfixadmin(String, 'BOOLEAN'),
      mysql: postfixadmin(numbers, 'TINYINT(1)'),
      sqlite: postfixadmin(numbers, 'TINYINT(1)')
    },
    served,
    unserved
  },
  { name: 'mailcow', tables: { mysql: postfixadmin(numbers, 'TINYINT(1)') }, served, unserved },
  {
    name: 'iredmail',
    tables: { postgres: postfixadmin(numbers, 'INT2'), mysql: postfixadmin(numbers, 'TINYINT(1)') },
    served,
    unserved
  },
  { name: 'iredmail-ldap', tables: { ldap: iredmailLdap() }, served, unserved },
  {
    name: 'cosine',
    tables: { ldap: ['', cosine()] },
    served,
    unserved: ['paused.example', 'none.example'],
    overrides: { name: 'Kunde GmbH' }
  },
  { name: 'mailu', tables: { sqlite: mailu(), postgres: mailu(), mysql: mailu() }, served, unserved },
  {
    name: 'automx2',
    tables: { sqlite: automx2(), postgres: automx2(), mysql: automx2() },
    served,
    unserved: ['none.example'],
    overrides: {
      name: 'Big Corporation',
      short_name: 'BigCorp',
      imap_host: 'imap.big.example',
      smtp_host: 'smtp.big.example'
    }
  }
]

function iredmailLdap(): string[] {
  const text = 'EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26'
  const type = (oid: string, name: string) =>
    `attributetype ( 1.3.6.1.4.1.32349.1.2.${oid} NAME '${name}' ${text}${oid === '2.13' || oid === '1.19' ? '' : ' SINGLE-VALUE'} )`
  const types = { '1.1': 'domainName', '1.6': 'domainBackupMX', '1.19': 'domainAliasName', '2.9': 'accountStatus' }
  const schema = [
    ...Object.entries({ ...types, '2.13': 'enabledService' }).map(([oid, name]) => type(oid, name)),
    `objectclass ( 1.3.6.1.4.1.32349.1.2.4.1 NAME 'mailDomain' SUP top STRUCTURAL MUST ( domainName )
      MAY ( cn $ enabledService $ domainBackupMX $ accountStatus $ domainAliasName ) )`
  ]
  const domain = (name: string, ...lines: string[]) =>
    [
      `dn: domainName=${name},o=domains,dc=example,dc=com`,
      'objectClass: mailDomain',
      `domainName: ${name}`,
      'enabledService: mail',
      ...lines
    ].join('\n')
  const entries = [
    'dn: o=domains,dc=example,dc=com\nobjectClass: organization\no: domains',
    domain('kunde.example', 'accountStatus: active', 'domainAliasName: alias.example'),
    domain('xn--bcher-kva.example', 'accountStatus: active', 'domainBackupMX: no'),
    domain('paused.example', 'accountStatus: disabled'),
    domain('backup.example', 'accountStatus: active', 'domainBackupMX: yes')
  ]
  return [schema.join('\n'), entries.join('\n\n')]
}

function cosine(): string {
  const customer = (name: string, ...domains: string[]) =>
    [
      `dn: o=${name},ou=domains,dc=example,dc=com`,
      'objectClass: organization',
      'objectClass: domainRelatedObject',
      `o: ${name}`,
      ...domains.map(domain => `associatedDomain: ${domain}`)
    ].join('\n')
  return [
    'dn: ou=domains,dc=example,dc=com\nobjectClass: organizationalUnit\nou: domains',
    customer('Kunde GmbH', 'kunde.example', 'xn--bcher-kva.example'),
    `${customer('Paused Ltd', 'paused.example')}\ndescription: paused`
  ].join('\n\n')
}

function mailu(): string[] {
  return [
    'CREATE TABLE domain (name VARCHAR(80) NOT NULL PRIMARY KEY, max_users INTEGER, signup_enabled BOOLEAN)',
    "INSERT INTO domain (name) VALUES ('kunde.example'), ('xn--bcher-kva.example')",
    'CREATE TABLE alternative (name VARCHAR(80) NOT NULL PRIMARY KEY, domain_name VARCHAR(80) NOT NULL)',
    "INSERT INTO alternative VALUES ('alias.example', 'kunde.example')"
  ]
}

function automx2(): string[] {
  return [
    'CREATE TABLE provider (id INTEGER PRIMARY KEY, name VARCHAR(128) NOT NULL, short_name VARCHAR(32) NOT NULL)',
    'CREATE TABLE domain (id INTEGER PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, provider_id INTEGER NOT NULL)',
    'CREATE TABLE server (id INTEGER PRIMARY KEY, prio INTEGER NOT NULL DEFAULT 10, name VARCHAR(128) NOT NULL, port INTEGER, type VARCHAR(32) NOT NULL)',
    'CREATE TABLE server_domain (server_id INTEGER NOT NULL, domain_id INTEGER NOT NULL, PRIMARY KEY (server_id, domain_id))',
    "INSERT INTO provider VALUES (1, 'Big Corporation', 'BigCorp')",
    "INSERT INTO domain VALUES (1, 'kunde.example', 1), (2, 'xn--bcher-kva.example', 1)",
    `INSERT INTO server VALUES (1, 20, 'imap2.big.example', 143, 'imap'), (2, 10, 'imap.big.example', 993, 'imap'),
      (3, 10, 'smtp.big.example', 465, 'smtp'), (4, 5, 'other.example', 465, 'smtp')`,
    'INSERT INTO server_domain VALUES (1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2)'
  ]
}

function own(): readonly string[] {
  return [
    readFileSync(new URL('../../../config/directory/postgres.sql', import.meta.url), 'utf8'),
    ...served.map(domain => `INSERT INTO customer VALUES ('${domain}', 'example', NULL, 'imap.kunde.example')`),
    "UPDATE customer SET name = 'Kunde'"
  ]
}
