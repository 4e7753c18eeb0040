/**
 * What helmet says of every page. Why asked once: it builds its middleware anew at each request, for the same headers.
 */
import type { FastifyHelmetOptions } from '@fastify/helmet'
import type { FastifyReply } from 'fastify'

export type Headers = Readonly<Record<string, string>>

/** Why not helmet at every request: see above. */
export const helmetOptions = {
  global: false,
  // Why: it differs from page to page, by their styles and by who may embed them.
  contentSecurityPolicy: false,
  // Why: frame-ancestors of that policy says it.
  xFrameOptions: false,
  // Why: it would hold for all that is below the host, and autoconfig must be answered on plain http.
  strictTransportSecurity: false,
  // Why: they are for plug-ins and browsers that are gone.
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false
} as const satisfies FastifyHelmetOptions

/** @returns takes helmet's headers off the first reply, and gives them for each that follows */
export function createHelmetHeaders(): (reply: FastifyReply) => Promise<Headers> {
  let headers: Headers | undefined
  return async reply => {
    if (headers !== undefined) return headers
    const { raw } = reply
    const before = raw.getHeaderNames()
    await reply.helmet()
    const names = raw.getHeaderNames().filter(name => !before.includes(name))
    const told = Object.fromEntries(names.map(name => [name, String(raw.getHeader(name))]))
    for (const name of names) raw.removeHeader(name)
    headers = told
    return told
  }
}
