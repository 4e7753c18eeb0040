/**
 * The beginning of a connection: with TLS, without encryption, or with StartTLS, as advertised.
 */
import { isIP, type Socket } from 'node:net'
import {
  connect,
  createSecureContext,
  DEFAULT_CIPHERS,
  getCACertificates,
  type SecureContext,
  type TLSSocket
} from 'node:tls'
import { withSignal } from '../../timeout.ts'
import type { Speaker } from '../protocols/line-protocol.ts'
import { createDialogue, type Dialogue } from './dialogue.ts'
import type { Session } from './session.ts'
import { noAnswer, SessionError } from './session-error.ts'

/**
 * The time after which TLS is tried with a silent server, while its greeting is still awaited. Why: some servers delay
 * their greeting to unknown clients for seconds.
 */
const silenceMs = 1000

/** @throws SessionError if the server does not speak TLS from the first byte, or the error of the handshake */
export async function startWithTls(session: Session, socket: Socket): Promise<TLSSocket> {
  const { server, network, signal } = session
  try {
    return await handshake(socket, { host: server.host, ca: network.ca, signal })
  } catch (error) {
    if (!isNoTls(error)) throw error
    throw new SessionError((await greetsWithoutTls(session)) ? 'clearOnTlsPort' : 'notTls')
  }
}

/**
 * Waits for the first bytes of a server that greets without encryption.
 * @throws SessionError if the server waits for a TLS handshake instead
 */
export async function startWithoutTls(session: Session, socket: Socket): Promise<Dialogue> {
  const { network, signal } = session
  const dialogue = createDialogue(socket, signal)
  if (await dialogue.arrival(AbortSignal.timeout(Math.min(silenceMs, network.timeoutMs / 4)))) return dialogue
  const clear = dialogue.arrival(signal).then(() => false)
  const inTls = speaksTls(session).then(speaks => speaks || clear)
  if (await Promise.race([inTls, clear])) throw new SessionError('tlsOnClearPort')
  return dialogue
}

async function speaksTls({ server, network, sockets, signal }: Session): Promise<boolean> {
  try {
    await handshake(await sockets.open(), { host: server.host, ca: network.ca, signal })
    return true
  } catch {
    // Why ignored: the missing greeting is reported anyway.
    return false
  }
}

async function greetsWithoutTls(session: Session): Promise<boolean> {
  try {
    session.greeting = await session.speaker.greet(createDialogue(await session.sockets.open(), session.signal))
    return true
  } catch {
    // Why ignored: the missing TLS is reported anyway.
    return false
  }
}

/** @returns whether the peer did not speak TLS, according to OpenSSL */
function isNoTls(error: unknown): boolean {
  const codes = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

export interface StartedTls {
  readonly secured: TLSSocket
  /** Unencrypted bytes after the answer. They are discarded: a program that treats them as encrypted can be deceived. */
  readonly discarded: number
}

export interface StartTlsOptions extends HandshakeOptions {
  readonly socket: Socket
  readonly speaker: Speaker
  /** Called when the server has agreed. */
  readonly onAgreed: () => void
}

/** Upgrades a conversation to TLS on the same connection. @throws SessionError, or the error of the handshake */
export async function startTls(dialogue: Dialogue, options: StartTlsOptions): Promise<StartedTls> {
  const { socket, speaker, onAgreed, ...handshakeOptions } = options
  speaker.command(dialogue, speaker.startTls)
  const { outcome, text } = await speaker.reply(dialogue)
  if (outcome !== 'ok') throw new SessionError('startTlsRefused', { found: text })
  onAgreed()
  const discarded = dialogue.detach()
  return { secured: await handshake(socket, handshakeOptions), discarded }
}

export interface HandshakeOptions {
  readonly host: string
  /** PEM: certificate authorities that are trusted besides the default ones. */
  readonly ca: string | undefined
  /** Aborted when the time is up. */
  readonly signal: AbortSignal
}

/**
 * The TLS handshake, whether or not the certificate is trusted: that is checked afterwards.
 *
 * @param socket without any other reader
 * @throws SessionError when the time is up, or the error of the handshake
 */
export async function handshake(socket: Socket, { host, ca, signal }: HandshakeOptions): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const secured = connect({
    socket,
    ...(isIP(host) === 0 && { servername: host }),
    secureContext: secureContext(ca),
    rejectUnauthorized: false,
    // Why: names are compared with the certificate afterwards, even if its chain is not trusted.
    checkServerIdentity: () => undefined
  })
  secured.once('secureConnect', resolve)
  secured.on('error', reject)
  await withSignal(promise, signal, noAnswer)
  return secured
}

const contexts = new Map<string, SecureContext>()

/**
 * @param ca PEM: certificate authorities that are trusted besides the default ones
 * @returns a cached context. Why: loading all authorities takes longer than a session with a server
 */
function secureContext(ca = ''): SecureContext {
  const context = contexts.get(ca) ?? create(ca)
  contexts.set(ca, context)
  return context
}

function create(ca: string): SecureContext {
  return createSecureContext({
    ...(ca !== '' && { ca: [...getCACertificates(), ca] }),
    // Why: a server without newer versions must be reported as outdated, not as unreachable.
    minVersion: 'TLSv1',
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`
  })
}
