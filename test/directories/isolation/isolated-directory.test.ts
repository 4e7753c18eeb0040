import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { maxAnswerBytes } from '../../../src/directories/database-server.ts'
import type { Directory } from '../../../src/directories/directory.ts'
import { type IsolationOptions, isolateDirectory } from '../../../src/directories/isolation/isolated-directory.ts'
import { readDirectory } from '../../../src/directories/row-reader.ts'
import { watchDirectory } from '../../../src/directories/watched-directory.ts'
import { type DirectoryEntry, entryReading } from '../../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../../src/settings/check/directory.ts'
import { withTimeout } from '../../../src/timeout.ts'
import { leaveOutProcesses } from '../../support/child-processes.ts'
import { matchLists } from '../../support/match-lists.ts'
import { ldap } from '../../support/peers/ldap.ts'
import { mysql, packet } from '../../support/peers/mysql.ts'
import { type Change, type Conversation, type Peer, startPeer } from '../../support/peers/peer.ts'
import { int16, int32, message, postgres, text } from '../../support/peers/postgres.ts'
import { readableLog } from '../../support/readable-log.ts'

// Why: a pending question does not keep the process running.
const awake = setInterval(() => undefined, 1000)
t.teardown(() => clearInterval(awake))

const query = 'SELECT provider FROM customer WHERE domain = :domain'
const sql = { database: 'mail', query }
const ofLdap = { base: 'o=a', filter: '(o=:domain)', attributes: { domain: 'cn', provider: 'o' } }
const { block, parameter, key, columns } = entryReading

interface Opened {
  readonly directory: Directory<DirectoryEntry>
  readonly peer: Peer
  readonly lines: string[]
}

/** A directory that queries a peer, in a process that is restarted immediately. */
async function opened(
  t: Test,
  converse: () => Conversation,
  settings: Partial<DirectorySettings> & Pick<DirectorySettings, 'type'>,
  options: Partial<IsolationOptions> = {}
): Promise<Opened> {
  const peer = await startPeer(converse)
  const { logger, lines } = readableLog()
  const isolated = await isolateDirectory(
    {
      settings: { port: peer.port, timeoutMilliseconds: 1000, connections: 2, ...settings },
      columns: { block, parameter, key, columns },
      folder: '/',
      env: {}
    },
    { logger, pauseMs: { first: 1, max: 1, recovered: 0 }, ...options }
  )
  const directory = readDirectory(isolated, entryReading)
  t.teardown(async () => {
    await directory.close()
    await peer.close()
  })
  return { directory, peer, lines }
}

const codeOf = (answer: Promise<unknown>, milliseconds = 20_000) =>
  withTimeout(answer, milliseconds).then(
    () => 'answered',
    (error: { readonly code: string }) => error.code
  )

/** Repeats the question until there is an answer, or the test times out. */
async function recovers({ directory, peer }: Opened): Promise<string | undefined> {
  peer.change = bytes => bytes
  for (;;) {
    const found = await directory.find('a.example').catch(() => undefined)
    if (found !== undefined) return found.provider
    await sleep(20)
  }
}

/** Replaces a row, and sends nothing after it. */
const inPlaceOfRow = (bytes: Buffer): Change => {
  const silent = new WeakSet<Socket>()
  return (message, _number, socket) => {
    if (silent.has(socket)) return undefined
    if (message[0] !== 0x44) return message
    silent.add(socket)
    return bytes
  }
}

const malformed: Readonly<Record<string, Change>> = {
  'a DataRow that ends too early': inPlaceOfRow(message('D', int16(3), int32(-5))),
  'a DataRow with a negative number of columns': inPlaceOfRow(message('D', int16(-2))),
  'a message of length 0': inPlaceOfRow(Buffer.from([0x44, 0, 0, 0, 0])),
  'a notification without an end': inPlaceOfRow(message('A', int32(1), Buffer.from('signpost'))),
  'a notice without an end': inPlaceOfRow(message('N', Buffer.from('MABC'))),
  'an error without an end': inPlaceOfRow(message('E', Buffer.from('SERROR'))),
  'a row before it is described': bytes => (bytes[0] === 0x54 ? undefined : bytes),
  'a demand for COPY': inPlaceOfRow(message('G', Buffer.from([0]), int16(1), int16(0))),
  'an unknown method of authentication': bytes => (bytes[0] === 0x52 ? message('R', int32(99)) : bytes),
  'SASL without a mechanism': bytes => (bytes[0] === 0x52 ? message('R', int32(10), text('')) : bytes),
  'a continuation of SASL that was never begun': inPlaceOfRow(message('R', int32(11), text('r=a,s=b,i=1')))
}

