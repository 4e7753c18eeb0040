/**
 * Request targets: RFC 9112 3.2.
 */
import type { IncomingMessage } from 'node:http'

/**
 * Observed: Delta Chat (chatmail/core 2026-08) sends `GET https://autoconfig.example.com/mail/… HTTP/1.1`.
 * Why other forms than origin and absolute become a path that is not served: the router takes `*` for `/`, and a redirect
 * would append it to a host name.
 * @returns a path and query; the authority of an absolute form replaces the Host header (RFC 9112 3.2.2)
 */
export function toOriginForm(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/' } = request
  if (url.startsWith('/')) return url
  const match = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url)
  if (match === null) return `/*${url}`
  const [, authority = '', rest = ''] = match
  request.headers.host = authority
  return rest.startsWith('/') ? rest : `/${rest}`
}
