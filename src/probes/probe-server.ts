/**
 * What one advertised server does when a mail program comes: it connects, reads the greeting, goes over to TLS, asks what
 * is offered, logs in where a password is given, and says good-bye.
 */
import type { Socket } from 'node:net'
import { explain } from './explain.ts'
import type { Network, Probe, ServerToProbe } from './probe.ts'
import { authenticationFaults, takesPassword } from './protocols/authentication.ts'
import { ehloName } from './protocols/ehlo-name.ts'
import { createDialogue, type Dialogue } from './session/dialogue.ts'
import { startInClear, startInTls } from './session/first-bytes.ts'
import { hidePassword } from './session/hide-password.ts'
import { logIn } from './session/log-in.ts'
import { Visit } from './session/session.ts'
import { Trouble } from './session/session-error.ts'
import { startTls } from './session/start-tls.ts'

/**
 * @param password is only sent over TLS without fault
 * @returns what was found; whatever goes wrong stands in `faults`
 */
export async function probeServer(server: ServerToProbe, network: Network, password?: string): Promise<Probe> {
  const visit = new Visit(server, network)
  try {
    await converse(visit, password)
  } catch (error) {
    visit.faults.push(explain(visit.sockets.isCut ? new Trouble('noTime') : error, visit.stage, visit.details))
  } finally {
    visit.end()
  }
  return visit.toProbe()
}

async function converse(visit: Visit, password: string | undefined): Promise<void> {
  const { server, speaker } = visit
  const socket = await visit.sockets.open()
  const name = ehloName(socket.localAddress)
  const first = await start(visit, socket)
  visit.stage = 'greeting'
  visit.greeting = await speaker.greet(first)
  visit.stage = 'conversation'
  visit.noteCapabilities(await speaker.capabilities(first, name))
  const dialogue = server.security === 'starttls' ? await upgrade(visit, first, { socket, name }) : first
  if (dialogue !== undefined) {
    visit.faults.push(...authenticationFaults(server.authentication, visit.offer, visit.details))
    if (password !== undefined) await tryLogIn(visit, dialogue, password)
  }
  await leave(visit, dialogue ?? first)
}

async function start(visit: Visit, socket: Socket): Promise<Dialogue> {
  if (visit.server.security !== 'tls') {
    visit.stage = 'greeting'
    if (visit.server.security === 'none') visit.add('noEncryption')
    return startInClear(visit, socket)
  }
  visit.stage = 'TLS handshake'
  const secured = await startInTls(visit, socket)
  visit.noteTls(secured)
  return createDialogue(secured, visit.signal)
}

interface UpgradeOptions {
  readonly socket: Socket
  /** For EHLO. */
  readonly name: string
}

/** @returns the conversation in TLS, or undefined where the server does not offer it */
async function upgrade(visit: Visit, clear: Dialogue, options: UpgradeOptions): Promise<Dialogue | undefined> {
  const { server, network, speaker, signal } = visit
  const accepted = takesPassword(visit.offer)
  visit.plaintextRefused = accepted === undefined ? undefined : !accepted
  if (accepted === true) visit.add('plaintextAccepted')
  if (!visit.offer.startTls) {
    visit.add('startTlsMissing')
    return undefined
  }
  const { secured, discarded } = await startTls(clear, {
    ...{ socket: options.socket, speaker, host: server.host, ca: network.ca, signal },
    onAgreed() {
      visit.stage = 'TLS handshake'
    }
  })
  visit.noteTls(secured)
  if (discarded > 0) {
    visit.add('bytesBeforeTls', { count: discarded })
    visit.isSafe = false
  }
  visit.stage = 'conversation'
  const dialogue = createDialogue(secured, signal, clear)
  if (speaker.greetsAgain) await speaker.greet(dialogue)
  visit.noteCapabilities(await speaker.capabilities(dialogue, options.name))
  return dialogue
}

async function tryLogIn(visit: Visit, dialogue: Dialogue, password: string): Promise<void> {
  const { server, speaker, capabilities, offer } = visit
  const { username, authentication, isUnvouched = false } = server
  if (username === undefined) return visit.add('logInNotTried', { reason: 'no user name is known' })
  if (isUnvouched) return visit.add('logInNotTried', { reason: 'nothing that came by https names this server' })
  if (!visit.isSafe) return visit.add('logInNotTried', { reason: 'the connection is not safe for a password' })
  visit.stage = 'log-in'
  const credentials = { username, password }
  const options = { credentials, advertised: authentication, capabilities, offer }
  const reply = await logIn(dialogue, speaker, options).catch(error => {
    throw error instanceof Trouble ? error.with(text => hidePassword(text, credentials)) : error
  })
  if (typeof reply === 'string') return visit.add('logInNotTried', { reason: reply })
  const { outcome, text } = reply
  visit.logIn = outcome === 'ok' ? 'accepted' : outcome === 'later' ? 'temporarily refused' : 'refused'
  if (outcome !== 'ok')
    visit.add(outcome === 'later' ? 'logInLater' : 'logInRefused', {
      found: hidePassword(text, credentials)
    })
}

/** Why the answer is awaited: a server that is cut off in the middle of it logs an error. */
async function leave({ speaker }: Visit, dialogue: Dialogue): Promise<void> {
  try {
    speaker.command(dialogue, speaker.farewell)
    await speaker.reply(dialogue)
  } catch {
    // Why no matter: everything is known by now.
  }
}
