/**
 * Host and port of a server that the table knows by its URL, for formats that have no URLs.
 */
import type { Service } from './provider.ts'

export interface ServicePlace {
  /** A-labels. */
  readonly host: string
  readonly port: number
}

// Why: .invalid is nobody's (RFC 6761 6.4), so no host of anybody's holds the stand-in.
const stand = 'emaildomain.invalid'

/** @param domain what %EMAILDOMAIN% stands for; it need not be a domain, since it is put in at last */
export function servicePlace({ url }: Service, domain: string): ServicePlace {
  const { hostname, port } = new URL(url.replaceAll('%EMAILDOMAIN%', stand))
  return { host: hostname.replaceAll(stand, domain), port: port === '' ? 443 : Number(port) }
}
