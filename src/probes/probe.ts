/**
 * What a connection to an advertised server shows about it: the part of `doctor` that speaks the server's own protocol.
 */
import type { Socket } from 'node:net'
import type { HttpRequest, HttpResponse } from '../clients/model/world.ts'
import type { ServiceProtocol, SocketProtocol } from '../settings/provider.ts'
import type { Authentication, Security } from '../settings/schema.ts'

/** A server that is reached by host and port, as it is advertised. */
export interface ServerToProbe {
  readonly protocol: SocketProtocol
  /** A-labels. */
  readonly host: string
  readonly port: number
  readonly security: Security
  /** Best first. */
  readonly authentication: readonly Authentication[]
  /** Only needed to log in. */
  readonly username?: string | undefined
  /** No https document advertises it. An attacker who forges the DNS or plain http would get the password. */
  readonly isUnvouched?: boolean
}

/** Why not EWS and Graph: they answer only people who have logged in. */
export type ProbedService = Exclude<ServiceProtocol, 'ews' | 'graph'>

/** A server that is reached by URL, as it is advertised. */
export interface ServiceToProbe {
  readonly protocol: ProbedService
  readonly url: string
}

/** The network as `probeServer` needs it. */
export interface Network {
  /**
   * Connects with TCP only: it looks up, checks and pins the address. Rejects with a system error (`code`, also in its
   * cause), with an error that has a `kind`, or with one whose message is for people. May abort connections with an
   * AbortError.
   */
  readonly connect: (host: string, port: number) => Promise<Socket>
  /** PEM: certificate authorities to trust in addition to the usual ones. */
  readonly ca?: string | undefined
  /** The time limit for one server, from the connection to the end. */
  readonly timeoutMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The network as `probeService` needs it. */
export interface ServiceNetwork {
  /** Makes one exchange and follows no redirects. Rejects with a `WorldError` if there is no response. */
  readonly exchange: (request: ServiceRequest) => Promise<HttpResponse>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ServiceRequest extends Omit<HttpRequest, 'method' | 'target'> {
  readonly method: 'GET' | 'PROPFIND' | 'OPTIONS'
}

/** A fault of a server. Its texts contain no control characters. */
export interface Fault {
  /** `server.tls-on-starttls-port` */
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'info'
  /** One sentence: what is wrong. */
  readonly message: string
  /** One sentence: what the administrator can do. */
  readonly remedy: string
}

/** Faults by name. Details stand in braces in the message and the remedy. */
export type FaultTexts = Readonly<
  Record<string, readonly [rule: string, severity: Fault['severity'], message: string, remedy: string]>
>

export interface Probe {
  readonly server: ServerToProbe
  /** The first line of the server, if it sent one. */
  readonly greeting: string | undefined
  readonly tls: TlsReport | undefined
  /** As the server states them, after TLS if there is TLS. */
  readonly capabilities: readonly string[]
  /** What the server offers, after TLS if there is TLS. */
  readonly authentication: readonly Authentication[]
  /** Before STARTTLS; undefined if the server was not asked. */
  readonly plaintextRefused: boolean | undefined
  readonly logIn: LogIn
  readonly faults: readonly Fault[]
  readonly ms: number
}

export type LogIn = 'accepted' | 'refused' | 'temporarily refused' | 'not tried'

export interface TlsReport {
  /** `TLSv1.3` */
  readonly protocol: string
  readonly cipher: string
  readonly subject: string
  /** Host names and addresses that the certificate is for. */
  readonly names: readonly string[]
  readonly issuer: string
  /** ISO 8601. */
  readonly notAfter: string
  /** Whole days; negative if the certificate has expired. */
  readonly daysLeft: number
  /** Why the certificate is not trusted: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
  readonly authorizationError: string | undefined
}

export interface ServiceProbe {
  readonly service: ServiceToProbe
  /** The status of the last response; undefined if there was none. */
  readonly status: number | undefined
  /** The URL of the last response, after redirects. */
  readonly url: string
  /** DAV classes, JMAP capabilities, ActiveSync versions. */
  readonly capabilities: readonly string[]
  /** What the server requires in WWW-Authenticate. */
  readonly authentication: readonly Authentication[]
  readonly faults: readonly Fault[]
  readonly ms: number
}
