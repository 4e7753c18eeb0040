/**
 * What a connection to an advertised server tells about it: the part of `doctor` that speaks the server's own protocol.
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
  /** No https document names it: whoever forges the DNS or plain http would be sent the password. */
  readonly isUnvouched?: boolean
}

/** Why not EWS and Graph: they answer only people who have logged in. */
export type ProbedService = Exclude<ServiceProtocol, 'ews' | 'graph'>

/** A server that is reached by URL, as it is advertised. */
export interface ServiceToProbe {
  readonly protocol: ProbedService
  readonly url: string
}

/** What `probeServer` needs of the network. */
export interface Network {
  /**
   * TCP and no more. The address is looked up, checked and pinned here. Rejects with an error of the system (`code`, or
   * in its cause), or one that says what it is (`kind`), or else one whose message is for people. May break connections
   * off with an AbortError.
   */
  readonly connect: (host: string, port: number) => Promise<Socket>
  /** PEM: authorities that are trusted besides the usual ones. */
  readonly ca?: string | undefined
  /** For one server, from the connection to the end. */
  readonly timeoutMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What `probeService` needs of the network. */
export interface ServiceNetwork {
  /** One exchange, no redirect followed. Rejects with a `WorldError` where no answer comes. */
  readonly exchange: (request: ServiceRequest) => Promise<HttpResponse>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ServiceRequest extends Omit<HttpRequest, 'method' | 'target'> {
  readonly method: 'GET' | 'PROPFIND' | 'OPTIONS'
}

/** What is wrong with a server. Texts hold no control characters. */
export interface Fault {
  /** `server.tls-on-starttls-port` */
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'info'
  /** One sentence: what is wrong with it. */
  readonly message: string
  /** One sentence: what the administrator can do. */
  readonly remedy: string
}

export interface Probe {
  readonly server: ServerToProbe
  /** The first line the server says, if it came so far. */
  readonly greeting: string | undefined
  readonly tls: TlsReport | undefined
  /** As the server says them, after TLS where there is TLS. */
  readonly capabilities: readonly string[]
  /** What the server offers, after TLS where there is TLS. */
  readonly authentication: readonly Authentication[]
  /** Before STARTTLS; undefined where the server was not asked. */
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
  /** Host names and addresses the certificate is for. */
  readonly names: readonly string[]
  readonly issuer: string
  /** ISO 8601. */
  readonly notAfter: string
  /** Whole days, below zero where the certificate has expired. */
  readonly daysLeft: number
  /** Why the certificate is not trusted: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
  readonly authorizationError: string | undefined
}

export interface ServiceProbe {
  readonly service: ServiceToProbe
  /** Of the last answer; undefined where none came. */
  readonly status: number | undefined
  /** Where the last answer came from, after redirects. */
  readonly url: string
  /** DAV classes, JMAP capabilities, ActiveSync versions. */
  readonly capabilities: readonly string[]
  /** What the server asks for in WWW-Authenticate. */
  readonly authentication: readonly Authentication[]
  readonly faults: readonly Fault[]
  readonly ms: number
}
