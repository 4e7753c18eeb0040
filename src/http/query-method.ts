/**
 * The method QUERY (RFC 10008), which no path of Signpost implements: it is refused with 405, redirected or 404 like other methods.
 */
import type { FastifyInstance } from 'fastify'

/**
 * Why: Fastify refuses QUERY without a content type with 400 (RFC 10008 2), before any handler. The public service removes
 * the type of every request, so that all of them were refused, even where `Allow` lists the method. Redirects and refusals
 * need neither type nor content, which therefore stays unread, as with GET.
 */
export function leaveQueryUnread(app: FastifyInstance): void {
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true })
}
