/**
 * One visit to a server: what it has told so far, and what is needed to go on.
 */
import type { TLSSocket } from 'node:tls'
import type { Stage } from '../explain.ts'
import { type FaultDetails, type FaultName, toFault } from '../faults.ts'
import type { Fault, LogIn, Network, Probe, ServerToProbe, TlsReport } from '../probe.ts'
import { offeredAuthentication } from '../protocols/authentication.ts'
import { speakers } from '../protocols/index.ts'
import type { Offer, Speaker } from '../protocols/line-protocol.ts'
import { tlsFaults } from '../tls/tls-faults.ts'
import { tlsReport } from '../tls/tls-report.ts'
import { Trouble } from './session-error.ts'
import { createSockets, type Sockets } from './sockets.ts'

export class Visit {
  readonly server: ServerToProbe
  readonly network: Network
  readonly speaker: Speaker
  readonly sockets: Sockets
  /** Aborted when the time is up. */
  readonly signal: AbortSignal
  /** For the texts of faults. */
  readonly details: FaultDetails & { readonly host: string }
  stage: Stage = 'connection set-up'
  greeting: string | undefined
  tls: TlsReport | undefined
  capabilities: readonly string[] = []
  offer: Offer = { startTls: false, mechanisms: [], ownLogIn: false }
  plaintextRefused: boolean | undefined
  logIn: LogIn = 'not tried'
  readonly faults: Fault[] = []
  /** A password may be sent. */
  isSafe = false
  readonly #started: number
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(server: ServerToProbe, network: Network) {
    const { protocol, host, port, security } = server
    this.server = server
    this.network = network
    this.speaker = speakers[protocol]
    this.signal = this.#controller.signal
    this.sockets = createSockets(server, network, this.signal)
    const { title, startTls, ask } = this.speaker
    const seconds = network.timeoutMs / 1000
    this.details = { host, port, security, protocol: title, startTls, ask, seconds }
    this.#started = network.now()
    this.#timer = setTimeout(() => this.#controller.abort(), network.timeoutMs)
  }

  add(fault: FaultName, details: FaultDetails = {}): void {
    this.faults.push(toFault(fault, { ...this.details, stage: this.stage, ...details }))
  }

  /** Takes down what a handshake has told, and what is wrong with it. */
  noteTls(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) throw new Trouble('tlsFailed', { reason: 'the server shows no certificate' })
    const report = tlsReport(socket, certificate, { host: this.server.host, now: this.network.now() })
    const faults = tlsFaults(report, certificate, this.details)
    this.tls = report
    this.isSafe = faults.every(({ rule }) => rule === 'server.certificate-expires-soon')
    this.faults.push(...faults)
  }

  noteCapabilities(capabilities: readonly string[]): void {
    this.capabilities = capabilities
    this.offer = this.speaker.offer(capabilities, String(this.greeting))
  }

  /** Closes everything. */
  end(): void {
    clearTimeout(this.#timer)
    this.sockets.closeAll()
  }

  toProbe(): Probe {
    const { server, greeting, tls, capabilities, offer, plaintextRefused, logIn, faults, network } = this
    const authentication = offeredAuthentication(offer)
    const ms = network.now() - this.#started
    return { server, greeting, tls, capabilities, authentication, plaintextRefused, logIn, faults, ms }
  }
}
