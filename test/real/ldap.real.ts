// A real OpenLDAP as a directory: the contract of every directory, the shipped examples, StartTLS and LDAPS; and what
// mail programs notice when it is stopped, suspended and restarted under load.

import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import type { Directory } from '../../src/directories/directory.ts'
import { openDirectory } from '../../src/directories/open-directory.ts'
import type { RowReader } from '../../src/directories/row-reader.ts'
import { type DirectoryEntry, entryReading } from '../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { directoryContract, type Questions } from '../support/directories/contract.ts'
import { hosterContract } from '../support/directories/hoster-contract.ts'
import { hosterSchemas } from '../support/directories/hoster-schemas.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { createAuthority } from './certificate-authority.ts'
import { run } from './program.ts'
import { startSlapd } from './slapd.ts'
import { customers, underLoad } from './under-load.ts'

const host = '127.0.0.1'
const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'ldap-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the server runs as a separate user.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
// Why here: this file belongs to the private network.
await appendFile('/etc/hosts', `${host} ldap.example.net\n`)
await writeFile(join(scratch, 'password'), password)
const authority = await createAuthority(join(scratch, 'authority'))
const stranger = await createAuthority(join(scratch, 'stranger'))
const certificate = await authority.issue(['localhost'])

const suffix = 'dc=example,dc=com'
const user = `cn=signpost,${suffix}`

