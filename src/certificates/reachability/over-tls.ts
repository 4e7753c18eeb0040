/**
 * Whether a name leads to this service over TLS: a handshake through it must bring the certificate of a challenge that this service has
 * made up, as the certificate authority expects it. Spec: RFC 8737 3.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectOverTls } from 'node:tls'
import { noAnswer, toNetworkFault } from '../../network/network-fault.ts'
import { challengeProtocol } from '../../settings/check/tls.ts'
import { createTlsChallengeFiles, storedTlsChallenge } from '../storage/tls-challenge-files.ts'
import type { ReachCheck, ReachCheckOptions } from './over-http.ts'

const usualHandshakeMs = 5000

export function openTlsCheck(options: ReachCheckOptions): ReachCheck {
  const { storage, session, handshakeMs = usualHandshakeMs } = options
  const { present } = createTlsChallengeFiles(storage)

  async function ask(name: string, expected: Buffer): Promise<string | undefined> {
    const certificate = await fetchCertificate(name, await session.ownConnect(name, 443), handshakeMs)
    return certificate?.equals(expected) === true ? undefined : 'another server answers'
  }

  return {
    type: 'tls-alpn-01',
    port: 443,
    async find(name) {
      const end = await present({ name, token: '', keyAuthorization: randomBytes(24).toString('base64url') })
      try {
        // Why not within the request: a fault of the storage is not a fault of the network.
        const { chain } = await storedTlsChallenge(storage, name)
        return await ask(name, chain[0].raw).catch(describe)
      } finally {
        await end()
      }
    },
    end: async () => undefined
  }
}

function describe(error: unknown): string {
  const { kind, message } = toNetworkFault(error)
  return kind === 'tls' ? `another server answers, without ${challengeProtocol}` : message
}

/** @param socket is closed. @returns the certificate; undefined if the server does not negotiate the protocol of challenges */
async function fetchCertificate(servername: string, socket: Socket, handshakeMs: number): Promise<Buffer | undefined> {
  const options = { socket, servername, ALPNProtocols: [challengeProtocol], rejectUnauthorized: false }
  const secured = connectOverTls(options)
  // Why: the end of the connection may bring a further error, which must not end the process.
  secured.on('error', () => undefined)
  const timer = setTimeout(() => secured.destroy(noAnswer(handshakeMs)), handshakeMs)
  try {
    await once(secured, 'secureConnect')
    return secured.alpnProtocol === challengeProtocol ? secured.getPeerCertificate().raw : undefined
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
