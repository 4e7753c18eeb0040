/**
 * The first bytes of a connection: in TLS or in clear, as advertised.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createDialogue, type Dialogue } from './dialogue.ts'
import type { Visit } from './session.ts'
import { Trouble } from './session-error.ts'
import { secure } from './tls-handshake.ts'

/**
 * Milliseconds until a silent server is tried in TLS, while its greeting is still waited for. Why: some servers let
 * strangers wait for seconds.
 */
const patience = 1000

/** @throws Trouble where the server does not speak TLS from the first byte, or the error of the handshake */
export async function startInTls(visit: Visit, socket: Socket): Promise<TLSSocket> {
  const { server, network, signal } = visit
  try {
    return await secure(socket, { host: server.host, ca: network.ca, signal })
  } catch (error) {
    if (!isNoTls(error)) throw error
    throw new Trouble((await greetsInClear(visit)) ? 'clearOnTlsPort' : 'notTls')
  }
}

/**
 * Waits for the first bytes of a server that greets in clear.
 * @throws Trouble where it waits for a TLS handshake instead
 */
export async function startInClear(visit: Visit, socket: Socket): Promise<Dialogue> {
  const { network, signal } = visit
  const dialogue = createDialogue(socket, signal)
  if (await dialogue.arrival(AbortSignal.timeout(Math.min(patience, network.timeoutMs / 4)))) return dialogue
  const clear = dialogue.arrival(signal).then(() => false)
  const inTls = speaksTls(visit).then(speaks => speaks || clear)
  if (await Promise.race([inTls, clear])) throw new Trouble('tlsOnClearPort')
  return dialogue
}

async function speaksTls({ server, network, sockets, signal }: Visit): Promise<boolean> {
  try {
    await secure(await sockets.open(), { host: server.host, ca: network.ca, signal })
    return true
  } catch {
    // Why no matter: that the greeting does not come is told anyway.
    return false
  }
}

async function greetsInClear(visit: Visit): Promise<boolean> {
  try {
    visit.greeting = await visit.speaker.greet(createDialogue(await visit.sockets.open(), visit.signal))
    return true
  } catch {
    // Why no matter: that it is not TLS is told anyway.
    return false
  }
}

/** OpenSSL has read a record that is none. */
function isNoTls(error: unknown): boolean {
  const codes = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