/** Spec: RFC 2849: non-ASCII values are in base64. */
function entry(dn: string, attributes: Readonly<Record<string, string | readonly (string | Buffer)[]>>): string {
  const line = (name: string, value: string | Buffer) =>
    typeof value === 'string' && /^[\w%.@+', -]*$/.test(value)
      ? `${name}: ${value}`
      : `${name}:: ${Buffer.from(value).toString('base64')}`
  const lines = Object.entries(attributes).flatMap(([name, values]) => [values].flat().map(value => line(name, value)))
  return [line('dn', `${dn},${suffix}`), ...lines].join('\n')
}

const folder = (name: string) => entry(`ou=${name}`, { objectClass: 'organizationalUnit', ou: name })

/** An organisation with domains: st is its host, businessCategory the provider. */
const customer = (
  place: string,
  domain: string,
  attributes: Readonly<Record<string, string | readonly string[]>> = {}
) =>
  entry(`associatedDomain=${domain},${place}`, {
    objectClass: ['organization', 'domainRelatedObject'],
    o: 'unsaid',
    associatedDomain: domain,
    ...attributes
  })

const mailbox = (uid: string, mail: string, attributes: Readonly<Record<string, string | readonly Buffer[]>> = {}) =>
  entry(`uid=${uid},ou=people`, { objectClass: 'inetOrgPerson', uid, mail, cn: 'x', sn: 'x', ...attributes })

const entries = [
  `dn: ${suffix}\nobjectClass: domain\ndc: example`,
  entry('cn=signpost', {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'signpost',
    userPassword: password
  }),
  ...['customers', 'people', 'public', 'load'].map(folder),
  customer('ou=customers', 'plain.example', { businessCategory: 'example' }),
  customer('ou=customers', 'unsaid.example'),
  customer('ou=customers', 'white.example', {
    businessCategory: 'example',
    st: 'mail.%EMAILDOMAIN%',
    l: ['Zoë & Söhne']
  }),
  customer('ou=customers', 'xn--bcher-kva.example', { businessCategory: 'example' }),
  customer('ou=customers', 'away.example', { description: 'away' }),
  // Why: a client that follows the referral would wait for a missing server.
  entry('cn=elsewhere,ou=customers', {
    objectClass: ['referral', 'extensibleObject'],
    cn: 'elsewhere',
    ref: `ldap://192.0.2.1/${suffix}`
  }),
  customer('ou=public', 'open.example', { businessCategory: ['example', 'other'] }),
  customer('ou=public', 'first.example', { associatedDomain: ['first.example', 'twice.example'] }),
  customer('ou=public', 'second.example', {
    associatedDomain: ['second.example', 'twice.example'],
    businessCategory: 'example'
  }),
  mailbox('u1234567', 'jane@plain.example', { displayName: 'Zoë & Söhne' }),
  mailbox('u7654321', "o'neil+x@plain.example", { jpegPhoto: [Buffer.from([0xff, 0xd8, 0xff])] }),
  ...customers.map(({ domain, provider, host }) =>
    customer('ou=load', domain, { businessCategory: provider, ...(host !== undefined && { st: host }) })
  ),
  ...hosterSchemas.flatMap(({ tables }) => tables.ldap?.[1] ?? [])
].join('\n\n')

const server = await startSlapd(join(scratch, 'slapd'), {
  certificate,
  schema: hosterSchemas.flatMap(({ tables }) => tables.ldap?.[0] ?? []).join('\n'),
  entries
})
t.teardown(() => server.stop())

type Question = Partial<DirectorySettings>

function open<V>(
  changes: Question,
  reading: RowReader<V>,
  secret: string | undefined = password
): Promise<Directory<V>> {
  const env = secret === undefined ? {} : { SIGNPOST_DIRECTORY_PASSWORD: secret, SIGNPOST_USERS_PASSWORD: secret }
  const base = `ou=customers,${suffix}`
  const settings = { type: 'ldap', user, base, timeoutMilliseconds: 20_000, ...changes } as const
  return openDirectory(settings, reading, { folder: scratch, env, logger: silentLogger })
}

async function opened(t: Test, changes: Question): Promise<Directory<DirectoryEntry>> {
  const directory = await open(
    { filter: '(associatedDomain=:domain)', attributes: { domain: 'associatedDomain' }, ...changes },
    entryReading
  )
  t.teardown(() => directory.close())
  return directory
}

const attributes = { domain: 'associatedDomain', provider: 'businessCategory', host: 'st', name: 'l' }
const questions: Questions<Question> = {
  customer: {
    filter: '(&(objectClass=domainRelatedObject)(associatedDomain=:domain)(!(description=away)))',
    attributes
  },
  often: { filter: '(|(associatedDomain=:domain)(o=:domain)(description=*@:domain*))', attributes },
  mailbox: {
    base: `ou=people,${suffix}`,
    filter: '(mail=:address)',
    attributes: { address: 'mail', username: 'uid', display_name: 'displayName' }
  },
  broken: { base: `ou=nowhere,${suffix}`, filter: '(associatedDomain=:domain)' },
  wrong: /^the server answers NoSuchObject$/
}

for (const [way, changes] of [
  ['in clear', {}],
  ['on its socket', { host: server.socket }],
  ['in TLS', { host: 'localhost', security: 'tls', ca: authority.root }],
  ['with StartTLS', { host: 'localhost', security: 'starttls', ca: authority.root }]
] as const) {
  directoryContract(t, `ldap, ${way}`, {
    questions,
    open: (question, reading) => open({ ...changes, ...question }, reading)
  })
}

const ofExamples = {
  host: 'localhost',
  security: 'starttls',
  ca: authority.root,
  user,
  passwordFile: 'password'
} as const
hosterContract(t, 'ldap', (_, settings) => open({ ...settings, ...ofExamples }, entryReading))

t.test('ldap: an untrusted certificate, or one for another name, is rejected', async t => {
  for (const security of ['tls', 'starttls'] as const) {
    for (const [changes, reason] of [
      [{ host: 'localhost', ca: stranger.root }, /self.signed certificate|unable to/],
      [{ host: 'localhost' }, /self.signed certificate|unable to/],
      [{ host: 'ldap.example.net', ca: authority.root }, /does not match certificate/]
    ] as const) {
      const { find } = await opened(t, { security, ...changes })
      await t.rejects(find('plain.example'), { name: 'DirectoryFailure', driverText: reason }, `${security}: ${reason}`)
    }
  }
})

t.test('ldap: a wrong password is reported without printing it', async t => {
  const directory = await open({ filter: '(associatedDomain=:domain)' }, entryReading, 'wrong-hunter3')
  t.teardown(() => directory.close())
  await t.rejects(directory.find('plain.example'), {
    code: 'result-49',
    driverText: /^the server answers InvalidCredentials$/
  })
})

t.test('ldap: without a user, only public entries are visible', async t => {
  const filter = '(associatedDomain=:domain)'
  const anonymous = (base: string) =>
    openDirectory({ type: 'ldap', base: `${base},${suffix}`, filter, attributes }, entryReading, {
      folder: scratch,
      env: {},
      logger: silentLogger
    })
  const open = await anonymous('ou=public')
  const shut = await anonymous('ou=customers')
  t.teardown(() => Promise.all([open.close(), shut.close()]))
  t.ok(await open.find('open.example'))
  t.equal(await open.find('plain.example'), undefined)
  await t.rejects(shut.find('plain.example'), { name: 'DirectoryFailure', driverText: /NoSuchObject/ })
})

t.test('ldap: the scope limits the depth of the search', async t => {
  const found = async (changes: Question) =>
    Boolean(await (await opened(t, changes)).find('plain.example').catch(() => undefined))
  const base = `associatedDomain=plain.example,ou=customers,${suffix}`
  t.same(
    await Promise.all([
      found({ base: suffix, scope: 'subtree' }),
      found({ base: suffix, scope: 'one' }),
      found({ scope: 'one' }),
      found({ base, scope: 'base' })
    ]),
    [true, false, true, true]
  )
})

t.test('ldap: uses the first of several values, but no entry if there are several', async t => {
  const { find } = await opened(t, { base: `ou=public,${suffix}`, attributes })
  t.match(await find('open.example'), { provider: 'example' })
  t.match(await find('second.example'), { provider: 'example' })
  t.match(await find('twice.example'), { problem: 'found rows of one domain that differ, expected one row' })
})

t.test('ldap: an attribute with another name, or that is not text, is reported', async t => {
  const named = await opened(t, { attributes: { domain: 'associatedDomain', name: 'localityName' } })
  t.match(await named.find('white.example'), { problem: /^attributes .*"l"/ })
  const photo = await opened(t, {
    base: `ou=people,${suffix}`,
    filter: "(mail=o'neil+x@:domain)",
    attributes: { domain: 'mail', name: 'jpegPhoto' }
  })
  t.match(await photo.find('plain.example'), { problem: /"jpegPhoto"/ })
})

t.test('ldap: check --lookup prints the contents of the directories', async t => {
  const config = join(scratch, 'lookup.yaml')
  const servers = [{ protocol: 'imap', host: 'imap.example.net' }]
  const place = { type: 'ldap', user, passwordFile: 'password' }
  await writeFile(
    config,
    stringify({
      directory: { ...place, base: `ou=customers,${suffix}`, ...questions.customer },
      users: { ...place, ...questions.mailbox, unknown: 'u#######' },
      providers: [{ id: 'example', name: 'Example', domains: ['example.net', 'plain.example'], servers }]
    })
  )
  const lookup = (name: string) => run(process.execPath, ['src/main.ts', 'check', '--config', config, '--lookup', name])
  t.match(
    (await lookup('white.example')).output,
    'white.example belongs to provider example according to the directory, host mail.%'
  )
  t.match((await lookup('none.example')).output, 'the directory does not contain none.example')
  t.match((await lookup('jane@plain.example')).output, /u1234567.*Zoë & Söhne/)
})

t.test(
  'ldap: serves known domains while it is stopped, suspended and restarted under load',
  { timeout: 300_000 },
  async t => {
    const directory = {
      type: 'ldap',
      user,
      passwordFile: 'password',
      base: `ou=load,${suffix}`,
      filter: '(associatedDomain=:domain)',
      attributes: { domain: 'associatedDomain', provider: 'businessCategory', host: 'st' }
    } as const
    await underLoad(t, server, { name: 'ldap', scratch, directory })
  }
)
