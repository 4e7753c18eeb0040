/**
 * Requests as bytes (latin1): valid pipelined ones, and all known ways to smuggle a second one past a proxy.
 */
import { dialects } from '../../src/dialects/index.ts'
import { webPaths } from '../../src/http/routes/web-paths.ts'
import { canary } from './canary.ts'
import type { Input } from './fuzz-case.ts'
import {
  anyAcceptLanguage,
  anyAddress,
  anyDomain,
  anyForwardedFor,
  anyHost,
  anyQuery,
  anyText,
  bytesOf,
  encoded
} from './grammar.ts'
import { anyPoxBody } from './pox-body.ts'
import type { Random } from './random.ts'

const crlf = '\r\n'
const served = [...dialects.flatMap(({ routes }) => routes.map(({ path }) => path)), ...webPaths.map(({ url }) => url)]
const strange = [
  '/autodiscover/autodiscover.json?@evil.example/owa/?&Email=autodiscover/autodiscover.json%3F@evil.example',
  '/autodiscover/autodiscover.json?@evil.example/mapi/nspi?&Email=autodiscover/autodiscover.json%3F@evil.example',
  '/autodiscover/autodiscover.json?a=..%2f..&Email=autodiscover/autodiscover.json?a=..@evil.example&Protocol=Powershell',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//evil.example/%2e%2e',
  '/\\evil.example',
  '/.well-known/../mail/config-v1.1.xml',
  '/mail/config-v1.1.xml%00.html',
  '/mail/config-v1.1.xml;jsessionid=1',
  '*',
  'evil.example:443'
] as const
const methods = ['GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND', 'PUT', 'DELETE', 'TRACE'] as const
const strangeMethods = ['CONNECT', 'QUERY', 'get', 'BREW', 'M-SEARCH'] as const

/** @returns bytes to send, and the minimum and maximum number of responses */
export function anyRawRequest(random: Random): Input {
  const kind = random.below(20)
  if (kind < 10) return row(random)
  if (kind < 15) return { bytes: random.pick(smuggled)(random), least: '0', most: '1' }
  const bytes = cut(row(random).bytes ?? '', random)
  return { bytes, least: '0', most: String((bytes.match(/HTTP\/|\n\r?\n/g) ?? []).length + 1) }
}

/** One to four requests on one connection. All of them get responses if they are valid, otherwise only the first. */
function row(random: Random): Input {
  const count = 1 + random.below(4)
  const right = random.chance(60)
  let bytes = ''
  for (let at = 1; at <= count; at++) bytes += request(random, at === count ? 'close' : 'keep-alive', right)
  // Why 0: node closes the connection at a CONNECT, whatever came before it.
  return { bytes, least: right ? String(count) : bytes.includes('CONNECT ') ? '0' : '1', most: String(count) }
}

function request(random: Random, connection: string, right: boolean): string {
  const method = random.pick(right ? methods : [...methods, ...strangeMethods])
  const host = right ? anyDomain(random) : anyHost(random)
  const start = `${method} ${right ? rightTarget(random) : target(random)} HTTP/1.1`
  const headers = [`Host: ${field(host)}`, `Connection: ${connection}`, ...someHeaders(random)]
  const body = ['POST', 'PROPFIND', 'PUT'].includes(method) ? anyPoxBody(random).slice(0, 12_000) : ''
  if (body === '') return [start, ...headers, '', ''].join(crlf)
  const [length, sent] = random.chance(80)
    ? [`Content-Length: ${body.length}`, body]
    : ['Transfer-Encoding: chunked', chunked(body, random)]
  return `${[start, ...headers, length, '', ''].join(crlf)}${sent}`
}

function rightTarget(random: Random): string {
  const path = served[random.below(served.length)] ?? '/'
  const address = anyAddress(random)
  const value = encodeURIComponent(address.toWellFormed())
  const filled = path.replace(/:\w+/, name =>
    name === ':domain' ? encodeURIComponent(anyDomain(random).toWellFormed()) : value
  )
  return `${filled}?email=${value}&emailaddress=${value}&Protocol=AutodiscoverV1`
}

