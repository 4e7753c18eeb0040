/**
 * Servers that Signpost uses, with arbitrary responses: PostgreSQL, MariaDB, LDAP and Redis.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { isolateDirectory } from '../../src/directories/isolation/isolated-directory.ts'
import { readDirectory } from '../../src/directories/row-reader.ts'
import { openRedis, redisScript } from '../../src/http/limits/redis/redis.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { withTimeout } from '../../src/timeout.ts'
import { ldap } from '../support/peers/ldap.ts'
import { anyMutations, mutate } from '../support/peers/mutation.ts'
import { mysql, packet } from '../support/peers/mysql.ts'
import { type Conversation, type Peer, startPeer } from '../support/peers/peer.ts'
import { int16, int32, message, postgres, row, text } from '../support/peers/postgres.ts'
import { redisPeer } from '../support/peers/redis.ts'
import type { FuzzCase } from './fuzz-case.ts'

/** A marker in queries and in errors of servers, which must not be in results. */
const canary = 'qzcanaryqz'

/** Number of inputs between two checks with a normal server. */
const every = 25

/** Time limit for the result of an input, in milliseconds. */
const patienceMs = 50

/** Time limit for a result when the server is normal again, in milliseconds. */
const recoveryMs = 20_000

interface Asked {
  readonly peer: Peer
  readonly lines: string[]
  /** @returns the problem with its result; rejects with the error whose code the service would log */
  ask(): Promise<string | undefined>
  /** @returns whether the result is correct */
  works(): Promise<boolean>
  close(): Promise<void>
}

export function openServerCases(): FuzzCase[] {
  const query = 'SELECT domain, provider FROM customer WHERE domain = :domain'
  const sql = { database: 'mail', query }
  const ofLdap = { base: 'o=a', filter: '(o=:domain)', attributes: { domain: 'cn', provider: 'o' } }
  return [
    serverCase('postgres', postgresMessages, () => openDirectoryAt(postgres, { type: 'postgres', ...sql })),
    serverCase('mysql', mysqlMessages, () => openDirectoryAt(mysql, { type: 'mysql', ...sql })),
    serverCase('ldap', ldapMessages, () => openDirectoryAt(ldap, { type: 'ldap', ...ofLdap })),
    serverCase('redis', redisMessages, openRedisAt)
  ]
}

function serverCase(name: string, others: readonly Buffer[], open: () => Promise<Asked>): FuzzCase {
  const free: Asked[] = []
  const all: Asked[] = []
  let turn = 0

  async function take(): Promise<Asked> {
    const known = free.pop()
    if (known !== undefined) return known
    const opened = await open()
    all.push(opened)
    return opened
  }

  return {
    name,
    title: `messages of ${name}`,
    lanes: 6,
    make: random => ({ mutations: anyMutations(random) }),
    async judge({ mutations = '' }) {
      const asked = await take()
      asked.peer.change = mutate(mutations, others)
      const problem = (await askMutated(asked)) ?? leakIn(asked.lines.splice(0).join(''))
      const isDue = turn++ % every === 0
      const lasting = problem === undefined && isDue ? await recover(asked) : undefined
      free.push(asked)
      return problem ?? lasting
    },
    async close() {
      await Promise.all(all.map(({ close }) => close()))
    }
  }
}

/** Over a separate connection. */
async function askMutated(asked: Asked): Promise<string | undefined> {
  const { peer } = asked
  const before = peer.accepted
  peer.cut()
  for (let tries = 0; tries < 5; tries++) {
    const problem = await withTimeout(asked.ask(), patienceMs).catch(errorFault)
    if (problem !== undefined || peer.accepted > before) return problem
    await sleep(1)
  }
  return undefined
}

function errorFault(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code !== 'string' || !/^[\w-]{1,62}$/.test(code)) return `an error with the code ${String(code)}`
  return leakIn(`${code} ${String(message)}`)
}

function leakIn(text: string): string | undefined {
  return text.toLowerCase().includes(canary) ? `it contains the name of the query: ${text}` : undefined
}

async function recover({ peer, works }: Asked): Promise<string | undefined> {
  peer.change = bytes => bytes
  peer.cut()
  const ends = performance.now() + recoveryMs
  while (performance.now() < ends) {
    if (await withTimeout(works(), 1000).catch(() => false)) return undefined
    await sleep(10)
  }
  return `no answer within ${recoveryMs} ms`
}

const pauseMs = { first: 1, max: 1, recovered: 0 }

function logInMemory() {
  const lines: string[] = []
  return { lines, logger: pino({}, { write: line => lines.push(line) }) }
}

async function openDirectoryAt(
  converse: () => Conversation,
  settings: Partial<DirectorySettings> & Pick<DirectorySettings, 'type'>
): Promise<Asked> {
  const peer = await startPeer(converse)
  const { lines, logger } = logInMemory()
  const { block, parameter, key, columns } = entryReading
  const task = {
    settings: { port: peer.port, timeoutMilliseconds: 1000, connections: 1, ...settings },
    columns: { block, parameter, key, columns },
    folder: '/',
    env: {}
  }
  const rows = await isolateDirectory(task, { logger, pauseMs, pingMs: 400 })
  const directory = readDirectory(rows, entryReading)
  return {
    peer,
    lines,
    async ask() {
      const entry = await directory.find(`${canary}.example`)
      return entry === undefined || 'provider' in entry ? undefined : `it answers ${JSON.stringify(entry)}`
    },
    works: async () => (await directory.find('a.example'))?.provider === 'example',
    async close() {
      await directory.close()
      await peer.close()
    }
  }
}

