// Log-in names in a real PostgreSQL and a real OpenLDAP: a stranger with a clock cannot tell a mailbox that is there from
// one that is not, whether or not somebody has asked for it before.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { createAuthority } from './certificate-authority.ts'
import { startPostgres } from './postgres.ts'
import { start } from './program.ts'
import { startSlapd } from './slapd.ts'

const host = '127.0.0.1'
const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'users-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the servers run as users of their own.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
const authority = await createAuthority(join(scratch, 'authority'))
const certificate = await authority.issue(['localhost'])
await writeFile(join(scratch, 'password'), password)
await writeFile(join(scratch, 'key'), 'no more than a test')

/** Of known addresses, and as many unknown ones. */
const count = 1000
const suffix = 'dc=example,dc=com'
const numbers = Array.from({ length: count }, (_, at) => String(at).padStart(4, '0'))
const knownAt = (number: string) => `ka${number}@example.com`
const unknownAt = (number: string) => `ub${number}@example.com`
const loginOf = (number: string) => `u999${number}`

t.test('postgres', { timeout: 120_000 }, async t => {
  const server = await startPostgres(join(scratch, 'postgres'), { certificate, password })
  t.teardown(() => server.stop())
  const rows = numbers.map(number => `('${knownAt(number)}', '${loginOf(number)}', 'Jane Marple ${number}')`)
  await server.create('mail', [
    'CREATE TABLE mailbox (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64), name VARCHAR(60))',
    `INSERT INTO mailbox VALUES ${rows.join(', ')}`,
    'ANALYZE mailbox'
  ])
  await examine(t, 'postgres', {
    type: 'postgres',
    database: 'mail',
    query: 'SELECT address, login AS username, name AS display_name FROM mailbox WHERE address = :address'
  })
})

t.test('ldap', { timeout: 120_000 }, async t => {
  const entries = [
    `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example`,
    `dn: cn=signpost,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: signpost\nuserPassword:: ${Buffer.from(password).toString('base64')}`,
    ...numbers.map(number =>
      [
        `dn: uid=${loginOf(number)},${suffix}`,
        'objectClass: inetOrgPerson',
        `uid: ${loginOf(number)}`,
        `cn: Jane Marple ${number}`,
        'sn: Marple',
        `mail: ${knownAt(number)}`
      ].join('\n')
    )
  ].join('\n\n')
  const server = await startSlapd(join(scratch, 'slapd'), { certificate, schema: '', entries })
  t.teardown(() => server.stop())
  await examine(t, 'ldap', {
    type: 'ldap',
    user: `cn=signpost,${suffix}`,
    base: suffix,
    filter: '(mail=:address)',
    attributes: { username: 'uid', display_name: 'cn' }
  })
})

async function examine(t: Test, name: string, users: DirectorySettings): Promise<void> {
  const port = await serve(t, name, users)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const ask = (address: string) => logInOf(address, { port, agent })
  // Why: code that runs for the first time is slow, and a connection is made.
  for (let turn = 0; turn < 200; turn++) await ask(`warm${turn}@example.com`)
  for (const what of ['asked for the first time', 'asked again']) {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (const { number, isKnown } of interleaved()) {
      const started = performance.now()
      const login = await ask(isKnown ? knownAt(number) : unknownAt(number))
      times[isKnown ? 'known' : 'unknown'].push(performance.now() - started)
      if (isKnown ? login !== loginOf(number) : !/^u\d{7}$/.test(login)) t.fail(`${number}: ${login}`)
    }
    const share = shareOfSlower(times.known, times.unknown)
    t.comment(
      `${name}, ${what}: ${told('known', times.known)}, ${told('unknown', times.unknown)}; a known one is slower in ${share.toFixed(3)} of all pairs`
    )
    // Why so close to a half: chance alone is out of it once in some hundred thousand times.
    t.ok(share > 0.44 && share < 0.56, `${name}, ${what}: ${share}`)
  }
}

async function serve(t: Test, name: string, users: DirectorySettings): Promise<number> {
  const port = name === 'ldap' ? 8081 : 8080
  const config = join(scratch, `${name}.yaml`)
  const settings = {
    log: { requests: false },
    limits: { rate: { requests: 0 } },
    cache: { seconds: 3600 },
    users: {
      ...users,
      host,
      passwordFile: 'password',
      timeoutMilliseconds: 20_000,
      unknown: 'u#######',
      secretFile: 'key'
    },
    providers: [
      {
        id: 'example',
        name: 'Example',
        domains: ['example.com'],
        servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: `${protocol}.example.com` }))
      }
    ]
  }
  await writeFile(config, stringify(settings))
  const program = await start(
    process.execPath,
    ['src/main.ts', 'serve', '--config', config, '--listen', `${host}:${port}`],
    { log: join(scratch, `${name}.log`), ready: [{ host, port }] }
  )
  t.teardown(() => program.stop())
  return port
}

/** Known and unknown addresses, each once, in an order that is the same every time and has no pattern. */
function interleaved(): { number: string; isKnown: boolean }[] {
  let seed = 1
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed
  }
  return numbers
    .flatMap(number => [
      { number, isKnown: true, place: next() },
      { number, isKnown: false, place: next() }
    ])
    .sort((a, b) => a.place - b.place)
}

async function logInOf(address: string, { port, agent }: { port: number; agent: Agent }): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request({ host, port, agent, path: `/api/settings?email=${address}` }, async response => {
    resolve(JSON.parse(await text(response)).username)
  })
  sent.on('error', reject).end()
  return await promise
}

/** @returns in how many of all pairs the first one took longer: a half, where nobody can tell them apart */
function shareOfSlower(first: readonly number[], second: readonly number[]): number {
  const sorted = [...second].sort((a, b) => a - b)
  const faster = (time: number) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle] ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low
  }
  return first.reduce((sum, time) => sum + faster(time), 0) / (first.length * second.length)
}

function told(name: string, times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(3)
  return `${name} ${times.length}, median ${at(0.5)} ms, 95 % ${at(0.95)} ms`
}
