/**
 * Probes one advertised server like a mail program: it connects, reads the greeting, starts TLS, asks for the capabilities,
 * logs in if there is a password, and ends the session.
 */
import type { Socket } from 'node:net'
import type { Network, Probe, ServerToProbe } from './probe.ts'
import { authenticationFaults, takesPassword } from './protocols/authentication.ts'
import { hidePassword } from './protocols/sasl.ts'
import { ehloName } from './protocols/smtp.ts'
import { createDialogue, type Dialogue } from './session/dialogue.ts'
import { logIn } from './session/log-in.ts'
import { Session } from './session/session.ts'
import { SessionError, toConnectionFault } from './session/session-error.ts'
import { startTls, startWithoutTls, startWithTls } from './session/start-connection.ts'

/**
 * @param password is only sent over TLS without faults
 * @returns the result of the probe; everything that goes wrong is in `faults`
 */
export async function probeServer(server: ServerToProbe, network: Network, password?: string): Promise<Probe> {
  const session = new Session(server, network)
  try {
    await converse(session, password)
  } catch (error) {
    session.faults.push(
      toConnectionFault(session.sockets.isCut ? new SessionError('noTime') : error, session.stage, session.details)
    )
  } finally {
    session.end()
  }
  return session.toProbe()
}

async function converse(session: Session, password: string | undefined): Promise<void> {
  const { server, speaker } = session
  const socket = await session.sockets.open()
  const name = ehloName(socket.localAddress)
  const first = await start(session, socket)
  session.stage = 'greeting'
  session.greeting = await speaker.greet(first)
  session.stage = 'conversation'
  session.recordCapabilities(await speaker.capabilities(first, name))
  const dialogue = server.security === 'starttls' ? await upgrade(session, first, { socket, name }) : first
  if (dialogue !== undefined) {
    session.faults.push(...authenticationFaults(server.authentication, session.offer, session.details))
    if (password !== undefined) await tryLogIn(session, dialogue, password)
  }
  await endSession(session, dialogue ?? first)
}

async function start(session: Session, socket: Socket): Promise<Dialogue> {
  if (session.server.security !== 'tls') {
    session.stage = 'greeting'
    if (session.server.security === 'none') session.add('noEncryption')
    return startWithoutTls(session, socket)
  }
  session.stage = 'TLS handshake'
  const secured = await startWithTls(session, socket)
  session.recordTls(secured)
  return createDialogue(secured, session.signal)
}

interface UpgradeOptions {
  readonly socket: Socket
  /** The client's name for EHLO. */
  readonly name: string
}

/** @returns the conversation over TLS, or undefined if the server does not offer it */
async function upgrade(
  session: Session,
  unencrypted: Dialogue,
  options: UpgradeOptions
): Promise<Dialogue | undefined> {
  const { server, network, speaker, signal } = session
  const accepted = takesPassword(session.offer)
  session.plaintextRefused = accepted === undefined ? undefined : !accepted
  if (accepted === true) session.add('plaintextAccepted')
  if (!session.offer.startTls) {
    session.add('startTlsMissing')
    return undefined
  }
  const { secured, discarded } = await startTls(unencrypted, {
    ...{ socket: options.socket, speaker, host: server.host, ca: network.ca, signal },
    onAgreed() {
      session.stage = 'TLS handshake'
    }
  })
  session.recordTls(secured)
  if (discarded > 0) {
    session.add('bytesBeforeTls', { count: discarded })
    session.isSafe = false
  }
  session.stage = 'conversation'
  const dialogue = createDialogue(secured, signal, unencrypted)
  if (speaker.greetsAgain) await speaker.greet(dialogue)
  session.recordCapabilities(await speaker.capabilities(dialogue, options.name))
  return dialogue
}

async function tryLogIn(session: Session, dialogue: Dialogue, password: string): Promise<void> {
  const { server, speaker, capabilities, offer } = session
  const { username, authentication, isUnvouched = false } = server
  if (username === undefined) return session.add('logInNotTried', { reason: 'no user name is known' })
  if (isUnvouched) return session.add('logInNotTried', { reason: 'nothing that came by https names this server' })
  if (!session.isSafe) return session.add('logInNotTried', { reason: 'the connection is not safe for a password' })
  session.stage = 'login'
  const credentials = { username, password }
  const options = { credentials, advertised: authentication, capabilities, offer }
  const reply = await logIn(dialogue, speaker, options).catch(error => {
    throw error instanceof SessionError ? error.with(text => hidePassword(text, credentials)) : error
  })
  if (typeof reply === 'string') return session.add('logInNotTried', { reason: reply })
  const { outcome, text } = reply
  session.logIn = outcome === 'ok' ? 'accepted' : outcome === 'later' ? 'temporarily refused' : 'refused'
  if (outcome !== 'ok')
    session.add(outcome === 'later' ? 'logInLater' : 'logInRefused', {
      found: hidePassword(text, credentials)
    })
}

/** Why the answer is awaited: a server that cannot finish it logs an error. */
async function endSession({ speaker }: Session, dialogue: Dialogue): Promise<void> {
  try {
    speaker.command(dialogue, speaker.farewell)
    await speaker.reply(dialogue)
  } catch {
    // Why ignored: everything is known by now.
  }
}
