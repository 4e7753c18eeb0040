/**
 * The way in by https: TLS is taken off here, and the connection handed to the http server, so that every limit and time of
 * it, and its end, are those of http too.
 */
import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:tls'
import type { Certificate } from '../keys/certificate.ts'
import type { Certificates } from '../keys/certificates.ts'
import { createServerNames } from './server-names.ts'

/** @returns a server that does not listen yet */
export function createTlsListener(http: HttpServer, certificates: Pick<Certificates, 'certificatesAt'>): Server {
  let held: readonly Certificate[] = []
  let find = createServerNames(held)
  // Why not imported: see keys/certificate-chain.ts.
  const server = process.getBuiltinModule('node:tls').createServer({
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: http.headersTimeout,
    noDelay: true,
    SNICallback: (name, done) => done(null, find(name)?.context)
  })
  server.maxConnections = http.maxConnections

  /** Why at each connection: the clock alone can make another certificate the right one. */
  function renew(): void {
    const now = certificates.certificatesAt(Date.now())
    const [first] = now
    if (first === undefined || (now.length === held.length && now.every((each, at) => each === held[at]))) return
    held = now
    find = createServerNames(now)
    server.setSecureContext(first.options)
  }

  server.prependListener('connection', renew)
  server.on('secureConnection', socket => http.emit('connection', socket))
  return server
}
