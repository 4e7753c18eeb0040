import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { describeLdap } from '../../../../src/importers/formats/automx2/ldap.ts'
import { importBytes, importPath } from '../../../../src/importers/import-path.ts'
import { describeDropped } from '../../../../src/importers/imported.ts'
import { toSettings } from '../../../../src/importers/to-settings.ts'
import { writeTable } from '../../../../src/importers/write-table.ts'
import { load } from '../../../../src/settings/load/load.ts'
import { matchLists } from '../../../support/match-lists.ts'
import { tableOf } from '../../../support/table-of.ts'

/** As automx2 2026.2 makes them (src/automx2/model.py). */
const schema = `
CREATE TABLE provider (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL, short_name VARCHAR(32) NOT NULL);
CREATE TABLE server (id INTEGER NOT NULL PRIMARY KEY, prio INTEGER DEFAULT '10' NOT NULL, name VARCHAR(128) NOT NULL,
  port INTEGER NOT NULL, type VARCHAR(32) NOT NULL, socket_type VARCHAR(32) NOT NULL, user_name VARCHAR(64) NOT NULL,
  authentication VARCHAR(32) NOT NULL);
CREATE TABLE davserver (id INTEGER NOT NULL PRIMARY KEY, url VARCHAR(128) NOT NULL, port INTEGER NOT NULL,
  type VARCHAR(32) NOT NULL, use_ssl BOOLEAN NOT NULL, domain_required BOOLEAN NOT NULL, user_name VARCHAR(64));
CREATE TABLE ldapserver (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL, port INTEGER NOT NULL,
  use_ssl BOOLEAN NOT NULL, search_base VARCHAR(128) NOT NULL, search_filter VARCHAR(128) NOT NULL,
  attr_uid VARCHAR(32) NOT NULL, attr_cn VARCHAR(32), bind_password VARCHAR(128), bind_user VARCHAR(128));
CREATE TABLE domain (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, provider_id INTEGER NOT NULL,
  ldapserver_id INTEGER);
CREATE TABLE server_domain (server_id INTEGER NOT NULL, domain_id INTEGER NOT NULL, PRIMARY KEY (server_id, domain_id));
CREATE TABLE davserver_domain (davserver_id INTEGER NOT NULL, domain_id INTEGER NOT NULL,
  PRIMARY KEY (davserver_id, domain_id));
`

const rows = `
INSERT INTO provider VALUES (1, 'Big Corporation, Inc.', 'BigCorp'), (2, 'Small', 'Small'), (3, 'Nobody', 'None');
INSERT INTO domain VALUES (1, 'example.com', 1, NULL), (2, 'example.net', 1, NULL), (3, 'example.org', 1, 1),
  (4, 'small.example', 2, NULL), (5, 'orphan.example', 99, NULL), (6, 'serverless.example', 2, NULL);
INSERT INTO ldapserver VALUES (1, 'ldap.example.com', 636, 1, 'dc=x', '(mail={0})', 'uid', 'cn', 'hunter2', 'cn=admin');
INSERT INTO server VALUES
  (1, 20, 'smtp2.example.com', 587, 'smtp', 'STARTTLS', '%EMAILADDRESS%', 'plain'),
  (2, 10, 'smtp.example.com', 465, 'smtp', 'SSL', '%EMAILADDRESS%', 'plain'),
  (3, 10, 'imap.example.com', 993, 'imap', 'SSL', '%EMAILADDRESS%', 'password-encrypted'),
  (4, 10, 'pop.example.com', 110, 'pop', 'plain', '%EMAILADDRESS%', 'NTLM'),
  (5, 10, 'x.example.com', 123, 'constructor', 'SSL', '%EMAILADDRESS%', 'plain'),
  (6, 10, 'x.example.com', 993, 'imap', 'TLS', '%EMAILADDRESS%', 'plain'),
  (7, 10, 'x.example.com', 993, 'imap', 'SSL', '%EMAILADDRESS%', 'magic'),
  (8, 10, 'mail.small.example', 993, 'imap', 'SSL', '%EMAILLOCALPART%', 'plain');
INSERT INTO server_domain VALUES (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (1, 2), (2, 2), (3, 2), (4, 2),
  (5, 2), (6, 2), (7, 2), (3, 3), (8, 4);
INSERT INTO davserver VALUES (1, 'https://dav.example.com/cal/', 0, 'caldav', 1, 0, '%EMAILADDRESS%'),
  (2, 'https://dav.example.com/card/', 8443, 'carddav', 1, 0, NULL), (3, 'http://dav.example.com/', 80, 'caldav', 0, 0, NULL),
  (4, 'https://dav.example.com/', 0, 'webdav', 1, 0, NULL), (5, 'dav.example.com', 443, 'caldav', 1, 0, NULL);
INSERT INTO davserver_domain VALUES (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (1, 2), (2, 2), (3, 2), (4, 2), (5, 2);
`

