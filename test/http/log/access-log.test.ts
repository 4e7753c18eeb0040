import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { createAccessLog, createLogger } from '../../../src/http/log/access-log.ts'
import { matchLists } from '../../support/match-lists.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { exampleSettings, type ServedApp, serveApp } from '../../support/served-app.ts'

const autoconfig = '/mail/config-v1.1.xml'
const autodiscover = '/autodiscover/autodiscover.xml'
const profile = '/email.mobileconfig'

/** @returns the only line of the log */
function readLine({ readLog }: ServedApp) {
  const text = readLog()
  if (!/^\{.*\}\n$/.test(text)) throw new Error(`expected one line, found ${JSON.stringify(text)}`)
  return JSON.parse(text)
}

t.test('log: each request has one line with dialect, domain, outcome, client and duration', async t => {
  const served = serveApp(t)
  const { app } = served
  const host = 'autoconfig.example.com'
  const thunderbird = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.5.0'
  const plain = { host: 'autodiscover.example.com', 'x-forwarded-proto': 'http' }
  for (const [request, line] of [
    [
      { url: `${autoconfig}?emailaddress=jane@example.com`, headers: { host, 'user-agent': thunderbird } },
      { dialect: 'thunderbird', domain: 'example.com', outcome: 'answered', client: 'thunderbird' }
    ],
    [
      { method: 'HEAD', url: autoconfig, headers: { host: 'a.customers.example', 'user-agent': '' } },
      { dialect: 'thunderbird', domain: 'a.customers.example', outcome: 'answered', client: 'none' }
    ],
    [
      { url: autoconfig, headers: { host: 'other.example' } },
      { dialect: 'thunderbird', domain: 'other.example', outcome: 'not-served', client: 'other' }
    ],
    [
      { url: `${autoconfig}?emailaddress=jane@asked.example`, headers: { host: 'other.example' } },
      { dialect: 'thunderbird', domain: 'asked.example', outcome: 'not-served' }
    ],
    [
      { method: 'OPTIONS', url: autoconfig, headers: { host } },
      { dialect: 'thunderbird', domain: host, outcome: 'answered' }
    ],
    [
      { method: 'PUT', url: autoconfig, headers: { host } },
      { dialect: 'thunderbird', domain: host, outcome: 'refused' }
    ],
    [
      { method: 'POST', url: autodiscover, payload: poxRequest('jane@example.com') },
      { dialect: 'outlook', domain: 'example.com', outcome: 'answered' }
    ],
    [
      { url: autodiscover, headers: { host: 'autodiscover.example.com' } },
      { dialect: 'outlook', domain: 'example.com', outcome: 'answered' }
    ],
    [
      { method: 'POST', url: autodiscover, payload: poxRequest('jane@other.example') },
      { dialect: 'outlook', domain: 'other.example', outcome: 'not-served' }
    ],
    [
      { method: 'POST', url: autodiscover, payload: '', headers: { host: 'other.example' } },
      { dialect: 'outlook', domain: 'other.example', outcome: 'refused' }
    ],
    [
      { url: autodiscover, headers: plain },
      { dialect: 'outlook', domain: 'example.com', outcome: 'redirected' }
    ],
    [
      { method: 'POST', url: autodiscover, payload: poxRequest('jane@asked.example'), headers: plain },
      { dialect: 'outlook', domain: 'asked.example', outcome: 'redirected' }
    ],
    [
      { url: `${profile}?email=jane@asked.example`, headers: plain },
      { dialect: 'apple', domain: 'asked.example', outcome: 'redirected' }
    ],
    [{ url: `${profile}?email=jane@example.com` }, { dialect: 'apple', domain: 'example.com', outcome: 'answered' }],
    [
      { url: profile, headers: { host: 'other.example' } },
      { dialect: 'apple', domain: 'other.example', outcome: 'refused' }
    ],
    [
      { url: `${profile}?email=jane@a.customers.example` },
      { dialect: 'apple', domain: 'a.customers.example', outcome: 'not-served' }
    ],
    [
      { url: '/nowhere', headers: { host } },
      { dialect: 'none', domain: host, outcome: 'not-served' }
    ],
    [
      { url: '/%zz', headers: { host } },
      { dialect: 'none', domain: host, outcome: 'not-served' }
    ],
    [
      { method: 'POST', url: autodiscover, payload: ' '.repeat(20_000), headers: { host } },
      { dialect: 'none', domain: host, outcome: 'refused' }
    ],
    [
      { method: 'QUERY', url: autoconfig, headers: { host } },
      { dialect: 'thunderbird', domain: host, outcome: 'refused' }
    ],
    [
      { url: '/nowhere', headers: { host: '[::1]:8080' } },
      { dialect: 'none', domain: undefined, outcome: 'not-served' }
    ]
  ] as const) {
    const { statusCode } = await app.inject(request)
    const { level, time, ms, ...rest } = readLine(served)
    t.equal(level, 'info')
    t.equal(rest.status, statusCode)
    t.ok(Math.abs(Date.now() - Date.parse(time)) < 10_000)
    t.ok(ms >= 0 && ms < 10_000)
    t.match(rest, line, `${request.url}`)
    t.same(
      Object.keys(rest),
      ['dialect', 'outcome', 'status', 'client', 'domain'].filter(key => rest[key] !== undefined)
    )
  }
})