t.test('isolation: no malformed message of PostgreSQL ends the service', async t => {
  leaveOutProcesses(t)
  const postgresql = await opened(t, postgres, { type: 'postgres', ...sql, timeoutMilliseconds: 300 }, { pingMs: 100 })
  t.equal(await recovers(postgresql), 'example')
  for (const [what, change] of Object.entries(malformed)) {
    postgresql.peer.change = change
    postgresql.peer.cut()
    await codeOf(postgresql.directory.find('jane.example'), 100)
    t.equal(await recovers(postgresql), 'example', `${what}: the next question is answered`)
  }
  t.notMatch(postgresql.lines.join(''), 'jane')
})

t.test('isolation: a driver that spins is killed, and another one answers', async t => {
  leaveOutProcesses(t)
  const spinning = await opened(t, postgres, { type: 'postgres', ...sql }, { pingMs: 100 })
  t.equal(await recovers(spinning), 'example')
  // Observed: pg-protocol 1.11 loops forever if the fields of a notice exceed the end of its message.
  spinning.peer.change = inPlaceOfRow(message('N', Buffer.from('SNOTICE')))
  t.equal(await codeOf(spinning.directory.find('a.example')), 'driver-stopped')
  t.equal(await recovers(spinning), 'example')
  t.ok((spinning.directory.restarts ?? 0) > 0)
  t.match(spinning.lines[0], /"block":"directory","code":"hung".*"a directory driver stopped; restarting it"/)
})

t.test('isolation: no malformed packet of MariaDB ends the service', async t => {
  leaveOutProcesses(t)
  const mariadb = await opened(t, mysql, { type: 'mysql', ...sql, timeoutMilliseconds: 300 }, { pingMs: 100 })
  t.equal(await recovers(mariadb), 'example')
  const huge = [0xfe, 255, 255, 255, 255, 255, 255, 255, 127]
  for (const [what, bytes] of Object.entries({
    nothing: packet(1),
    'a huge number of columns': packet(1, huge),
    'a column that ends too early': Buffer.concat([packet(1, [1]), packet(2, [3, 0x64])]),
    'a text of a huge length': Buffer.concat([packet(1, [1]), packet(2, huge)]),
    'a request for a file': packet(1, [0xfb], Buffer.from('/etc/passwd')),
    'an error without a number': packet(1, [0xff]),
    'another method of authentication': packet(2, [0xfe], Buffer.from('mysql_clear_password\0'))
  })) {
    for (const number of [0, 1, 2, 5, 9]) {
      mariadb.peer.cut()
      mariadb.peer.change = (message, at) => (at === number ? bytes : message)
      await codeOf(mariadb.directory.find('jane.example'), 50)
    }
    t.equal(await recovers(mariadb), 'example', what)
  }
  t.notMatch(mariadb.lines.join(''), 'jane')
})

t.test('isolation: no malformed message of LDAP ends the service', async t => {
  leaveOutProcesses(t)
  const slapd = await opened(t, ldap, { type: 'ldap', ...ofLdap, timeoutMilliseconds: 300 }, { pingMs: 100 })
  t.equal(await recovers(slapd), 'example')
  for (const hex of [
    '3000',
    '3080',
    '30840fffffff',
    '30ff',
    '3003020100',
    '3005020101ff00',
    '300c02010161070a010004000400'
  ]) {
    for (const number of [0, 1]) {
      slapd.peer.cut()
      slapd.peer.change = (message, at) => (at === number ? Buffer.from(hex, 'hex') : message)
      await codeOf(slapd.directory.find('jane.example'), 50)
    }
    t.equal(await recovers(slapd), 'example', hex)
  }
  t.notMatch(slapd.lines.join(''), 'jane')
})

t.test('isolation: an endless answer is cut off', async t => {
  for (const [type, converse, settings, endless] of [
    ['postgres', postgres, sql, message('D', int16(1), int32(60_000), Buffer.alloc(60_000))],
    ['mysql', mysql, sql, packet(1, Buffer.alloc(60_000))],
    ['ldap', ldap, ofLdap, Buffer.concat([Buffer.from('308400ffffff', 'hex'), Buffer.alloc(60_000)])]
  ] as const) {
    const flooded = await opened(t, converse, { type, ...settings, timeoutMilliseconds: 30_000 })
    t.equal(await recovers(flooded), 'example')
    let sent = 0
    flooded.peer.cut()
    flooded.peer.change = (_message, _number, socket) => {
      const flood = () => {
        while (socket.writable && sent < 1e9 && socket.write(endless)) sent += endless.length
      }
      if (socket.listenerCount('drain') === 0) socket.on('drain', flood)
      flood()
      return undefined
    }
    t.match(await codeOf(flooded.directory.find('a.example')), /^(answer-too-long|unknown|driver-stopped|[A-Z_]+)$/)
    t.ok(sent < 1e8, `${type}: ${sent} bytes`)
    t.equal(await recovers(flooded), 'example', type)
  }
})