function databaseOf(t: Test, sql: string): string {
  const file = join(t.testdir({}), 'db.sqlite')
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
  return file
}

t.test(
  'automx2: domains with the same servers become one provider, and rows that are dropped are reported',
  async t => {
    const file = databaseOf(t, schema + rows)
    const { settings, notes, dropped } = toSettings(importPath(file))
    const table = settings === undefined ? '' : writeTable(settings, notes)
    t.ok(tableOf(table))
    t.equal(
      table,
      `providers:
  - id: bigcorp
    name: Big Corporation, Inc.
    shortName: BigCorp
    domains: [ example.com, example.net ]
    # Not imported: { protocol: caldav, url: dav.example.com }: found "dav.example.com", expected an https:// URL without a user name
    servers:
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: imap, host: imap.example.com, authentication: [ encrypted-password ] }
      # No encryption: passwords are sent in clear text.
      - { protocol: pop3, host: pop.example.com, security: none, authentication: [ ntlm ], allowPlaintext: true }
      - { protocol: smtp, host: smtp2.example.com, security: starttls }
      - { protocol: caldav, url: https://dav.example.com/cal/ }
      - { protocol: carddav, url: https://dav.example.com:8443/card/ }
  # automx2 looked up login names in LDAP here. Signpost does so with users, at the top level of the table:
  # users:
  #   type: ldap
  #   host: ldap.example.com
  #   port: 636
  #   security: tls
  #   user: cn=admin
  #   passwordFile: ldap-password
  #   base: dc=x
  #   filter: (mail=:address)
  #   attributes: { address: mail, username: uid }
  #   unknown: user????
  #   secretFile: users-key
  - id: bigcorp-2
    name: Big Corporation, Inc.
    shortName: BigCorp
    domains: [ example.org ]
    servers:
      - { protocol: imap, host: imap.example.com, authentication: [ encrypted-password ] }
  - id: small
    name: Small
    domains: [ small.example ]
    username: "%EMAILLOCALPART%"
    servers:
      - { protocol: imap, host: mail.small.example }
`
    )
    t.same(
      dropped.map(describeDropped).map(line => line.replace(file, 'db').replace(' not imported:', '')),
      [
        'db server 5 constructor x.example.com: expected type imap, pop or smtp',
        'db server 6 imap x.example.com TLS: expected socket_type SSL, STARTTLS or plain',
        'db server 7 imap x.example.com magic: the table has no such method',
        'db davserver 3 caldav http://dav.example.com/: it does not use TLS, and the table supports only https',
        'db davserver 4 webdav https://dav.example.com/: expected type caldav or carddav',
        'db ldapserver 1 LDAP server ldap.example.com: users looks up login names (see the comment in the table)',
        'db provider 3 provider Nobody: it has no domain',
        'db domain 5 domain orphan.example: it has no provider',
        'db davserver 5 server caldav dav.example.com: found "dav.example.com", expected an https:// URL without a user name',
        'db provider 2 provider small-2: it has no server'
      ]
    )
  }
)

t.test('automx2: reads a database from before 2022, without priorities and DAV servers', async t => {
  const file = databaseOf(
    t,
    `CREATE TABLE provider (id INTEGER PRIMARY KEY, name, short_name);
    CREATE TABLE server (id INTEGER PRIMARY KEY, port, type, name, socket_type, user_name, authentication);
    CREATE TABLE domain (id INTEGER PRIMARY KEY, provider_id, name);
    CREATE TABLE server_domain (server_id, domain_id);
    INSERT INTO provider VALUES (1, 'Old', 'Old');
    INSERT INTO domain VALUES (1, 1, 'old.example');
    INSERT INTO server VALUES (1, 993, 'imap', 'imap.old.example', 'SSL', '%EMAILADDRESS%', 'plain');
    INSERT INTO server VALUES (2, 465, 'smtp', 'smtp.old.example', 'SSL', '%EMAILADDRESS%', 'plain');
    INSERT INTO server_domain VALUES (1, 1), (2, 1)`
  )
  matchLists(t, toSettings(importPath(file)), {
    settings: {
      providers: [
        {
          id: 'old',
          servers: [
            { protocol: 'imap', host: 'imap.old.example' },
            { protocol: 'smtp', host: 'smtp.old.example' }
          ]
        }
      ]
    },
    dropped: []
  })
})

