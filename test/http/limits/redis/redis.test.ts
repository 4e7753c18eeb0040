import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import t, { type Test } from 'tap'
import { openRedis, type RedisOptions, redisScript } from '../../../../src/http/limits/redis/redis.ts'
import { parseRedisUrl } from '../../../../src/settings/redis-url.ts'
import { issue } from '../../../support/certificates.ts'
import { startPeer } from '../../../support/peers/peer.ts'
import { redisPeer } from '../../../support/peers/redis.ts'
import { readableLog } from '../../../support/readable-log.ts'

const lua = 'return {1, 1}'
const script = redisScript(lua)

type Counted = readonly [Error | null, unknown]

/** A counter that uses the server, and its log. */
async function opened(t: Test, url = 'redis://127.0.0.1', options: Partial<RedisOptions> = {}) {
  const { commands, converse } = redisPeer()
  const peer = await startPeer(converse)
  const place = parseRedisUrl(url)
  if (place === undefined) throw new Error('no URL')
  const { logger, lines } = readableLog()
  const redisCounts = { isUp: undefined as boolean | undefined, failed: 0 }
  const redis = openRedis({ ...place, port: peer.port }, { logger, redisCounts, ...options })
  t.teardown(async () => {
    redis.close()
    await peer.close()
  })
  const count = (key = 'jane') =>
    redis.run(script, { keys: [key], args: ['60000'] }).then(
      (reply): Counted => [null, reply],
      (error): Counted => [error, undefined]
    )
  const until = async (isUp: boolean) => {
    while (redisCounts.isUp !== isUp) await sleep(2)
  }
  return { redis, peer, commands, lines, redisCounts, count, until }
}

const codeOf = ([error]: Counted) => (error as { readonly code?: string } | null)?.code

t.test('redis: logs in, selects its database, checks its permissions, and counts with a script', async t => {
  const { count, until, commands } = await opened(t, 'redis://user%20a:secret@127.0.0.1/3')
  await until(true)
  t.same(await count(), [null, [1, 60_000]])
  t.same(await count(), [null, [2, 60_000]])
  t.same(
    commands.map(words => words.slice(0, 3)),
    [
      ['AUTH', 'user a', 'secret'],
      ['SELECT', '3'],
      ['EVAL', "return redis.call('SET', KEYS[1], '1', 'PX', '1000')", '1'],
      ['EVALSHA', commands[3]?.[1], '1'],
      ['EVALSHA', commands[3]?.[1], '1']
    ]
  )
})

t.test('redis: a password from a file or the environment overrides that in the URL', async t => {
  const { until, commands } = await opened(t, 'redis://:old@127.0.0.1', { redisPassword: () => 'new' })
  await until(true)
  t.same(commands[0], ['AUTH', 'new'])
})

t.test('redis: a script that is unknown to the server is sent in full', async t => {
  const { count, until, commands, peer } = await opened(t)
  await until(true)
  peer.change = message => {
    const isKnown = commands.at(-1)?.[0] !== 'EVALSHA'
    return Buffer.from(isKnown ? '*2\r\n:5\r\n:7\r\n' : message.length > 0 ? '-NOSCRIPT no\r\n' : '')
  }
  t.same(await count(), [null, [5, 7]])
  t.same(commands.at(-1), ['EVAL', lua, '1', 'jane', '60000'])
})

t.test('redis: if it hangs, a few requests wait a quarter of a second, and later ones do not wait', async t => {
  const { count, until, peer, lines, redisCounts } = await opened(t)
  await until(true)
  peer.change = () => undefined
  for (let turn = 0; turn < 3; turn++) t.equal(codeOf(await count()), 'ETIMEDOUT')
  t.equal(redisCounts.isUp, false)
  for (let turn = 0; turn < 100; turn++) t.equal(codeOf(await count()), 'away')
  t.equal(redisCounts.failed, 3)
  await sleep(700)
  t.equal(lines.length, 1, 'it is logged once')
  t.match(
    lines[0],
    /"level":"warn".*"code":"ETIMEDOUT","msg":"the Redis of limits.rate is away: clients are counted here alone"/
  )
  peer.change = message => message
  await until(true)
  t.match(lines[1], 'the Redis of limits.rate is back')
  t.equal(codeOf(await count()), undefined)
  t.notMatch(lines.join(''), 'jane')
})

