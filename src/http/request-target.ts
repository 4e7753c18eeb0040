/**
 * Request targets in absolute form: RFC 9112 3.2.2.
 */
import type { IncomingMessage } from 'node:http'

/**
 * Observed: Delta Chat (chatmail/core 2026-08) sends `GET https://autoconfig.example.com/mail/… HTTP/1.1`.
 * @returns the path and query; the target's authority takes the place of the Host header, as the section demands
 */
export function toOriginForm(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/' } = request
  if (url.startsWith('/')) return url
  const match = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url)
  if (match === null) return url
  const [, authority = '', rest = ''] = match
  request.headers.host = authority
  return rest.startsWith('/') ? rest : `/${rest}`
}
