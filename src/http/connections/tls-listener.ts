/**
 * The way in by https: TLS is taken off here, and the connection handed to the http server, so that every limit and time of
 * it, and its end, are those of http too. Until the handshake is complete, limits and times are kept here.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer, type Server, type Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Certificate, Certificates } from '../../keys/certificates.ts'
import { perValue } from '../../sources/per-table.ts'
import { surviveAcceptErrors } from './accept-errors.ts'
import { setRemoteAddress } from './proxied-connections.ts'
import { createServerNames } from './server-names.ts'
import { createTlsChallenges, type TlsChallengeOf } from './tls-challenges.ts'

/** Certificates that are obtained automatically, for names that no file covers. */
export interface AutomaticCertificates {
  /** @returns the certificate of a name, if it is in memory */
  held(name: string): Certificate | undefined
  /** Never rejects, and does not take long. @returns the certificate of a name, after an order if necessary */
  obtain(name: string): Promise<Certificate | undefined>
  /** For clients that send no name, or an unknown one; undefined if there is none. */
  readonly standard: Certificate | undefined
}

export interface TlsListenerOptions {
  readonly automatic?: AutomaticCertificates | undefined
  /** Undefined: no challenges over TLS. */
  readonly tlsChallengeOf?: TlsChallengeOf | undefined
}

/** @returns a server that does not listen yet */
export function createTlsListener(
  {
    server: http,
    listenerOptions: { limitsOf, gate, acceptProxied, logger }
  }: Pick<FastifyInstance, 'server' | 'listenerOptions'>,
  certificates: Pick<Certificates, 'certificatesAt'>,
  { automatic, tlsChallengeOf }: TlsListenerOptions = {}
): Server {
  let held: readonly Certificate[] = []
  let standard: Certificate | undefined
  let find = createServerNames(held)
  /** The client of each connection during its handshake: a decrypted socket does not reveal which one it belongs to. */
  const clients = new AsyncLocalStorage<string | undefined>()
  // Why another one when the time changes: a server of node:tls keeps the time that it was made with.
  const tlsOf = perValue(() => limitsOf().headersSeconds, create)

  function create(headersSeconds: number): TlsServer {
    // Why not imported: see keys/certificate-chain.ts.
    const tls = process.getBuiltinModule('node:tls').createServer({
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: headersSeconds * 1000,
      SNICallback: (name, done) => {
        const known = find(name) ?? automatic?.held(name)
        if (known !== undefined || automatic === undefined) done(null, known?.context)
        else automatic.obtain(name).then(obtained => done(null, (obtained ?? standard)?.context))
      }
    })
    if (standard !== undefined) tls.setSecureContext(standard.options)
    // Why: node leaves a connection open whose handshake has failed or takes too long.
    tls.on('tlsClientError', (_error, socket) => socket.destroy())
    tls.on('secureConnection', socket => {
      if (acceptProxied) setRemoteAddress(socket, clients.getStore())
      http.emit('connection', socket)
    })
    return tls
  }

  /** Why at each connection: the clock alone can make another certificate the right one. */
  function renew(tls: TlsServer): void {
    const now = certificates.certificatesAt(Date.now())
    const [first = automatic?.standard] = now
    if (first === undefined) return
    if (first === standard && now.length === held.length && now.every((each, at) => each === held[at])) return
    held = now
    standard = first
    find = createServerNames(now)
    tls.setSecureContext(first.options)
  }

  function startHandshake(socket: Socket): void {
    const tls = tlsOf()
    renew(tls)
    tls.emit('connection', socket)
  }

  const answerChallenge = tlsChallengeOf && createTlsChallenges(tlsChallengeOf, { limitsOf })

  function admitted(socket: Socket): void {
    const handshake = () => {
      if (acceptProxied) clients.run(socket.remoteAddress, startHandshake, socket)
      else startHandshake(socket)
    }
    if (answerChallenge) answerChallenge(socket, handshake)
    else handshake()
  }

  // Why a server in front of TLS: a connection that is not admitted must not begin a handshake.
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: limitsOf().idleSeconds * 1000 }
  const server = createServer(options, socket => {
    follow()
    if (acceptProxied) acceptProxied(socket, () => admitted(socket))
    else if (gate.admit(socket)) admitted(socket)
    else socket.destroy()
  })
  const follow = perValue(limitsOf, ({ connections }) => {
    server.maxConnections = connections
  })
  server.on('drop', () => {
    follow()
    gate.countDropped()
  })
  surviveAcceptErrors(server, logger)
  return server
}
