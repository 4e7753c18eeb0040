import { DatabaseSync } from 'node:sqlite'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { createAdmin } from '../../src/admin/admin.ts'
import { toLimits } from '../../src/settings/limits.ts'
import { administer, below, goodPairs, withKeys } from '../support/admin/administer.ts'
import { issue } from '../support/certificates.ts'
import { fixed } from '../support/fixed.ts'
import { matchLists } from '../support/match-lists.ts'
import { exampleSettings } from '../support/served-app.ts'

const ready = { statusCode: 200, ready: true, remarks: [] }

t.test('admin: /healthz and /readyz are 200 if all components are ready', async t => {
  for (const { admin, ready: asked } of [await administer(t), await administer(t, withKeys, goodPairs())]) {
    const { statusCode, headers, body } = await admin.inject('/healthz')
    t.same([statusCode, body], [200, '{"alive":true}\n'])
    t.match(headers, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    t.same(await asked(), ready)
  }
})

t.test('admin: /readyz is 200 with an invalid table, and has a remark', async t => {
  const { admin, ready: asked, put, metrics } = await administer(t)
  put('a.yaml', 'providers: 7\n')
  t.equal((await admin.inject({ method: 'POST', url: '/internal/reload' })).statusCode, 422)
  const remarks = ['the settings are invalid: the last good table stays in use']
  t.same(await asked(), { ...ready, remarks })
  t.equal((await metrics()).figureOf('signpost_settings_last_reload_successful'), 0)
  put('a.yaml', exampleSettings)
  await admin.inject({ method: 'POST', url: '/internal/reload' })
  t.same(await asked(), ready)
})

t.test('admin: /readyz is 503 if no certificate for https is valid, and names the invalid ones', async t => {
  const expired = below('a.example', -1)
  const { ready: asked } = await administer(t, withKeys, { ...goodPairs(), a: expired })
  t.same(await asked(), { ...ready, remarks: ['no valid certificate: a.example'] })
  const none = await administer(t, withKeys, { ...goodPairs(), a: expired, b: below('b.example', -1) })
  t.same(await none.ready(), { statusCode: 503, ready: false, remarks: ['no valid certificate: a.example, b.example'] })
})

t.test('admin: /readyz is 200 while profiles are refused, and has a remark', async t => {
  const { ready: asked } = await administer(t, withKeys, { ...goodPairs(), signing: below('s.example', -1) })
  t.same(await asked(), { ...ready, remarks: ['no valid certificate: profiles are refused'] })
})

t.test('admin: /readyz is 503 as soon as a stop is announced, and /healthz is still 200', async t => {
  const { admin, ready: asked, announceStop } = await administer(t)
  announceStop()
  t.same(await asked(), { statusCode: 503, ready: false, remarks: ['it is being stopped'] })
  t.equal((await admin.inject('/healthz')).statusCode, 200)
})

t.test('admin: POST /internal/reload reads the table and all keys, and returns its findings', async t => {
  const { app, admin, put, putPair, file, metrics, readLog } = await administer(t, withKeys, goodPairs())
  const reload = () => admin.inject({ method: 'POST', url: '/internal/reload', payload: 'whatever' })
  put('a.yaml', withKeys.replaceAll('imap.example.com', 'imap2.example.com'))
  const good = await reload()
  t.equal(good.statusCode, 200)
  const warnings = JSON.parse(good.body)
  t.equal(warnings.reloaded, true)
  t.same(
    warnings.findings.map(({ severity, path }: Record<string, string>) => [severity, path]),
    [
      'providers[1].domains[0]',
      ...['signing', 'http.tls.certificates[0]', 'http.tls.certificates[1]'].map(path => `${path}.certificate`)
    ].map(path => ['warning', path])
  )
  t.match((await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.com')).body, 'imap2.example.com')
  t.match(
    readLog(),
    /settings reloaded[\s\S]*profiles are signed[\s\S]*"names":\["a\.example"\].*https has a certificate/
  )

  putPair('b', { ...below('b.example', 50), keyPem: issue('x').keyPem })
  put('a.yaml', withKeys.replace('protocol: imap,', 'protocol: imaps,'))
  const bad = await reload()
  t.equal(bad.statusCode, 422)
  const { reloaded, findings } = JSON.parse(bad.body)
  t.equal(reloaded, false)
  matchLists(t, findings, [
    {
      severity: 'error',
      file,
      line: 10,
      column: 21,
      path: 'providers[0].servers[0].protocol',
      message: /^found "imaps"/
    },
    { severity: 'warning', path: 'providers[1].domains[0]' },
    { severity: 'warning', path: 'signing.certificate' },
    { severity: 'warning', path: 'http.tls.certificates[0].certificate' },
    { severity: 'error', path: 'http.tls.certificates[1].key', message: /fits no certificate/ }
  ])
  t.notMatch(bad.body, 'PRIVATE KEY')
  const { figureOf } = await metrics()
  t.same(
    ['ok', 'failed'].map(result => figureOf('signpost_reloads_total', { result })),
    [1, 1]
  )
})

t.test('admin: settings that need a restart are named by the response, the log and a metric', async t => {
  const { admin, put, readLog, metrics } = await administer(t)
  const reload = async () => JSON.parse((await admin.inject({ method: 'POST', url: '/internal/reload' })).body)
  const pending = async () => (await metrics()).figureOf('signpost_settings_pending_restart')
  t.same((await reload()).pendingRestart, [])
  t.equal(await pending(), 0)
  readLog()
  put('a.yaml', `mxLookup: {}\nlog: { format: json }\nlimits: { bodyBytes: 1024 }\n${exampleSettings}`)
  t.same((await reload()).pendingRestart, ['log.format', 'mxLookup'])
  t.equal(await pending(), 2)
  t.match(
    readLog(),
    /"level":"warn".*"settings":\["log.format","mxLookup"\].*changed settings take effect only at a restart/
  )
  put('a.yaml', exampleSettings)
  t.same((await reload()).pendingRestart, [])
  t.equal(await pending(), 0)
  t.notMatch(readLog(), 'take effect only at a restart')
})

t.test('admin: a reload applies what is logged, without a restart', async t => {
  const { app, admin, put, readLog } = await administer(t)
  const headers = { host: 'autoconfig.example.com' }
  const logged = async () => {
    readLog()
    await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@example.com', headers })
    return readLog()
  }
  const logAs = async (log: string) => {
    put('a.yaml', `log: ${log}\n${exampleSettings}`)
    await admin.inject({ method: 'POST', url: '/internal/reload' })
    return await logged()
  }
  t.match(await logged(), '"dialect":"thunderbird"')
  t.equal(await logAs('{ requests: false }'), '')
  t.match(await logAs('{ clientAddress: full }'), '"clientAddress":"127.0.0.1"')
  t.equal(await logAs('{ level: error }'), '')
  t.match(await logAs('{}'), '"dialect":"thunderbird"')
})

t.test('admin: two hundred simultaneous reload requests cause two reloads, and all are answered', async t => {
  const { admin, metrics } = await administer(t)
  const reload = () => admin.inject({ method: 'POST', url: '/internal/reload' })
  const answers = await Promise.all(Array.from({ length: 200 }, reload))
  t.ok(answers.every(({ statusCode, body }) => statusCode === 200 && JSON.parse(body).reloaded === true))
  t.equal((await metrics()).figureOf('signpost_reloads_total', { result: 'ok' }), 2)
})

t.test('admin: a web page cannot request a reload', async t => {
  const { admin, metrics } = await administer(t)
  const headers = { origin: 'https://attacker.example' }
  const { statusCode, body } = await admin.inject({ method: 'POST', url: '/internal/reload', headers })
  t.same([statusCode, body], [403, 'Web pages must not call this. [AC_CROSS_ORIGIN]\n'])
  t.equal((await metrics()).figureOf('signpost_reloads_total', { result: 'ok' }), 0)
})

t.test('admin: other methods are 405 with Allow, other paths 404, and nothing is reflected', async t => {
  const { admin } = await administer(t)
  for (const [method, url, allow] of [
    ['GET', '/internal/reload', 'POST, OPTIONS'],
    ['DELETE', '/internal/reload', 'POST, OPTIONS'],
    ['POST', '/metrics', 'GET, HEAD, OPTIONS'],
    ['PUT', '/readyz', 'GET, HEAD, OPTIONS']
  ] as const) {
    const answer = await admin.inject({ method, url })
    t.same([answer.statusCode, answer.headers.allow], [405, allow], `${method} ${url}`)
  }
  t.equal((await admin.inject({ method: 'OPTIONS', url: '/metrics' })).statusCode, 204)
  const { statusCode, body } = await admin.inject('/secret<x>?y')
  t.same([statusCode, body], [404, 'Nothing is served here. [AC_NOT_FOUND]\n'])
})

t.test('admin: none of its paths exists on the public listener', async t => {
  const { app } = await administer(t)
  const names = ['', 'reload', 'tls-ask', 'profile', 'qr', 'openapi.json']
  const internal = names.map(name => `/internal/${name}`)
  for (const method of ['GET', 'POST'] as const) {
    for (const url of ['/healthz', '/readyz', '/metrics', ...internal]) {
      t.equal((await app.inject({ method, url })).statusCode, 404, `${method} ${url}`)
    }
  }
})

t.test('metrics: dropped log lines are counted', async t => {
  const { metrics } = await administer(t)
  t.equal((await metrics()).figureOf('signpost_log_lines_dropped_total'), 3)
})

t.test('metrics: requests by dialect, outcome and client, their durations, and no address', async t => {
  const { app, admin, metrics } = await administer(t)
  const headers = { host: 'autoconfig.example.com', 'user-agent': 'curl/8.5.0' }
  const ask = (url: string) => app.inject({ url, headers })
  for (let count = 0; count < 3; count++) await ask('/mail/config-v1.1.xml?emailaddress=s3cret@example.com')
  await ask('/email.mobileconfig?email=s3cret@example.com')
  await ask('/s3cret')
  const { body, headers: received } = await admin.inject('/metrics')
  t.equal(received['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  t.notMatch(body, 's3cret')
  t.notMatch(body, 'example.com')
  const { figureOf } = await metrics()
  const labels = { dialect: 'thunderbird', outcome: 'answered', client: 'curl' }
  t.equal(figureOf('signpost_requests_total', labels), 3)
  t.equal(figureOf('signpost_requests_total', { ...labels, dialect: 'apple' }), 1)
  t.equal(figureOf('signpost_requests_total', { ...labels, dialect: 'none', outcome: 'not-served' }), 1)
  const dialect = { dialect: 'thunderbird' }
  t.equal(figureOf('signpost_request_duration_seconds_count', dialect), 3)
  t.equal(figureOf('signpost_request_duration_seconds_bucket', { ...dialect, le: '+Inf' }), 3)
  const sum = figureOf('signpost_request_duration_seconds_sum', dialect) ?? 0
  t.ok(sum > 0 && sum < 10)
})

t.test('metrics: version, settings, providers and expiry dates of certificates', async t => {
  const started = Date.now() / 1000
  const { metrics } = await administer(t, withKeys, { ...goodPairs(), signing: below('a.example', -1) })
  const { figureOf } = await metrics()
  t.equal(figureOf('signpost_build_info', { version: '0.2.0', node: process.version }), 1)
  t.equal(figureOf('signpost_providers'), 2)
  t.equal(figureOf('signpost_settings_last_reload_successful'), 1)
  const loaded = figureOf('signpost_settings_loaded_timestamp_seconds') ?? 0
  t.ok(loaded >= started - 1 && loaded <= Date.now() / 1000)
  for (const [use, name, days] of [
    ['tls', 'a.example', 60],
    ['tls', 'b.example', 50],
    ['signing', 'a.example', -1]
  ] as const) {
    const at = figureOf('signpost_certificate_expiry_timestamp_seconds', { use, name }) ?? 0
    t.ok(Math.abs(at - started - days * 86_400) < 3600, `${use} ${name}: ${at}`)
  }
})

t.test('metrics: if two certificates have the same name, the one that expires first is shown', async t => {
  for (const [a, b] of [
    [60, 20],
    [20, 60]
  ] as const) {
    const pairs = { ...goodPairs(), a: below('a.example', a), b: below('a.example', b) }
    const { figureOf } = await (await administer(t, withKeys, pairs)).metrics()
    const at = figureOf('signpost_certificate_expiry_timestamp_seconds', { use: 'tls', name: 'a.example' }) ?? 0
    t.ok(Math.abs(at - Date.now() / 1000 - 20 * 86_400) < 3600)
  }
})

t.test('metrics: names and labels follow the conventions of Prometheus', async t => {
  const { app, metrics } = await administer(t, withKeys, goodPairs())
  await app.inject('/mail/config-v1.1.xml')
  const { samples, types } = await metrics()
  const own = samples.filter(({ name }) => name.startsWith('signpost_'))
  t.ok(own.length > 20)
  t.equal(new Set(samples.map(({ name, labels }) => JSON.stringify([name, labels]))).size, samples.length, 'none twice')
  for (const { name, labels, value } of own) {
    t.match(name, /^signpost_[a-z_]+$/)
    t.ok(Object.keys(labels).every(label => /^[a-z]+$/.test(label)))
    t.ok(Number.isFinite(value))
  }
  for (const [name, type] of types) {
    if (name.startsWith('signpost_')) t.equal(type === 'counter', name.endsWith('_total'), name)
  }
})

t.test('admin: readiness and metrics of a directory: availability, queries, cached domains', async t => {
  const query = 'SELECT domain, provider FROM customer WHERE domain = :domain'
  const directory = `directory: { type: sqlite, file: domains.sqlite, query: "${query}" }`
  const { app, ready: asked, metrics, file } = await administer(t, `${directory}\n${exampleSettings}`)
  const ask = async (domain: string) => (await app.inject(`/mail/config-v1.1.xml?emailaddress=a@${domain}`)).statusCode
  t.equal(await ask('kunde.example'), 503)
  t.same(await asked(), { statusCode: 503, ready: false, remarks: ['the directory does not answer'] })
  const database = new DatabaseSync(file.replace('a.yaml', 'domains.sqlite'))
  database.exec("CREATE TABLE customer (domain, provider); INSERT INTO customer VALUES ('kunde.example', 'example')")
  database.close()
  for (const domain of ['kunde.example', 'kunde.example', 'none.example', 'none.example']) await ask(domain)
  t.same(await asked(), ready)
  const { figureOf } = await metrics()
  t.equal(figureOf('signpost_directory_up'), 1)
  t.equal(figureOf('signpost_directory_queries_total', { result: 'failed' }), 1)
  // Why two: if the domain is not found, the requested host, localhost, is looked up.
  for (const [result, count] of Object.entries({ hit: 1, miss: 3, error: 1, stale: 0, negative: 2 })) {
    t.equal(figureOf('signpost_directory_lookups_total', { result }), count, result)
  }
  t.equal(figureOf('signpost_directory_kept_domains', { kind: 'known' }), 1)
})

t.test('admin: readiness and metrics of users do not reveal how many addresses exist', async t => {
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const users = `users: { type: sqlite, file: users.sqlite, query: "${query}", unknown: nobody }`
  const { app, ready: asked, metrics, file } = await administer(t, `${users}\n${exampleSettings}`)
  const ask = async (name: string) => (await app.inject(`/api/settings?email=${name}@example.com`)).statusCode
  t.equal(await ask('jane'), 503)
  t.same(await asked(), { statusCode: 503, ready: false, remarks: ['the directory of users does not answer'] })
  const database = new DatabaseSync(file.replace('a.yaml', 'users.sqlite'))
  database.exec("CREATE TABLE mailbox (address, login); INSERT INTO mailbox VALUES ('jane@example.com', 'u1')")
  database.close()
  for (const name of ['jane', 'john', 'jane', 'john']) t.equal(await ask(name), 200)
  t.same(await asked(), ready)
  const { figureOf } = await metrics()
  t.equal(figureOf('signpost_users_up'), 1)
  t.equal(figureOf('signpost_users_queries_total', { result: 'failed' }), 1)
  for (const [result, count] of Object.entries({ answered: 4, error: 1 })) {
    t.equal(figureOf('signpost_users_lookups_total', { result }), count, result)
  }
})

t.test('admin: malformed and failing requests get constant responses', async t => {
  const { admin } = await administer(t)
  t.same(await answerTo(admin, { url: '/%zz<script>' }), [
    400,
    'The request could not be understood. [AC_BAD_REQUEST]\n'
  ])
  const payload = 'x'.repeat(17_000)
  t.same(await answerTo(admin, { method: 'POST', url: '/internal/reload', payload }), [
    413,
    'The request body is longer than 16384 bytes. [AC_BODY_TOO_LARGE]\n'
  ])
  const failing = createAdmin({
    metrics: { contentType: '', text: () => Promise.reject(new Error('secret')), ofProcess: async () => [] },
    readiness: [],
    reloader: { reload: async () => [], pendingRestart: [] },
    tlsAsk: { answer: async () => 'not-served' },
    portal: { source: { find: () => undefined }, sign: document => document },
    limitsOf: fixed(toLimits())
  })
  t.teardown(() => failing.close())
  t.same(await answerTo(failing, { url: '/metrics' }), [
    500,
    'Internal error; your request was not at fault. [AC_INTERNAL]\n'
  ])
})

async function answerTo(admin: FastifyInstance, request: InjectOptions): Promise<[number, string]> {
  const { statusCode, body } = await admin.inject(request)
  return [statusCode, body]
}
