/**
 * Where `signpost serve` listens and with how many workers: an option wins over its environment variable, that over the
 * settings table, and that over the default.
 */
import { availableParallelism } from 'node:os'
import { errors } from '../../errors.ts'
import { everywhere, type ListenAddress, type ListenAddresses } from '../../serve/listen.ts'
import type { Settings } from '../../settings/schema.ts'
import type { Call } from '../command.ts'

/** The most workers that the schema allows, too. */
const most = 64

/** @throws AC_USAGE */
export function placesOf(call: Call, { http = {}, admin }: Settings): ListenAddresses {
  const { host = everywhere.v6, port = 8080, tls } = http
  const asked = { tls: askedPlace(call, 'listen-tls'), admin: askedPlace(call, 'listen-admin') }
  if (asked.tls !== undefined && tls === undefined) {
    throw errors.usage({ problem: 'found a place to listen for https, but no http.tls with certificates in the table' })
  }
  return {
    http: askedPlace(call, 'listen') ?? { host, port },
    tls: tls && (asked.tls ?? { host: tls.host ?? host, port: tls.port ?? 8443 }),
    // Why also without `admin` in the table: a container's loopback cannot be reached, and its settings are often not yours.
    admin: asked.admin ?? (admin && { host: admin.host ?? '127.0.0.1', port: admin.port ?? 9090 })
  }
}

/** @returns 1 or more. @throws AC_USAGE */
export function workersOf({ options, terminal }: Call, { http = {} }: Settings): number {
  const text = String(options.workers ?? (terminal.env.SIGNPOST_WORKERS || (http.workers ?? 1)))
  if (text === 'auto') return Math.min(availableParallelism(), most)
  const workers = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (workers >= 1 && workers <= most) return workers
  const name = options.workers === undefined ? 'SIGNPOST_WORKERS' : '--workers'
  throw errors.usage({ problem: `${name}: found "${text}", expected an integer from 1 to ${most}, or auto` })
}

/** @returns undefined if neither the option nor its variable is set. @throws AC_USAGE */
function askedPlace(
  { options, terminal }: Call,
  option: 'listen' | 'listen-tls' | 'listen-admin'
): ListenAddress | undefined {
  const variable = `SIGNPOST_${option.toUpperCase().replace('-', '_')}`
  const text = String(options[option] ?? terminal.env[variable] ?? '')
  if (text === '') return undefined
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) {
    const name = options[option] === undefined ? variable : `--${option}`
    throw errors.usage({
      problem: `${name}: found "${text}", expected HOST:PORT such as 127.0.0.1:8080, [::]:8080 or :8080`
    })
  }
  return { host: match[1] ?? (match[2] || everywhere.v6), port }
}