t.test('log: has no address, local part, query, credential or name, in any dialect and form', async t => {
  const served = serveApp(t)
  const { app } = served
  // Why so long: a short one could be in the log by chance.
  const secret = fc.string({
    unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyz0123456789.+_-'),
    minLength: 8,
    maxLength: 40
  })
  const domain = fc.constantFrom('@example.com', '@bücher.example', '@EXAMPLE.com', '@other.example', '@', '')
  const host = fc.constantFrom('example.com', 'autoconfig.a.customers.example', 'other.example', '')
  const request = fc.record({ secret, domain, host, scheme: fc.constantFrom('http', 'https') })
  await fc.assert(
    fc.asyncProperty(request, async ({ secret, domain, host, scheme }) => {
      const address = `${secret}${domain}`
      const encoded = encodeURIComponent(address)
      const headers = {
        host,
        'x-forwarded-proto': scheme,
        authorization: `Basic ${Buffer.from(`${address}:${secret}`).toString('base64')}`,
        cookie: `name=${secret}`,
        from: encoded,
        referer: `https://example.com/?email=${encoded}`,
        'user-agent': `Evolution/${secret}`,
        'x-forwarded-for': secret,
        'x-anchormailbox': encoded
      }
      for (const request of [
        { url: `${autoconfig}?emailaddress=${encoded}` },
        { url: `${autoconfig}?emailaddress=${address}&name=${secret}` },
        { method: 'OPTIONS', url: `${autoconfig}?emailaddress=${encoded}` },
        { method: 'DELETE', url: `${autoconfig}?emailaddress=${encoded}` },
        { url: `${autodiscover}?Email=${encoded}` },
        { method: 'POST', url: autodiscover, payload: poxRequest(address) },
        { method: 'POST', url: autodiscover, payload: poxRequest(address, secret) },
        { method: 'POST', url: autodiscover, payload: address },
        { method: 'POST', url: autodiscover, payload: address.repeat(2_000) },
        { url: `${profile}?email=${encoded}&name=${secret}` },
        { url: `/mobileconfig?emailaddress=${encoded}` },
        { url: `/autodiscover/autodiscover.json/v1.0/${encoded}?Protocol=ActiveSync` },
        { url: `/%zz/${encoded}` },
        { url: `https://${encoded}@example.com/${encoded}` }
      ] as const) {
        await app.inject({ ...request, headers })
        const line = JSON.stringify(readLine(served))
        if (line.toLowerCase().includes(secret)) throw new Error(`${request.url}: ${line}`)
      }
    }),
    { numRuns: 60 }
  )
})

t.test('log: requests cannot forge a line or a field', async t => {
  const served = serveApp(t)
  const forged = '"}\r\n{"forged":true,"x":"'
  for (const text of [forged, '\n', '\u2028', '\\', '","forged":"true', '\ud800', '\u0000', '\u001b[31m']) {
    const encoded = encodeURIComponent(text.toWellFormed())
    for (const request of [
      { url: `${autoconfig}?emailaddress=jane@${encoded}.example` },
      { url: `${autoconfig}?emailaddress=${encoded}@example.com` },
      { url: `${profile}?email=jane@${encoded}&name=${encoded}` },
      { url: `/${encoded}` },
      { method: 'POST', url: autodiscover, payload: poxRequest(`jane@${text}`) },
      { method: 'POST', url: autodiscover, payload: text }
    ] as const) {
      for (const host of ['example.com', `${text}.example`, 'bücher.example']) {
        await served.app.inject({ ...request, headers: { host, 'user-agent': text } })
        const line = readLine(served)
        t.notOk('forged' in line)
        t.match(line.domain ?? 'none', /^[a-z0-9.-]+$/)
      }
    }
  }
})

t.test('log: log.requests false omits requests, and log.level omits lower levels', async t => {
  for (const log of ['{ requests: false }', '{ level: warn }', '{ level: silent }']) {
    const { app, readLog } = serveApp(t, `log: ${log}\n${exampleSettings}`)
    await app.inject({ url: autoconfig, headers: { host: 'example.com' } })
    await app.inject('/')
    t.equal(readLog(), '', log)
  }
  const served = serveApp(t, `log: { level: debug, requests: true }\n${exampleSettings}`)
  await served.app.inject({ url: autoconfig, headers: { host: 'example.com' } })
  t.equal(readLine(served).outcome, 'answered')
})

t.test('log: memory is bounded for any number of domains', async t => {
  const lines: string[] = []
  const access = createAccessLog(createLogger({}, { write: line => lines.push(line) }), {})
  const log = (count: number, name: string) => {
    for (let at = 0; at < count; at++) {
      const domain = `${name}${at}.${'x'.repeat(200)}.example`
      lines.length = 0
      access({ dialect: 'none', domain, outcome: 'not-served', status: 404, client: 'other' }, performance.now())
    }
    matchLists(t, lines, [`"domain":"${name}${count - 1}.x`])
  }
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const used = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  log(2_000, 'a')
  const before = used()
  log(20_000, 'b')
  t.ok(used() - before < 8 * 1024 * 1024, `${used() - before} bytes more`)
})

t.test('logger: warns when the log stream has dropped lines for the first time', async t => {
  const lines: string[] = []
  let report: () => void = () => undefined
  createLogger(
    {},
    {
      write: line => lines.push(line),
      onFirstDrop(listener) {
        report = listener
      }
    }
  )
  t.same(lines, [])
  report()
  matchLists(t, lines, [/"level":"warn".*log lines were dropped/])
})
