/**
 * Requests that are refused before anything looks at what they ask: those whose recipient or version is in doubt.
 */
import type { IncomingMessage } from 'node:http'

type Framed = Pick<IncomingMessage, 'headers' | 'httpVersionMajor' | 'httpVersionMinor' | 'rawHeaders' | 'url'>

/** What the answer to a request begins with. */
export type FramingRefusal = 400 | 505

/** Spec: RFC 9112 3.2.2: the authority of a target in absolute form takes the place of the Host header. */
const absoluteForm = /^https?:\/\/([^/?#]*)/i

/** What no host name, address or port contains, and what would change the meaning of a URL made of it. */
const notInHost = /[\s@/\\?#,"<>^`{|}]/

/** @returns the status to refuse a request with, or undefined */
export function framingRefusal(request: Framed): FramingRefusal | undefined {
  const { headers, httpVersionMajor, httpVersionMinor, rawHeaders, url = '/' } = request
  // Why 400: a client that sends no version (HTTP/0.9) understands no answer. Spec: RFC 9110 15.6.6 for those to come.
  if (httpVersionMajor !== 1) return httpVersionMajor === 0 ? 400 : 505
  if (httpVersionMinor === 0) {
    // Spec: RFC 9112 6.1: the length of such a message is in doubt.
    if (headers['transfer-encoding'] !== undefined) return 400
  } else if (headers.host === undefined) return 400
  // Spec: RFC 9112 3.2: no Host header, more than one, or an invalid one is 400.
  if (hasTwoHosts(rawHeaders) || notInHost.test(headers.host ?? '')) return 400
  return url.startsWith('/') || isValidAuthority(url) ? undefined : 400
}

/** Spec: RFC 9110 4.2.1 and 4.2.4: an http URL without a host, or with a user name, is an error. */
function isValidAuthority(url: string): boolean {
  const [, authority] = absoluteForm.exec(url) ?? []
  return authority === undefined || (authority !== '' && !notInHost.test(authority))
}

/** Why of the raw headers: node keeps the first Host header and drops the others. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    // Why the first comparison: nearly all clients write it so, and it saves a string.
    if (name?.length === 4 && (name === 'Host' || name.toLowerCase() === 'host') && ++hosts === 2) return true
  }
  return false
}
