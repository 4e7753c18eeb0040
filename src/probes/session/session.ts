/**
 * The session with one server: everything that it has sent so far, its connections, and what the next steps need.
 */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { withSignal } from '../../timeout.ts'
import { type FaultDetails, type FaultName, toFault } from '../faults/faults.ts'
import type { Fault, LogIn, Network, Probe, ServerToProbe, TlsReport } from '../probe.ts'
import { offeredAuthentication } from '../protocols/authentication.ts'
import { speakers } from '../protocols/index.ts'
import type { Offer, Speaker } from '../protocols/line-protocol.ts'
import { noAnswer, SessionError, type Stage } from './session-error.ts'
import { tlsFaults, tlsReport } from './tls-report.ts'

export class Session {
  readonly server: ServerToProbe
  readonly network: Network
  readonly speaker: Speaker
  readonly sockets: Sockets
  /** Aborted when the time is up. */
  readonly signal: AbortSignal
  /** Values for the texts of faults. */
  readonly details: FaultDetails & { readonly host: string }
  stage: Stage = 'connection set-up'
  greeting: string | undefined
  tls: TlsReport | undefined
  capabilities: readonly string[] = []
  offer: Offer = { startTls: false, mechanisms: [], ownLogIn: false }
  plaintextRefused: boolean | undefined
  logIn: LogIn = 'not tried'
  readonly faults: Fault[] = []
  /** Whether a password may be sent. */
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

  /** Records the result of a handshake, and what is wrong with it. */
  recordTls(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) throw new SessionError('tlsFailed', { reason: 'the server shows no certificate' })
    const report = tlsReport(socket, certificate, { host: this.server.host, now: this.network.now() })
    const faults = tlsFaults(report, certificate, this.details)
    this.tls = report
    this.isSafe = faults.every(({ rule }) => rule === 'server.certificate-expires-soon')
    this.faults.push(...faults)
  }

  recordCapabilities(capabilities: readonly string[]): void {
    this.capabilities = capabilities
    this.offer = this.speaker.offer(capabilities, String(this.greeting))
  }

  /** Closes all connections. */
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

export interface Sockets {
  /** Rejects with the error of the network, or with a SessionError when the time is up. */
  readonly open: () => Promise<Socket>
  readonly closeAll: () => void
  /** Whether the network has closed a connection because its total time is used up. */
  readonly isCut: boolean
}

/** @param signal aborted when the time is up */
export function createSockets({ host, port }: ServerToProbe, network: Network, signal: AbortSignal): Sockets {
  const sockets: Socket[] = []
  let isClosed = false
  let isCut = false

  function keep(socket: Socket): Socket {
    // Why: an error without a listener would end the program.
    socket.on('error', error => {
      isCut ||= error.name === 'AbortError'
    })
    sockets.push(socket)
    if (isClosed) socket.destroy()
    return socket
  }

  return {
    open: () => withSignal(network.connect(host, port).then(keep), signal, noAnswer),
    closeAll() {
      isClosed = true
      for (const socket of sockets) socket.destroy()
    },
    get isCut() {
      return isCut
    }
  }
}