t.test('isolation: a name whose answer is too long is unknown, and the directory stays available', async t => {
  // Each of these begins a message of many megabytes.
  for (const [type, converse, settings, isReplaced, beginning] of [
    ['postgres', postgres, sql, (bytes: Buffer) => bytes[0] === 0x44, Buffer.from([0x44, 0, 0xff, 0xff, 0xff])],
    ['mysql', mysql, sql, (bytes: Buffer) => bytes[3] === 5, Buffer.from([0xff, 0xff, 0x7f, 5])],
    ['ldap', ldap, ofLdap, () => true, Buffer.from('308400ffffff', 'hex')]
  ] as const) {
    const long = await opened(t, converse, { type, ...settings, timeoutMilliseconds: 20_000, connections: 1 })
    t.equal(await recovers(long), 'example')
    const { logger, lines } = readableLog()
    const watched = watchDirectory(long.directory, { block: 'directory', logger, timeoutMs: 20_000 })
    await watched.start()
    long.peer.change = (message, _number, socket) => {
      if (!isReplaced(message)) return message
      long.peer.change = each => each
      socket.write(beginning)
      return Buffer.alloc(maxAnswerBytes)
    }
    t.equal(await watched.find('a.example'), undefined, type)
    t.match(await watched.find('a.example'), { provider: 'example' }, 'the next answer comes over another connection')
    t.equal(watched.up, true)
    t.match(watched.queries, { failed: 0, refused: 1 })
    matchLists(t, lines, [/"code":"answer-too-long","domain":"a.example"/])
  }
})

t.test('isolation: changes are reported, however many a server announces', async t => {
  const changes: (string | undefined)[] = []
  const announcing = await opened(t, postgres, { type: 'postgres', ...sql, channel: 'signpost' })
  announcing.directory.watch?.(name => changes.push(name))
  const reportedBoth = async () => {
    while (!changes.includes('a.example') || !changes.includes(undefined)) await sleep(5)
  }
  await reportedBoth()
  t.same(new Set(changes), new Set([undefined, 'a.example']), 'any name may have changed before')
  changes.splice(0)
  announcing.peer.change = inPlaceOfRow(message('D', int16(-2)))
  await codeOf(announcing.directory.find('a.example'))
  await reportedBoth()
  t.pass('also by the next process')
})

t.test('isolation: an unsuitable query is reported with its explanation', async t => {
  const { directory, peer } = await opened(t, postgres, { type: 'postgres', ...sql })
  peer.change = bytes =>
    bytes[0] === 0x54 ? Buffer.from(bytes.toString('latin1').replace('domain', 'DOMAIM'), 'latin1') : bytes
  await t.rejects(directory.find('a.example'), {
    code: 'AC_DIRECTORY_UNFIT',
    message: /^directory.query returns a column "DOMAIM"/
  })
})

t.test('isolation: an unreadable entry is reported with its explanation', async t => {
  const { directory, peer } = await opened(t, ldap, { type: 'ldap', ...ofLdap })
  peer.change = bytes => Buffer.from(bytes.toString('latin1').replace('\x07example', '\x07exampl\xff'), 'latin1')
  t.match(await directory.find('a.example'), { problem: /bytes that are no text/ })
})

t.test('isolation: a process that cannot start does not affect the service', async t => {
  const script = new URL('./no-such-file.ts', import.meta.url)
  const { directory, lines } = await opened(
    t,
    ldap,
    { type: 'ldap', ...ofLdap },
    { script, pauseMs: { first: 60_000, max: 60_000, recovered: 60_000 } }
  )
  t.equal(await codeOf(directory.find('a.example')), 'driver-stopped')
  matchLists(t, lines, [/"code":"exit-1","waitMs":60000/])
})

t.test('isolation: a process that loses answers is replaced, and further questions are rejected', async t => {
  leaveOutProcesses(t)
  const lost = await opened(t, ldap, { type: 'ldap', ...ofLdap, timeoutMilliseconds: 60_000, connections: 1 })
  lost.peer.change = () => undefined
  const codes = Array.from({ length: 10_001 }, () => codeOf(lost.directory.find('a.example')))
  t.equal(await codes.at(-1), 'driver-stopped')
  await Promise.all(codes)
  t.equal(await recovers(lost), 'example')
})
