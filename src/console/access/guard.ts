/**
 * Who may open the console: without a password only this machine, with one also others over TLS. Every request must name a host that
 * belongs to the console, so that no website can use the administrator's browser to read it (DNS rebinding).
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isIP, type Socket } from 'node:net'
import type { Document } from '../../dialects/document.ts'
import { errors } from '../../errors.ts'
import type { ProxyTrust } from '../../http/proxy.ts'
import { refusal } from '../../http/refusal.ts'
import type { PasswordCheck } from './password.ts'

export interface Guarded {
  readonly headers: IncomingHttpHeaders
  readonly httpVersion: string
  readonly socket: Pick<Socket, 'remoteAddress' | 'localAddress'> & { readonly encrypted?: boolean }
}

/** @returns why the request is refused; undefined if it may see the console */
export type Guard = (request: Guarded) => Document | undefined

export interface GuardOptions {
  /** Undefined if there is no password. */
  readonly password: PasswordCheck | undefined
  /** Host names besides `localhost`, as A-labels. */
  readonly hosts: readonly string[]
  readonly proxy: Pick<ProxyTrust, 'schemeOf' | 'clientOf'>
}

const closed = refusal(errors.consoleClosed())
const insecure = refusal(errors.consoleInsecure())
const foreignHost = refusal(errors.foreignHost())
const crossOrigin = refusal(errors.crossOrigin())
const realm = { 'www-authenticate': 'Basic realm="Signpost console", charset="UTF-8"' }
const passwordNeeded = refusal(errors.passwordNeeded(), realm)
const tooManyPasswords = refusal(errors.tooManyPasswords(), { 'retry-after': '60' })

export function createGuard({ password, hosts, proxy }: GuardOptions): Guard {
  const isAllowed = (host: string) => host === 'localhost' || isIP(host) > 0 || hosts.includes(host)
  return request => {
    const isLocal = isFromThisMachine(request)
    if (password === undefined && !isLocal) return closed
    if (!isLocal && proxy.schemeOf(request) !== 'https') return insecure
    if (!isAllowed(hostOf(request.headers))) return foreignHost
    if (isEmbedded(request.headers)) return crossOrigin
    if (password === undefined) return undefined
    const verdict = password(request.headers.authorization, { address: proxy.clientOf(request), isLocal })
    return verdict === 'right' ? undefined : verdict === 'limited' ? tooManyPasswords : passwordNeeded
  }
}

/** Why both addresses and no header of a proxy: a proxy on this machine connects from here for clients anywhere. */
function isFromThisMachine({
  headers,
  httpVersion,
  socket: { remoteAddress = '', localAddress = '' }
}: Guarded): boolean {
  const isForwarded = Object.keys(headers).some(name => name.startsWith('x-forwarded-') || proxyHeaders.includes(name))
  // Observed: nginx before 1.29.7 speaks HTTP/1.0 to the server behind it, and adds no header by default.
  return isLoopback(remoteAddress) && isLoopback(localAddress) && !isForwarded && httpVersion !== '1.0'
}

const proxyHeaders = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']

/** @returns whether it is an address of 127.0.0.0/8, also as an IPv4-mapped one, or ::1 */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

/** @returns the host of the Host header without its port and brackets */
function hostOf({ host = '' }: IncomingHttpHeaders): string {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name
}

/** Spec: Fetch Metadata. Links from elsewhere may lead to the console, but no other website may embed or fetch it. */
function isEmbedded(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}