t.test('automx2: without a column for ports, servers have the usual ones', async t => {
  const file = databaseOf(
    t,
    `CREATE TABLE provider (id INTEGER PRIMARY KEY, name, short_name);
    CREATE TABLE server (id INTEGER PRIMARY KEY, type, name, socket_type, user_name, authentication);
    CREATE TABLE domain (id INTEGER PRIMARY KEY, provider_id, name);
    CREATE TABLE server_domain (server_id, domain_id);
    INSERT INTO provider VALUES (1, 'Old', 'Old');
    INSERT INTO domain VALUES (1, 1, 'old.example');
    INSERT INTO server VALUES (1, 'imap', 'imap.old.example', 'STARTTLS', '%EMAILADDRESS%', 'plain');
    INSERT INTO server_domain VALUES (1, 1)`
  )
  matchLists(t, toSettings(importPath(file)), {
    settings: { providers: [{ servers: [{ protocol: 'imap', host: 'imap.old.example', security: 'starttls' }] }] },
    dropped: []
  })
})

t.test('automx2: the comment about LDAP is a block for the table, even if columns are missing', async t => {
  const table =
    'providers: [{ id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: imap.a.example }] }]'
  for (const server of [
    {
      name: 'ldap.example.com',
      search_base: 'dc=x',
      port: 389,
      use_ssl: 0,
      search_filter: '(|(proxyAddresses={0})(cn=x))'
    },
    {
      name: 'ldap.example.com',
      search_base: 'dc=x',
      search_filter: '(objectClass=*)',
      bind_user: 'cn=a',
      attr_uid: 'sn'
    }
  ]) {
    const [, ...block] = describeLdap({ id: 1, ...server }).split('\n')
    const errors = load(`${block.join('\n')}\n${table}\n`, 'x').findings.filter(({ message }) => !/file/i.test(message))
    t.same(
      errors.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path} ${message}`),
      server.search_filter === '(objectClass=*)' ? ['users.filter found no :address in a value, expected one'] : []
    )
  }
  t.match(describeLdap({ id: 1 }), /filter: \(mail=:address\)\n {2}attributes: \{ address: mail, username: uid \}/)
})

t.test('automx2: text that is not UTF-8 is an error, because names would be damaged', async t => {
  const latin = databaseOf(
    t,
    `${schema}${rows}UPDATE provider SET name = CAST(x'4dfc6e6368656e' AS TEXT) WHERE id = 1;`
  )
  t.throws(() => importPath(latin), {
    code: 'AC_IMPORT_UNKNOWN',
    message: /: found text that is not UTF-8 in provider, expected/
  })
})

t.test('automx2: a server without a login name gets none', async t => {
  const file = databaseOf(t, `${schema}${rows}UPDATE server SET user_name = '' WHERE id = 8;`)
  matchLists(t, toSettings(importPath(file)).settings?.providers[2], {
    id: 'small',
    username: undefined,
    servers: [{ host: 'mail.small.example' }]
  })
})

t.test('automx2: reports other databases and damaged ones', async t => {
  const other = databaseOf(t, 'CREATE TABLE provider (id); CREATE TABLE users (id)')
  t.throws(() => importPath(other), {
    code: 'AC_IMPORT_UNKNOWN',
    message: ': found an SQLite database without domain, server, server_domain, expected that of automx2'
  })
  const folder = t.testdir({ broken: 'SQLite format 3\0 and then nothing that is right' })
  t.throws(() => importPath(join(folder, 'broken')), { code: 'AC_IMPORT_UNKNOWN', message: /found SQLite says: / })
})

t.test('importPath: a folder of files becomes one table, and files that cannot be read are reported', async t => {
  const document = (
    domain: string,
    host: string
  ) => `<clientConfig><emailProvider id="${domain}"><domain>${domain}</domain>
    <incomingServer type="imap"><hostname>${host}</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
  </emailProvider></clientConfig>`
  const folder = t.testdir({
    'b.xml': document('b.example', 'imap.b.example'),
    a: document('a.example', 'imap.a.example'),
    'c.xml': document('B.example', 'imap.c.example'),
    'README.md': 'a text',
    '.hidden': 'nothing',
    below: {}
  })
  const { settings, dropped } = toSettings(importPath(folder))
  t.same(
    settings?.providers.map(({ id }) => id),
    ['a.example', 'b.example']
  )
  t.same(
    dropped.map(describeDropped).map(line => line.replaceAll(`${folder}/`, '')),
    [
      'README.md the whole file: not imported: found a text',
      'c.xml:2:5 imap imap.c.example: not imported: there is another imap server already, from b.xml:2:5'
    ]
  )
})

t.test('importPath: reads folders in a folder and files behind links, but not folders behind links', async t => {
  const file = '<clientConfig><emailProvider><domain>a.example</domain><incomingServer/></emailProvider></clientConfig>'
  const folder = t.testdir({
    'a.xml': '{}',
    b: { 'c.xml': file, again: t.fixture('symlink', '..') },
    'd.xml': t.fixture('symlink', 'b/c.xml'),
    e: t.fixture('symlink', 'nowhere'),
    f: { '.hidden': {}, g: {} }
  })
  unlinkSync(join(folder, 'e'))
  t.same(
    importPath(folder).dropped.map(({ origin, what }) => `${origin.source.replace(folder, '')} ${what}`),
    ['/a.xml the whole file', '/b/c.xml emailProvider/incomingServer', '/d.xml emailProvider/incomingServer']
  )
  symlinkSync('nowhere', join(folder, 'e'))
  t.throws(() => importPath(folder), { code: 'AC_IMPORT_UNREADABLE', message: /e: no such file$/ })
})

t.test('importPath: a link that leads to itself is an error', async t => {
  const folder = t.testdir({ 'a.xml': t.fixture('symlink', 'a.xml') })
  t.throws(() => importPath(folder), { code: 'AC_IMPORT_UNREADABLE', message: /a\.xml: ELOOP/ })
})

t.test('importBytes: reads documents and databases, and reports others like a file', async t => {
  const file = databaseOf(t, schema + rows)
  const before = process.env.TMPDIR
  process.env.TMPDIR = dirname(file)
  t.teardown(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  })
  const imported = importBytes(readFileSync(file), 'standard input')
  matchLists(t, imported.providers.slice(0, 1), [{ origin: { source: 'standard input provider 1' }, id: 'BigCorp' }])
  t.same(readdirSync(dirname(file)), ['db.sqlite'], 'nothing stays in the folder for temporary files')
  t.throws(() => importBytes(Buffer.from('SQLite format 3\0'), 'x'), { code: 'AC_IMPORT_UNKNOWN' })
  t.throws(() => importBytes(Buffer.from('<a>\n</b>'), 'x'), {
    code: 'AC_IMPORT_UNREADABLE',
    message: /^cannot read x:2:1: found XML that is not well-formed: expected closing tag 'a'/
  })
  t.throws(() => importBytes(Buffer.alloc(256 * 1024 + 1), 'x'), {
    code: 'AC_IMPORT_UNKNOWN',
    message: /^x: found 262145 bytes \(at most 262144 are read\)/
  })
})

t.test('importPath: reports what cannot be read', async t => {
  const folder = t.testdir({ empty: {}, large: 'x'.repeat(256 * 1024 + 1) })
  for (const [path, expected] of [
    ['/nowhere', { code: 'AC_IMPORT_UNREADABLE', message: 'cannot read /nowhere: no such file' }],
    [join(folder, 'large', 'x'), { code: 'AC_IMPORT_UNREADABLE', message: /ENOTDIR/ }],
    [join(folder, 'large'), { code: 'AC_IMPORT_UNKNOWN', message: /found a file of 262145 bytes/ }],
    [join(folder, 'empty'), { code: 'AC_IMPORT_UNKNOWN', message: /found no file in a known format/ }],
    ['/dev/null', { code: 'AC_IMPORT_UNKNOWN', message: /found something other than a regular file/ }]
  ] as const) {
    t.throws(() => importPath(path), expected)
  }
  const full = join(folder, 'full')
  mkdirSync(full)
  writeFileSync(join(full, '0'), '')
  // Why links: ext4 takes 0.4 ms to make a file, and 0.02 ms to make a link.
  for (let number = 1; number <= 10_000; number++) linkSync(join(full, '0'), join(full, `${number}`))
  t.throws(() => importPath(full), {
    code: 'AC_IMPORT_UNREADABLE',
    message: /found more than 10000 files/
  })
})