function target(random: Random): string {
  if (random.chance(10)) return random.pick(strange)
  const path = served[random.below(served.length)] ?? '/'
  const filled = path.replace(/:\w+/, name =>
    encoded(name === ':domain' ? anyDomain(random) : anyAddress(random), random)
  )
  const query = random.chance(70) ? `?${anyQuery(random)}` : ''
  const origin = random.chance(10) ? `http${random.pick(['', 's'])}://${anyHost(random)}` : ''
  const whole = `${origin}${random.chance(20) ? filled.toUpperCase() : filled}${query}`
  // Why: a space ends the target, and a line break the request.
  return bytesOf(whole).replace(/\s/g, '%20') || '/'
}

function someHeaders(random: Random): string[] {
  const headers = [
    `X-Forwarded-For: ${anyForwardedFor(random)}`,
    `X-Forwarded-Proto: ${random.pick(['https', 'http', canary('header')])}`,
    `X-Forwarded-Host: ${canary('header')}.example`,
    `Forwarded: for=${canary('header')};host=${canary('header')}.example`,
    `Accept-Language: ${anyAcceptLanguage(random)}`,
    `User-Agent: ${anyText(random, canary('header'))}`,
    `Cookie: ${canary('header')}=${canary('header')}`,
    `Authorization: Basic ${canary('header')}`,
    `Origin: https://${canary('header')}.example`,
    `Content-Type: ${random.pick(['text/xml', 'application/json', canary('header')])}`,
    `Accept: ${canary('header')}/*`,
    `Accept-Version: ${canary('header')}`,
    `Access-Control-Request-Headers: ${canary('header')}`,
    `Range: bytes=0-1,2-${canary('header')}`,
    `If-None-Match: "${canary('header')}"`,
    `${canary('header')}: ${'x'.repeat(random.below(200))}`
  ]
  return headers.filter(() => random.chance(15)).map(field)
}

/** Spec: RFC 9110 5.5: a value contains no control characters. */
function field(text: string): string {
  return bytesOf(text)
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .trim()
    .slice(0, 2_000)
}

function chunked(body: string, random: Random): string {
  let sent = ''
  for (let at = 0; at < body.length; ) {
    const size = 1 + random.below(2_000)
    const chunk = body.slice(at, at + size)
    sent += `${chunk.length.toString(16)}${random.pick(['', '', ';a=b', ';a="b"'])}${crlf}${chunk}${crlf}`
    at += size
  }
  return `${sent}0${crlf}${random.pick(['', `X-Trailer: ${canary('header')}${crlf}`])}${crlf}`
}

const hidden = `GET /${canary('path')} HTTP/1.1${crlf}Host: example.com${crlf}Connection: close${crlf}${crlf}`
const post = `POST /autodiscover/autodiscover.xml HTTP/1.1${crlf}Host: example.com${crlf}`
const chunkOf = (text: string) => `${text.length.toString(16)}${crlf}${text}${crlf}0${crlf}${crlf}`

