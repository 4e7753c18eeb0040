/**
 * A domain on the loopback: DNS, web servers in front of Signpost, mail servers. It is healthy, except for what a test
 * breaks in it.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createSecureContext, type SecureVersion } from 'node:tls'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { type Issued, issue } from '../certificates.ts'
import { mailScript } from '../probes/mail-script.ts'
import { type Script, startScriptedServer } from '../probes/scripted-server.ts'
import { serveApp } from '../served-app.ts'
import { tableOf } from '../table-of.ts'
import { type NameServerOptions, startNameServer, type ZoneRecord } from './name-server.ts'
import { zoneOf } from './zone-of.ts'

export const root = issue('Test Root', { ca: true })

export interface Breakage {
  /** Security of both mail servers. Default: tls. */
  readonly security?: 'tls' | 'starttls'
  /** Replaced responses, by `GET https://host/path`, or by `https://host` for a whole host. */
  readonly answers?: Readonly<Record<string, RequestListener>>
  /** Certificates by host. Default: one for all names. */
  readonly certificates?: Readonly<Record<string, Issued>>
  /** @returns the actual records, given the recommended ones */
  readonly zone?: (records: readonly ZoneRecord[]) => readonly ZoneRecord[]
  readonly dnsFaults?: NonNullable<NameServerOptions['faults']>
  /** The newest version of TLS that the web servers support. */
  readonly webTls?: SecureVersion
  readonly imap?: Script
  readonly smtp?: Script
  /** `HOST:PORT` that accept connections and stay silent. */
  readonly silent?: readonly string[]
}

/** Why this address: no program on the loopback uses it, and every connection to it is redirected. */
const address = '192.88.100.1'

const settingsOf = (security = 'tls') => `
http: { trustProxy: [127.0.0.1] }
limits: { overload: { delayMilliseconds: 0 } } # a machine that runs tests may be busy
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com, security: ${security} }
      - { protocol: smtp, host: smtp.example.com, security: ${security} }
`

export const webHosts = [
  'example.com',
  ...['autoconfig', 'autodiscover', 'ua-auto-config', 'signpost'].map(host => `${host}.example.com`)
]
const mailHosts = ['imap.example.com', 'smtp.example.com', 'mx.example.com']

/** @returns the arguments of `signpost doctor` for this domain */
export async function startDomain(t: Test, breakage: Breakage = {}): Promise<string[]> {
  const { zone = records => records, dnsFaults = {} } = breakage
  const table = tableOf(settingsOf(breakage.security))
  const whole = zoneOf(table, { domain: 'example.com', address, hosts: ['imap.example.com', 'smtp.example.com'] })
  const { app } = serveApp(t, { table })
  const nameServer = await startNameServer({ records: zone(whole), faults: dnsFaults })
  t.teardown(nameServer.stop)
  const usual = issue('example.com', { issuer: root, hosts: [...webHosts, ...mailHosts] })
  const [clear, secured, closed] = await Promise.all([
    startWeb(t, app, breakage),
    startWeb(t, app, { ...breakage, usual }),
    closedPort()
  ])
  const script = { certificates: [usual], implicitTls: breakage.security !== 'starttls' }
  const imap = await startScriptedServer(breakage.imap ?? mailScript('imap', script))
  const smtp = await startScriptedServer(breakage.smtp ?? mailScript('smtp', script))
  t.teardown(imap.close)
  t.teardown(smtp.close)
  const places = new Map<string, number>([
    ...[...webHosts, ...mailHosts].map(host => [host, closed] as const),
    ...webHosts.flatMap(host => [[`${host}:80`, clear] as const, [`${host}:443`, secured] as const]),
    ...[993, 143].map(port => [`imap.example.com:${port}`, imap.port] as const),
    ...[465, 587].map(port => [`smtp.example.com:${port}`, smtp.port] as const)
  ])
  for (const place of breakage.silent ?? []) places.set(place, await startSilent(t))
  // Why: a redirected host is not looked up.
  for (const place of places.keys()) if (Object.hasOwn(dnsFaults, place.replace(/:.*/, ''))) places.delete(place)
  const ca = join(t.testdir({ 'root.pem': root.pem }), 'root.pem')
  return [
    ...['example.com', '--resolver', nameServer.place, '--ca', ca],
    ...[...places].flatMap(([place, port]) => ['--connect', `${place}=127.0.0.1:${port}`])
  ]
}

interface Web extends Breakage {
  /** The certificate for https; undefined for http. */
  readonly usual?: Issued
}

async function startWeb(t: Test, app: FastifyInstance, web: Web): Promise<number> {
  const { answers = {}, certificates = {}, usual: certificate } = web
  const scheme = certificate === undefined ? 'http' : 'https'
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const place = `${scheme}://${request.headers.host}`
    const own = answers[`${request.method} ${place}${pathOf(request)}`] ?? answers[place]
    if (own !== undefined) return own(request, response)
    return void passOn(app, scheme, request, response)
  }
  const contexts = new Map(
    Object.entries(certificates).map(([host, { keyPem, pem }]) => [
      host,
      createSecureContext({ key: keyPem, cert: pem })
    ])
  )
  const server =
    certificate === undefined
      ? createServer(listener)
      : createTlsServer(
          {
            ...{ key: certificate.keyPem, cert: certificate.pem, maxVersion: web.webTls },
            SNICallback: (name, done) => done(null, contexts.get(name))
          },
          listener
        )
  t.teardown(() => server.closeAllConnections())
  return await listen(t, server)
}

function pathOf({ url = '' }: IncomingMessage): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  return path.replace(/\?.*/, '')
}

async function passOn(app: FastifyInstance, scheme: string, request: IncomingMessage, response: ServerResponse) {
  const { statusCode, headers, rawPayload } = await app.inject({
    method: request.method as NonNullable<InjectOptions['method']>,
    url: request.url ?? '',
    headers: { ...request.headers, 'x-forwarded-proto': scheme },
    payload: await text(request)
  })
  response.writeHead(statusCode, headers as Record<string, string>).end(rawPayload)
}

async function startSilent(t: Test): Promise<number> {
  const server = createTcpServer(socket => {
    t.teardown(() => socket.destroy())
  })
  return await listen(t, server)
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listen(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}
