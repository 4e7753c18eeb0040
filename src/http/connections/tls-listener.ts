/**
 * The way in by https: TLS is taken off here, and the connection handed to the http server, so that every limit and time of
 * it, and its end, are those of http too. Until the handshake is complete, limits and times are kept here.
 */
import { createServer, type Server } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Certificate, Certificates } from '../../keys/certificates.ts'
import { perValue } from '../../sources/per-table.ts'
import { surviveAcceptErrors } from './accept-errors.ts'
import { createServerNames } from './server-names.ts'

/** @returns a server that does not listen yet */
export function createTlsListener(
  { server: http, listenerOptions: { limitsOf, gate, logger } }: Pick<FastifyInstance, 'server' | 'listenerOptions'>,
  certificates: Pick<Certificates, 'certificatesAt'>
): Server {
  let held: readonly Certificate[] = []
  let find = createServerNames(held)
  // Why another one when the time changes: a server of node:tls keeps the time that it was made with.
  const tlsOf = perValue(() => limitsOf().headersSeconds, create)

  function create(headersSeconds: number): TlsServer {
    // Why not imported: see keys/certificate-chain.ts.
    const tls = process.getBuiltinModule('node:tls').createServer({
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: headersSeconds * 1000,
      SNICallback: (name, done) => done(null, find(name)?.context)
    })
    const [first] = held
    if (first !== undefined) tls.setSecureContext(first.options)
    // Why: node leaves a connection open whose handshake has failed or takes too long.
    tls.on('tlsClientError', (_error, socket) => socket.destroy())
    tls.on('secureConnection', socket => http.emit('connection', socket))
    return tls
  }

  /** Why at each connection: the clock alone can make another certificate the right one. */
  function renew(tls: TlsServer): void {
    const now = certificates.certificatesAt(Date.now())
    const [first] = now
    if (first === undefined || (now.length === held.length && now.every((each, at) => each === held[at]))) return
    held = now
    find = createServerNames(now)
    tls.setSecureContext(first.options)
  }

  // Why a server in front of TLS: a connection that is not admitted must not begin a handshake.
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: limitsOf().idleSeconds * 1000 }
  const server = createServer(options, socket => {
    if (!gate.admit(socket)) {
      socket.destroy()
      return
    }
    follow()
    const tls = tlsOf()
    renew(tls)
    tls.emit('connection', socket)
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
