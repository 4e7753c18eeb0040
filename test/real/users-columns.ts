// Every column of a real directory of users: the login names of single protocols, and the servers of a person.

import type { Test } from 'tap'
import { createApp } from '../../src/app.ts'
import { openUserLookup } from '../../src/lookups/user-lookup.ts'
import type { UsersSettings } from '../../src/settings/check/users.ts'
import { createSource } from '../../src/sources/source.ts'
import { personalRequests } from '../support/personal-requests.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { tableOf } from '../support/table-of.ts'

/** Two people: one with other servers, and one with those of the domain. */
export const people = [
  {
    address: 'jane@example.com',
    login: 'jane0',
    imap: 'jane1',
    pop3: 'jane2',
    dav: 'jane3',
    provider: 'students',
    host: 'imap2.example.com'
  },
  {
    address: 'john@example.com',
    login: 'john0',
    imap: 'john1',
    pop3: 'john2',
    dav: 'john3',
    provider: undefined,
    host: undefined
  }
] as const

const quoted = (text: string | undefined) => (text === undefined ? 'NULL' : `'${text}'`)

export const columnTables = [
  'CREATE TABLE person (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64), imap VARCHAR(64), pop3 VARCHAR(64), dav VARCHAR(64), provider VARCHAR(64), host VARCHAR(255))',
  `INSERT INTO person VALUES ${people.map(each => `(${Object.values(each).map(quoted).join(', ')})`).join(', ')}`
]

export const columnQuery =
  'SELECT address, login AS username, imap AS imap_username, pop3 AS pop3_username, address AS smtp_username, dav AS dav_username, ' +
  'provider, host AS imap_host FROM person WHERE address = :address'

/** The same people in LDAP, below the suffix. */
export const columnEntries = (suffix: string) =>
  people.map(({ address, login, imap, pop3, dav, provider, host }) =>
    [
      `dn: cn=${login},${suffix}`,
      'objectClass: inetOrgPerson',
      `cn: ${login}`,
      'sn: Marple',
      `mail: ${address}`,
      `employeeNumber: ${imap}`,
      `employeeType: ${pop3}`,
      `departmentNumber: ${dav}`,
      ...(provider === undefined ? [] : [`o: ${provider}`, `l: ${host}`])
    ].join('\n')
  )

export const columnAttributes = {
  address: 'mail',
  username: 'cn',
  imap_username: 'employeeNumber',
  pop3_username: 'employeeType',
  smtp_username: 'mail',
  dav_username: 'departmentNumber',
  provider: 'o',
  imap_host: 'l'
}

const settings = `
limits: { rate: { requests: 0 }, overload: { delayMilliseconds: 0 } }
users:
  type: sqlite
  file: a
  query: SELECT * FROM a WHERE b = :address
  unknown: "u#######"
  unknownNames:
    { imap_username: "i#######", pop3_username: "p#######", smtp_username: "%EMAILADDRESS%", dav_username: "d#######" }
  unknownServers: [{}, { provider: students, imap_host: imap2.example.com }]
providers:
  - id: staff
    name: Staff
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.staff.example }
      - { protocol: pop3, host: pop.staff.example }
      - { protocol: smtp, host: smtp.staff.example }
      - { protocol: caldav, url: https://dav.staff.example/ }
  - id: students
    name: Students
    domains: [students.example.com]
    servers:
      - { protocol: imap, host: imap.students.example }
      - { protocol: pop3, host: pop.students.example }
      - { protocol: smtp, host: smtp.students.example }
      - { protocol: caldav, url: https://dav.students.example/ }
`

/** @param options.file the settings file would be in its folder */
export async function examineColumns(
  t: Test,
  users: Partial<UsersSettings> & Pick<UsersSettings, 'type'>,
  { file }: { readonly file: string }
): Promise<void> {
  const tables = { table: tableOf(settings) }
  const all = { ...tables.table.settings.users, unknown: 'u#######', timeoutMilliseconds: 20_000, ...users }
  const env = { SIGNPOST_USERS_SECRET: 'no more than a test' }
  const { loginOf, directory } = await openUserLookup(tables, all, { file, logger: silentLogger, env })
  const app = createApp({ source: createSource(tables, { loginOf }), logger: silentLogger })
  t.teardown(async () => {
    await app.close()
    await directory.close()
  })
  const ask = async (kind: string, address: string) => {
    const request = personalRequests(address)[kind]
    return request === undefined ? '' : (await app.inject(request)).body
  }
  const servers = async (address: string) => {
    const body = await ask('autoconfig', address)
    return Array.from(body.matchAll(/Server type="(\w+)">.*?<hostname>(.*?)<.*?<username>(.*?)</gs), ([, ...found]) =>
      found.join(' ')
    )
  }
  t.same(await servers('jane@example.com'), [
    'imap imap2.example.com jane1',
    'pop3 pop.students.example jane2',
    'smtp smtp.students.example jane@example.com'
  ])
  t.same(await servers('JOHN@example.com'), [
    'imap imap.staff.example john1',
    'pop3 pop.staff.example john2',
    'smtp smtp.staff.example john@example.com'
  ])
  const profile = await ask('profile', 'jane@example.com')
  t.match(profile, /<string>dav\.students\.example<\/string>[\s\S]*CalDAVUsername<\/key>\s*<string>jane3</)
  t.match(profile, /IncomingMailServerUsername<\/key>\s*<string>jane1</)
  const pox = await ask('POX', 'jane@example.com')
  t.match(pox, /<Type>IMAP<\/Type>[\s\S]*?<Server>imap2\.example\.com<[\s\S]*?<LoginName>jane1</)
  t.match(pox, /<Type>SMTP<\/Type>[\s\S]*?<LoginName>jane@example\.com</)
  const strangers = Array.from({ length: 40 }, (_, at) => `nobody${at}@example.com`)
  const found = new Set<string>()
  for (const address of strangers) {
    const [imap = '', pop3 = '', smtp = ''] = await servers(address)
    found.add(imap.replace(/ i\d{7}$/, ''))
    t.match(imap, / i\d{7}$/)
    t.match(pop3, / p\d{7}$/)
    t.match(smtp, new RegExp(` ${address}$`))
  }
  t.same([...found].sort(), ['imap imap.staff.example', 'imap imap2.example.com'])
}
