/**
 * What a mail program can ask: HTTP servers and the DNS. In tests and `check` it is a settings table, in `doctor` the
 * network; a model of a program never knows which.
 */
export interface World {
  /** One exchange, no redirect followed. Rejects with a `WorldError` where no answer comes. */
  readonly exchange: (request: HttpRequest) => Promise<HttpResponse>
  readonly dns: Dns
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PROPFIND'
  /** Absolute. */
  readonly url: string
  /** Small letters; host, connection and length are left to the world. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** How the target is written in the request line; default: origin form. */
  readonly target?: 'absolute'
}

export interface HttpResponse {
  readonly status: number
  /** Small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Every look-up gives an empty list where there is no such record. */
export interface Dns {
  readonly mx: (domain: string) => Promise<readonly MxRecord[]>
  readonly srv: (name: string) => Promise<readonly SrvRecord[]>
  readonly txt: (name: string) => Promise<readonly string[]>
}

export interface MxRecord {
  readonly priority: number
  readonly exchange: string
}

export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** `.` where the service is not offered (RFC 2782). */
  readonly target: string
}

export class WorldError extends Error {
  override readonly name = 'WorldError'
}