/** Spec: RFC 9112 6.3 and 11.2. Each may cause at most one response, because the hidden request must not be answered. */
const smuggled: readonly [(random: Random) => string, ...((random: Random) => string)[]] = [
  () =>
    `${post}Content-Length: ${hidden.length + 5}${crlf}Transfer-Encoding: chunked${crlf}${crlf}0${crlf}${crlf}${hidden}`,
  () => `${post}Transfer-Encoding: chunked${crlf}Content-Length: 4${crlf}${crlf}${chunkOf(hidden)}`,
  () => `${post}Content-Length: 0${crlf}Content-Length: ${hidden.length}${crlf}${crlf}${hidden}`,
  () => `${post}Content-Length: 0, ${hidden.length}${crlf}${crlf}${hidden}`,
  () => `${post}Content-Length: +0${crlf}${crlf}${hidden}`,
  () => `${post}Content-Length: 0x0${crlf}${crlf}${hidden}`,
  () => `${post}Content-Length: 1e1${crlf}${crlf}${hidden}`,
  () => `${post}Content-Length : 0${crlf}${crlf}${hidden}`,
  () => `${post} Content-Length: 0${crlf}${crlf}${hidden}`,
  random =>
    `${post}Transfer-Encoding: ${random.pick(['xchunked', 'chunked, identity', 'identity', 'gzip', '\x0bchunked', 'chunked\x00', 'chunked, chunked'])}${crlf}${crlf}0${crlf}${crlf}${hidden}`,
  random =>
    `${post}Transfer-Encoding${random.pick([' ', '\t', '\0', '\x0b'])}: chunked${crlf}${crlf}${chunkOf(hidden)}${hidden}`,
  () => `${post}X: y${crlf} Transfer-Encoding: chunked${crlf}${crlf}${hidden}`,
  () => `${post}X: y\nTransfer-Encoding: chunked${crlf}${crlf}${hidden}`,
  () => `${post}X: y\rTransfer-Encoding: chunked${crlf}${crlf}${hidden}`,
  () => `${post.replaceAll(crlf, '\n')}Content-Length: ${hidden.length}\n\n${hidden}`,
  () => `${post}Content-Length: ${hidden.length}${crlf}${crlf}${hidden}`,
  random =>
    `${post}Transfer-Encoding: chunked${crlf}${crlf}${random.pick(['-1', '0x5', 'ffffffffffffffff', '5 ', ' 5', '5;\0', 'g', ''])}${crlf}${hidden}`,
  () => `${post}Transfer-Encoding: chunked${crlf}${crlf}5${crlf}aaaaaXX0${crlf}${crlf}${hidden}`,
  () => `${post}Transfer-Encoding: chunked${crlf}${crlf}5\naaaaa\n0\n\n${hidden}`,
  random =>
    `${post}Transfer-Encoding: chunked${crlf}${crlf}1;${'x'.repeat(random.below(40_000))}${crlf}a${crlf}0${crlf}${crlf}`,
  random =>
    `${post}Transfer-Encoding: chunked${crlf}${crlf}${`1${crlf}a${crlf}`.repeat(random.below(20_000))}0${crlf}${crlf}`,
  random => `${post}Transfer-Encoding: chunked${crlf}${crlf}0${crlf}${'A: b\r\n'.repeat(random.below(5_000))}${crlf}`,
  random => `${post}${'a:\r\n'.repeat(random.below(6_000))}${crlf}`,
  random => `${post}X: ${'x'.repeat(random.below(40_000))}${crlf}${crlf}`,
  random =>
    `GET /${'x'.repeat(random.below(40_000))} HTTP/1.1${crlf}Host: example.com${crlf}Connection: close${crlf}${crlf}`,
  () =>
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}Host: ${canary('host')}.example${crlf}Connection: close${crlf}${crlf}`,
  () => `GET / HTTP/1.1${crlf}Connection: close${crlf}${crlf}`,
  random =>
    `GET / HTTP/${random.pick(['0.9', '1.2', '2.0', '9.9', '1.10', '11', ''])}${crlf}Host: example.com${crlf}Connection: close${crlf}${crlf}`,
  () => `GET /${canary('path')}${crlf}`,
  () => `PRI * HTTP/2.0${crlf}${crlf}SM${crlf}${crlf}\0\0\0\x04\0\0\0\0\0`,
  () =>
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}Connection: Upgrade, HTTP2-Settings${crlf}Upgrade: h2c${crlf}HTTP2-Settings: AAMAAABk${crlf}${crlf}`,
  () =>
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}Connection: Upgrade${crlf}Upgrade: websocket${crlf}Sec-WebSocket-Key: ${canary('header')}${crlf}${crlf}`,
  () => `${post}Expect: ${canary('header')}${crlf}Content-Length: 0${crlf}Connection: close${crlf}${crlf}`,
  () => `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${canary('header')}`,
  () => `${'\r\n'.repeat(1_000)}GET / HTTP/1.1${crlf}Host: example.com${crlf}Connection: close${crlf}${crlf}`,
  () => `CONNECT ${canary('host')}.example:443 HTTP/1.1${crlf}Host: ${canary('host')}.example${crlf}${crlf}`
]

/** Removes, inserts and changes a few bytes. */
function cut(bytes: string, random: Random): string {
  let changed = bytes
  for (let turn = random.below(3); turn >= 0; turn--) {
    const at = random.below(changed.length + 1)
    const piece = random.pick([
      '',
      '\r',
      '\n',
      '\0',
      ' ',
      ':',
      '\r\n\r\n',
      '\xff',
      'HTTP/1.1',
      'x',
      String.fromCharCode(random.below(256))
    ])
    changed = changed.slice(0, at) + piece + changed.slice(at + random.below(random.chance(80) ? 3 : 100))
  }
  return changed
}
