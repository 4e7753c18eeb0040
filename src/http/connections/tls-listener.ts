/**
 * The way in by https: TLS is taken off here, and the connection handed to the http server, so that every limit and time of
 * it, and its end, are those of http too. Until the handshake is complete, limits and times are kept here.
 */
import { createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Certificate, Certificates } from '../../keys/certificates.ts'
import { surviveAcceptErrors } from './accept-errors.ts'
import { createServerNames } from './server-names.ts'

/** @returns a server that does not listen yet */
export function createTlsListener(
  { server: http, listenerOptions: { limits, gate, logger } }: Pick<FastifyInstance, 'server' | 'listenerOptions'>,
  certificates: Pick<Certificates, 'certificatesAt'>
): Server {
  let held: readonly Certificate[] = []
  let find = createServerNames(held)
  // Why not imported: see keys/certificate-chain.ts.
  const tls = process.getBuiltinModule('node:tls').createServer({
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.headersSeconds * 1000,
    SNICallback: (name, done) => done(null, find(name)?.context)
  })

  /** Why at each connection: the clock alone can make another certificate the right one. */
  function renew(): void {
    const now = certificates.certificatesAt(Date.now())
    const [first] = now
    if (first === undefined || (now.length === held.length && now.every((each, at) => each === held[at]))) return
    held = now
    find = createServerNames(now)
    tls.setSecureContext(first.options)
  }

  // Why: node leaves a connection open whose handshake has failed or takes too long.
  tls.on('tlsClientError', (_error, socket) => socket.destroy())
  tls.on('secureConnection', socket => http.emit('connection', socket))

  // Why a server in front of TLS: a connection that is not admitted must not begin a handshake.
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.idleSeconds * 1000 }
  const server = createServer(options, socket => {
    if (!gate.admit(socket)) {
      socket.destroy()
      return
    }
    renew()
    tls.emit('connection', socket)
  })
  server.maxConnections = limits.connections
  server.on('drop', gate.countDropped)
  surviveAcceptErrors(server, logger)
  return server
}
