/**
 * One HTTP exchange with an unknown server. It follows no redirects, checks the certificate before it sends anything, and
 * limits the body and the time.
 */
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as requestOver } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { addAbortSignal, type Duplex } from 'node:stream'
import { connect as connectOverTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { HttpRequest, HttpResponse } from '../clients/model/world.ts'
import type { Connect } from './connector.ts'
import { NetworkFault, noAnswer, noTimeLeft, toNetworkFault } from './network-fault.ts'
import { type TlsDetails, tlsDetails } from './tls-details.ts'

/** The request and its result. */
export type Exchange = Outcome & {
  readonly request: ExchangeRequest
  readonly tls: TlsDetails | undefined
  /** From the lookup of the host to the end of the response. */
  readonly ms: number
}

type Outcome =
  | { readonly response: HttpResponse; readonly fault: undefined }
  /** Why there is no response. */
  | { readonly response: undefined; readonly fault: NetworkFault }

export interface ExchangeRequest extends Omit<HttpRequest, 'method'> {
  readonly method: string
}

export interface ExchangeOptions {
  readonly connect: Connect
  /** PEM: certificate authorities to trust in addition to the usual ones. */
  readonly ca?: string | undefined
  /** The time limit, in milliseconds, from the connection to the end of the response. */
  readonly timeoutMs: number
  /** Ends every exchange. */
  readonly signal: AbortSignal
  readonly clock?: () => number
}

/** Never rejects. */
export type Exchanger = (request: ExchangeRequest) => Promise<Exchange>

/** The most bytes of a body. Why: real documents have 2 kB, and XML parsers need time and memory for each byte. */
const mostBytes = 256 * 1024

export function createExchanger(options: ExchangeOptions): Exchanger {
  const { clock = () => performance.now() } = options
  // Why once: reading all authorities takes longer than a handshake.
  const secureContext = createSecureContext(
    options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] }
  )
  // Why: many programs ask the same servers, and each would wait for servers that never start TLS.
  const silent = new Map<string, NetworkFault>()
  return async request => {
    const started = clock()
    const seen: { tls?: TlsDetails } = {}
    const outcome: Outcome = await ask(request, { ...options, secureContext, silent, seen }).then(
      response => ({ response, fault: undefined }),
      (error: unknown) => ({ response: undefined, fault: toNetworkFault(error) })
    )
    return { request, ...outcome, tls: seen.tls, ms: clock() - started }
  }
}

interface Asking extends ExchangeOptions {
  readonly secureContext: SecureContext
  /** By origin. */
  readonly silent: Map<string, NetworkFault>
  /** Set as soon as it is known, because later steps may fail. */
  readonly seen: { tls?: TlsDetails }
}

async function ask(request: ExchangeRequest, asking: Asking): Promise<HttpResponse> {
  const url = toUrl(request.url)
  const { silent, signal, seen, timeoutMs } = asking
  const known = silent.get(url.origin)
  if (known !== undefined) throw known
  const late = new AbortController()
  try {
    return await converse(request, url, { ...asking, late })
  } catch (error) {
    if (signal.aborted) throw noTimeLeft()
    if (!late.signal.aborted) throw error
    const fault = noAnswer(timeoutMs)
    if (url.protocol === 'https:' && seen.tls === undefined) silent.set(url.origin, fault)
    throw fault
  }
}

interface Conversing extends Asking {
  /** Aborted when this exchange times out. */
  readonly late: AbortController
}

async function converse(request: ExchangeRequest, url: URL, conversing: Conversing): Promise<HttpResponse> {
  const { connect, late, timeoutMs } = conversing
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isTls = url.protocol === 'https:'
  const socket = await connect(host, Number(url.port) || (isTls ? 443 : 80))
  const timer = setTimeout(() => late.abort(), timeoutMs)
  try {
    const stream = isTls ? await secure(socket, host, conversing) : socket
    return await receive(send(stream, request, url), late.signal)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) throw new NetworkFault('url', 'no such URL')
  return url
}

/** Returns after the handshake, if mail programs would accept the certificate. */
async function secure(socket: Socket, host: string, { secureContext, seen, late }: Conversing): Promise<Duplex> {
  const secured = connectOverTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // Why: a rejected certificate must be reported, and nothing may be sent to its server.
    rejectUnauthorized: false
  })
  secured.on('error', () => undefined)
  await once(secured, 'secureConnect', { signal: late.signal })
  seen.tls = tlsDetails(secured)
  if (seen.tls.fault === undefined) return secured
  throw new NetworkFault('certificate', `certificate refused: ${refusals[seen.tls.fault]}`)
}

const refusals = {
  expired: 'it has expired',
  'not-yet-valid': 'it is not valid yet',
  name: 'it is for other names',
  'self-signed': 'it is self-signed',
  incomplete: 'its issuer is not known, and not sent along',
  untrusted: 'its issuer is not trusted'
} satisfies Record<NonNullable<TlsDetails['fault']>, string>

function send(stream: Duplex, request: ExchangeRequest, url: URL): ClientRequest {
  const { method, headers, body, target } = request
  const path = target === 'absolute' ? request.url : `${url.pathname}${url.search}`
  const sent = requestOver({
    createConnection: () => stream,
    method,
    path,
    headers: { host: url.host, ...headers },
    setHost: false
  })
  sent.on('error', () => undefined)
  return sent.end(body)
}

async function receive(sent: ClientRequest, signal: AbortSignal): Promise<HttpResponse> {
  const [response] = (await once(sent, 'response', { signal })) as [IncomingMessage]
  addAbortSignal(signal, response)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new NetworkFault('too-large', `more than ${mostBytes / 1024} KiB`)
    chunks.push(chunk)
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  const body = Buffer.concat(chunks)
  return {
    status: Number(response.statusCode),
    headers: Object.fromEntries(headers),
    body: body.toString('utf8'),
    bytes: body
  }
}
