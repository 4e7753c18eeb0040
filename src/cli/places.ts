/**
 * Where `signpost serve` listens: what is asked for goes before the table, and the table before the defaults.
 */
import { errors } from '../errors.ts'
import type { Settings } from '../settings/schema.ts'
import { type AskedPlace, askedPlace } from './asked-place.ts'
import type { Call } from './command.ts'

export interface Places {
  readonly http: AskedPlace
  /** Undefined: not at all. */
  readonly tls: AskedPlace | undefined
  /** Undefined: not at all. */
  readonly admin: AskedPlace | undefined
}

/** @throws AC_USAGE */
export function placesOf(call: Call, { http = {}, admin }: Settings): Places {
  const { host = '0.0.0.0', port = 8080, tls } = http
  const asked = { tls: askedPlace(call, 'listen-tls'), admin: askedPlace(call, 'listen-admin') }
  if (asked.tls !== undefined && tls === undefined) {
    throw errors.usage({ problem: 'found a place to listen for https, but no http.tls with certificates in the table' })
  }
  return {
    http: askedPlace(call, 'listen') ?? { host, port },
    tls: tls && (asked.tls ?? { host: tls.host ?? host, port: tls.port ?? 8443 }),
    // Why without the table too: a container's loopback cannot be reached, and its settings are often somebody else's.
    admin: asked.admin ?? (admin && { host: admin.host ?? '127.0.0.1', port: admin.port ?? 9090 })
  }
}
