/**
 * The TLS handshake with a server, whatever its certificate is worth: that is judged afterwards.
 */
import { isIP, type Socket } from 'node:net'
import { connect, DEFAULT_CIPHERS, getCACertificates, type TLSSocket } from 'node:tls'
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
    ...(ca !== undefined && { ca: [...getCACertificates(), ca] }),
    rejectUnauthorized: false,
    // Why: names are compared with those of the certificate even where its chain is not trusted.
    checkServerIdentity: () => undefined,
    // Why: a server that speaks nothing newer is to be named, not to look as if it were down.
    minVersion: 'TLSv1',
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`
  })
  secured.once('secureConnect', resolve)
  secured.on('error', reject)
  await inTime(promise, signal)
  return secured
}
