/**
 * Answers of this service to challenges over TLS (RFC 8737). A connection whose client offers the protocol of these challenges, and no
 * other, gets a handshake with the certificate of the challenge, and is then closed. HTTP never sees it.
 *
 * Why the first bytes are read before TLS: node:tls asks for the certificate of a name before it shows which protocols the client
 * offers, so that a challenge would wait for the order that it belongs to, and other clients of the name would get its certificate.
 * Observed: `setKeyCert` in `ALPNCallback` fails with TLS 1.2 if the two certificates have keys of different types (Node 24.21,
 * OpenSSL 3.5, 2026-11-30).
 */
import type { Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { Certificate } from '../../keys/certificates.ts'
import { challengeProtocol } from '../../settings/check/tls.ts'
import type { CurrentLimits } from '../../settings/limits.ts'
import { perValue } from '../../sources/per-table.ts'
import { bytesOfHello, protocolsOfHello } from './client-hello.ts'

/** Never rejects. @param name as a client sent it. @returns the certificate of its challenge; undefined if there is no challenge */
export type TlsChallengeOf = (name: string) => Promise<Certificate | undefined>

/** Answers a connection if it is for a challenge. @param next is called otherwise; its first bytes can be read again */
export type AnswerTlsChallenge = (socket: Socket, next: () => void) => void

export function createTlsChallenges(
  challengeOf: TlsChallengeOf,
  { limitsOf }: { readonly limitsOf: CurrentLimits<'headersSeconds'> }
): AnswerTlsChallenge {
  const tlsOf = perValue(
    () => limitsOf().headersSeconds,
    headersSeconds => createServer(challengeOf, headersSeconds)
  )
  return (socket, next) => {
    receiveHello(socket, limitsOf().headersSeconds * 1000, protocols => {
      // Spec: RFC 8737 3: a validating client offers this protocol alone.
      const isChallenge = protocols.length === 1 && protocols[0] === challengeProtocol
      if (isChallenge) tlsOf().emit('connection', socket)
      else next()
    })
  }
}

/** Why without a default certificate: the handshake for a name without a challenge then fails. */
function createServer(challengeOf: TlsChallengeOf, headersSeconds: number): TlsServer {
  // Why not imported: see keys/certificate-chain.ts.
  const tls = process.getBuiltinModule('node:tls').createServer({
    ALPNProtocols: [challengeProtocol],
    handshakeTimeout: headersSeconds * 1000,
    SNICallback: (name, done) => {
      challengeOf(name).then(certificate => done(null, certificate?.context))
    }
  })
  tls.on('tlsClientError', (_error, socket) => socket.destroy())
  // Spec: RFC 8737 3: no application data is exchanged.
  tls.on('secureConnection', socket => socket.destroySoon())
  return tls
}

/** Closes the connection if the message does not arrive in time. @param done is called with the protocols of the client */
function receiveHello(socket: Socket, boundMs: number, done: (protocols: readonly string[]) => void): void {
  let chunks: Buffer[] = []
  let received = 0
  let needed = 0
  const close = () => socket.destroy()
  const timer = setTimeout(close, boundMs)

  function release(): void {
    clearTimeout(timer)
    socket.off('data', receive).off('error', close).off('close', release)
  }

  function receive(chunk: Buffer): void {
    chunks.push(chunk)
    received += chunk.length
    if (received < needed) return
    const bytes = chunks.length > 1 ? Buffer.concat(chunks) : chunk
    chunks = [bytes]
    needed = bytesOfHello(bytes)
    if (received < needed) return
    release()
    // Why paused: TLS must get all bytes, and in their order.
    socket.pause()
    socket.unshift(bytes)
    done(protocolsOfHello(bytes))
  }

  socket.on('data', receive).on('error', close).on('close', release)
  // Why: after a PROXY protocol header it is paused.
  socket.resume()
}
