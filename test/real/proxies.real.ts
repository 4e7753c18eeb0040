// Every dialect through each proxy in config/: clients receive Signpost's response unchanged, on http and on https.

import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { poxRequest } from '../support/pox-request.ts'
import { createAuthority } from './certificate-authority.ts'
import { startDnsStub } from './dns-stub.ts'
import { shippedProxies } from './shipped-proxy.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'

interface CaseRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PROPFIND'
  readonly host: string
  readonly path: string
  readonly body?: string
  /** The target is written in absolute form. */
  readonly absolute?: boolean
}

interface Expected {
  readonly http: number
  readonly https: number
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

const both = { http: 200, https: 200 }
const onlyHttps = { http: 302, https: 200 }

const cases: readonly (CaseRequest & { readonly expected: Expected })[] = [
  get('autoconfig.example.com', '/mail/config-v1.1.xml?emailaddress=jane%40example.com', both),
  get('autoconfig.example.com', '/.well-known/autoconfig/mail/config-v1.1.xml', both),
  get('autoconfig.example.com', '/.well-known/mail-v1.xml', both),
  get('autoconfig.example.com', '/v1.1/example.com', both),
  { ...get('autoconfig.example.com', '/mail/config-v1.1.xml', both), method: 'HEAD' },
  { ...get('autoconfig.example.com', '/mail/config-v1.1.xml', both), absolute: true },
  {
    method: 'POST',
    host: 'autodiscover.example.com',
    path: '/AutoDiscover/AutoDiscover.xml',
    body: poxRequest('jane@example.com'),
    expected: onlyHttps
  },
  get('autodiscover.example.com', '/autodiscover/autodiscover.xml', onlyHttps),
  get(
    'autodiscover.example.com',
    '/autodiscover/autodiscover.json?Email=jane%40example.com&Protocol=AutodiscoverV1',
    onlyHttps
  ),
  get(
    'autodiscover.example.com',
    '/autodiscover/autodiscover.json/v1.0/jane%40example.com?Protocol=AutodiscoverV1',
    onlyHttps
  ),
  get('autoconfig.example.com', '/email.mobileconfig?email=jane%2Btag%40example.com', onlyHttps),
  get('ua-auto-config.example.com', '/.well-known/user-agent-configuration.json', onlyHttps),
  get('autoconfig.example.com', '/.well-known/caldav', { http: 307, https: 307 }),
  { ...get('autoconfig.example.com', '/.well-known/carddav', { http: 307, https: 307 }), method: 'PROPFIND' },
  get('autoconfig.example.com', '/.well-known/jmap', { http: 307, https: 307 }),
  get('autoconfig.example.com', '/api/settings?email=jane%40example.com', onlyHttps),
  get('autoconfig.example.com', '/autodiscover/exchange.svc', { http: 404, https: 404 })
]

const directory = await mkdtemp(join(tmpdir(), 'proxies-'))
await chmod(directory, 0o755)
const hosts = ['autoconfig', 'autodiscover', 'ua-auto-config', 'signpost'].map(name => `${name}.example.com`)
const dns = await startDnsStub({ hosts })
const authority = await createAuthority(join(directory, 'authority'))
const certificate = await authority.issue(hosts)
const ca = await readFile(authority.root)
const signpost = await startSignpost(join(directory, 'signpost'), 'test/real/settings/proxies.yaml')
t.teardown(async () => {
  await signpost.stop()
  dns.stop()
  await rm(directory, { recursive: true, maxRetries: 5 })
})

for (const proxy of shippedProxies) {
  t.test(`${proxy.name}: config/${proxy.file} passes every dialect on, over http and https`, async t => {
    const running = await proxy.start(join(directory, proxy.name), certificate)
    t.teardown(() => running.stop())
    for (const { expected, ...request } of cases) {
      for (const scheme of ['http', 'https'] as const) {
        const title = `${request.method} ${scheme}://${request.host}${request.path}${request.absolute ? ' in absolute form' : ''}`
        const direct = await ask(`http://${SIGNPOST_ADDRESS}`, request, { 'x-forwarded-proto': scheme })
        const passed = await ask(`${scheme}://${request.host}`, request)
        t.equal(passed.status, expected[scheme], title)
        t.strictSame(relevantParts(passed), relevantParts(direct), `${title}: the response of Signpost`)
      }
    }
    await running.stop()
    t.same(await filesWithAddresses(join(directory, proxy.name)), [], 'no log contains an address')
  })
}

/** @returns the logs in a folder that contain an address of a request */
async function filesWithAddresses(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const name of (await readdir(folder)).filter(name => name.endsWith('.log'))) {
    if (/jane(?:@|%40|%2B)/.test(await readFile(join(folder, name), 'utf8'))) found.push(name)
  }
  return found
}

function get(host: string, path: string, expected: Expected): CaseRequest & { readonly expected: Expected } {
  return { method: 'GET', host, path, expected }
}

/** The parts of a response that mail programs use. */
function relevantParts({ status, headers, body }: Answer) {
  const { 'content-type': type, location, 'cache-control': cache, 'content-length': length } = headers
  return { status, type, location, cache, length, body }
}

async function ask(origin: string, { method, host, path, body, absolute }: CaseRequest, extra = {}): Promise<Answer> {
  const headers = {
    host,
    'content-type': 'text/xml',
    ...(body && { 'content-length': Buffer.byteLength(body) }),
    ...extra
  }
  const target = absolute ? { path: `${origin.split(':')[0]}://${host}${path}` } : {}
  const options = { method, headers, agent: false, ...target }
  const sent = origin.startsWith('https:')
    ? requestOverTls(origin + path, { ...options, ca })
    : request(origin + path, options)
  sent.end(body)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  sent.on('error', reject).on('response', async response => {
    const received = response.headers as Answer['headers']
    resolve({ status: response.statusCode ?? 0, headers: received, body: await text(response) })
  })
  return await promise
}
