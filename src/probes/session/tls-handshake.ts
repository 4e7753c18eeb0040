/**
 * The TLS handshake with a server, whatever its certificate is worth: that is judged afterwards.
 */
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { trust } from '../tls/trust.ts'
import { inTime } from './in-time.ts'

export interface SecureOptions {
  readonly host: string
  /** PEM: authorities that are trusted besides the usual ones. */
  readonly ca: string | undefined
  /** Aborted when the time is up. */
  readonly signal: AbortSignal
}

/** @param socket nobody else reads it. @throws Trouble where the time is up, or the error of the handshake */
export async function secure(socket: Socket, { host, ca, signal }: SecureOptions): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const secured = connect({
    socket,
    ...(isIP(host) === 0 && { servername: host }),
    secureContext: trust(ca),
    rejectUnauthorized: false,
    // Why: names are compared with those of the certificate even where its chain is not trusted.
    checkServerIdentity: () => undefined
  })
  secured.once('secureConnect', resolve)
  secured.on('error', reject)
  await inTime(promise, signal)
  return secured
}
