/**
 * The servers that a mail program can reach: HTTP servers and the DNS. In tests and `check`, it is a settings table; in
 * `doctor`, it is the network. Models work the same with both.
 */
export interface World {
  /** Sends one request without following redirects. Rejects with a `WorldError` if there is no response. */
  readonly exchange: (request: HttpRequest) => Promise<HttpResponse>
  readonly dns: Dns
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PROPFIND' | 'OPTIONS'
  /** Absolute. */
  readonly url: string
  /** Names in lower case, without Host, Connection and Content-Length. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Form of the target in the request line. Default: origin form. */
  readonly target?: 'absolute'
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded as UTF-8. */
  readonly body: string
  /** The body as received. Undefined if it was never encoded, for example when a settings table answers. */
  readonly bytes?: Buffer
}

/** Lookups return an empty list if no such records exist. */
export interface Dns {
  readonly mx: (domain: string) => Promise<readonly MxRecord[]>
  readonly srv: (name: string) => Promise<readonly SrvRecord[]>
  readonly txt: (name: string) => Promise<readonly string[]>
  readonly ns: (domain: string) => Promise<readonly string[]>
  /** @returns whether the host has an IPv4 or IPv6 address */
  readonly isHost: (name: string) => Promise<boolean>
}

export interface MxRecord {
  readonly priority: number
  readonly exchange: string
}

export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** `.` if the service is not available (RFC 2782). */
  readonly target: string
}

export class WorldError extends Error {
  override readonly name = 'WorldError'
}