t.test('redis: a late reply is not mistaken for the next one', async t => {
  const { count, until, peer } = await opened(t)
  await until(true)
  peer.change = (message, _number, socket) => {
    setTimeout(() => socket.write(message), 300)
    return undefined
  }
  t.equal(codeOf(await count('late')), 'ETIMEDOUT')
  peer.change = message => message
  t.same(await count('next'), [null, [1, 60_000]])
  t.same(await count('next'), [null, [2, 60_000]])
})

t.test('redis: no data from a server ends the service', async t => {
  for (const bytes of [
    '$-5\r\n',
    '*2\r\n:1\r\n',
    '*2\r\n:1\r\n$1\r\nx\r\n',
    '*-1\r\n',
    '-ERR jane\r\n',
    '-LOADING\r\n',
    ':1\r\n:2\r\n:3\r\n',
    '*30000000\r\n',
    '\0'.repeat(5000),
    ''
  ]) {
    const pauseMs = { first: 1, most: 1, recovered: 0 }
    const { count, until, peer, lines } = await opened(t, undefined, { pauseMs })
    await until(true)
    peer.change = (_message, _number, socket) => {
      if (bytes === '') socket.destroy()
      return Buffer.from(bytes)
    }
    for (let turn = 0; turn < 3; turn++) t.type((await count())[0], Error, JSON.stringify(bytes.slice(0, 20)))
    peer.change = message => message
    await until(true)
    while (codeOf(await count()) !== undefined) await sleep(5)
    t.notMatch(lines.join(''), 'jane')
  }
})

t.test('redis: unexpected replies end the connection', async t => {
  const { until, peer, count } = await opened(t)
  await until(true)
  let isOnce = true
  peer.change = message => {
    const more = isOnce ? [message, Buffer.from('+OK\r\n')] : [message]
    isOnce = false
    return Buffer.concat(more)
  }
  t.same(await count(), [null, [1, 60_000]])
  await until(false)
  await until(true)
})

t.test('redis: a connection that ends between a script and its text is not used again', async t => {
  const { count, until, peer } = await opened(t)
  await until(true)
  peer.change = () => Buffer.from('-NOSCRIPT no\r\n+OK\r\n')
  t.equal(codeOf(await count()), 'malformed-reply')
})

t.test('redis: while too many commands wait, no more are sent', async t => {
  const { count, until, peer } = await opened(t)
  await until(true)
  peer.change = () => undefined
  const all = await Promise.all(Array.from({ length: 1001 }, () => count()))
  t.equal(all.filter(error => codeOf(error) === 'too-many-waiting').length, 1)
})

t.test('redis: a server that refuses the password or writing counts as unavailable', async t => {
  for (const [url, reply, code] of [
    ['redis://:wrong@127.0.0.1', '-WRONGPASS invalid username-password pair\r\n', 'WRONGPASS'],
    ['redis://127.0.0.1', "-READONLY You can't write against a read only replica.\r\n", 'READONLY']
  ] as const) {
    const { peer, until, lines } = await opened(t, url)
    peer.change = () => Buffer.from(reply)
    await until(false)
    await sleep(250)
    t.equal(lines.length, 1)
    t.match(lines[0], `"code":"${code}"`)
    t.notMatch(lines[0], 'wrong@')
  }
})

t.test('redis: uses TLS with a trusted certificate', async t => {
  const { pem: cert, keyPem: key } = issue('localhost', { hosts: ['localhost'] })
  const server = createTlsServer({ cert, key }, socket => socket.on('error', () => undefined)).listen(0)
  server.on('tlsClientError', () => undefined)
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const host of ['localhost', '127.0.0.1']) {
    const { logger, lines } = readableLog()
    const place = parseRedisUrl(`rediss://${host}:${port}`)
    const redis = place && openRedis(place, { logger })
    while (lines.length === 0) await sleep(5)
    redis?.close()
    t.match(
      lines[0],
      /"code":"(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)"/
    )
  }
})

t.test('redis: an unreachable server is retried, until the counter is closed', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const { logger, lines } = readableLog()
  const place = parseRedisUrl(`redis://127.0.0.1:${port}`)
  const redis = place && openRedis(place, { logger })
  while (lines.length === 0) await sleep(5)
  redis?.close()
  await sleep(150)
  t.equal(lines.length, 1)
  t.match(lines[0], '"code":"ECONNREFUSED"')
})