async function openRedisAt(): Promise<Asked> {
  const peer = await startPeer(redisPeer().converse)
  const { lines, logger } = logInMemory()
  const place = { host: '127.0.0.1', port: peer.port, isSecure: false, user: canary, password: 'a', database: 1 }
  const redis = openRedis(place, { logger, pauseMs: { first: 1, most: 1, recovered: 0 } })
  const script = redisScript('return {1, 1}')
  const count = () => redis.run(script, { keys: [canary], args: ['1', '60000'] })
  const isRight = (reply: unknown) => Array.isArray(reply) && reply.length === 2 && reply.every(Number.isSafeInteger)
  return {
    peer,
    lines,
    async ask() {
      const reply = await count()
      return isRight(reply) ? undefined : `it answers ${JSON.stringify(reply)}`
    },
    works: async () => isRight(await count()),
    async close() {
      redis.close()
      await peer.close()
    }
  }
}

const failed = (code: string, severity: string) =>
  message(
    'E',
    Buffer.from('S'),
    text(severity),
    Buffer.from('C'),
    text(code),
    Buffer.from('M'),
    text(canary),
    Buffer.from([0])
  )

const postgresMessages = [
  failed('22021', 'ERROR'),
  failed('57P01', 'FATAL'),
  failed(canary, 'ERROR'),
  message('N', Buffer.from('M'), text(canary), Buffer.from([0])),
  message('N', Buffer.from('SNOTICE')),
  message('A', int32(1), text('signpost'), text(canary)),
  message('A', int32(1), Buffer.from('signpost')),
  message('R', int32(3)),
  message('R', int32(5), Buffer.from('salt')),
  message('R', int32(10), text('SCRAM-SHA-256'), Buffer.from([0])),
  message('R', int32(11), Buffer.from('r=a,s=YQ==,i=2147483647')),
  message('R', int32(12), Buffer.from('v=YQ==')),
  message('T', int16(-1)),
  message('D', int16(3), int32(-5)),
  message('G', Buffer.from([0]), int16(1), int16(0)),
  message('H', Buffer.from([0]), int16(-1)),
  message('W', Buffer.from([0]), int16(1), int16(0)),
  message('v', int32(0), int32(1), text(canary)),
  message('s'),
  message('I'),
  row(canary, canary),
  Buffer.from([0x44, 0, 0, 0, 0]),
  Buffer.from([0x44, 0xff, 0xff, 0xff, 0xff])
]

const huge = [0xfe, 255, 255, 255, 255, 255, 255, 255, 127]

const mysqlMessages = [
  packet(1, [0xff, 0x15, 0x04], Buffer.from(`#22007${canary}`)),
  packet(1, [0xff, 0xf3, 0x04], Buffer.from(`#HY000${canary}`)),
  packet(1, [0xff]),
  packet(1),
  packet(1, huge),
  packet(1, [0xfb], Buffer.from('/etc/passwd')),
  packet(2, [0xfe], Buffer.from('mysql_clear_password\0')),
  packet(2, [0xfe], Buffer.from('caching_sha2_password\0'), Buffer.alloc(20, 65)),
  packet(2, [0xfe], Buffer.from('sha256_password\0')),
  packet(2, [1, 4]),
  packet(2, [1], Buffer.from('-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----')),
  packet(1, [0, ...huge, 2, 0, 0, 0]),
  packet(1, [0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0]),
  packet(3, [0, 0], huge),
  packet(5, [0xfe, 0, 0, 8, 0]),
  Buffer.from([0xff, 0xff, 0xff, 0]),
  Buffer.from([0, 0, 0, 0])
]

const ldapMessages = [
  '3000',
  '3080',
  '30840fffffff',
  '3084ffffffff',
  '30ff',
  '3003020100',
  '3005020101ff00',
  '300c02010161070a010004000400',
  '300c02010261070a010104000400',
  '300c02010265070a013504000400',
  '300c02010278070a013404000400',
  '3009020102730404026c64',
  '30050201026400',
  '300a02010264050403613d61',
  '3084000000100201026484000000070403613d613000',
  '02010a'
].map(hex => Buffer.from(hex, 'hex'))

const redisMessages = [
  '$-5\r\n',
  '*30000000\r\n',
  '*2\r\n*2\r\n:1\r\n',
  '*-1\r\n',
  `-ERR ${canary}\r\n`,
  `-${canary}\r\n`,
  '-NOSCRIPT\r\n',
  '-LOADING\r\n',
  `+${canary}\r\n`,
  ':1\r\n',
  '*2\r\n:1\r\n',
  '*2\r\n:1\r\n$6\r\ncanary\r\n',
  '>2\r\n:1\r\n:1\r\n',
  '\r\n',
  '\0\0\0\0'
].map(line => Buffer.from(line))
