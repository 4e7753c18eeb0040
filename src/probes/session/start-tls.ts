/**
 * From a conversation in clear to TLS, on the same connection.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Speaker } from '../protocols/line-protocol.ts'
import type { Dialogue } from './dialogue.ts'
import { Trouble } from './session-error.ts'
import { type SecureOptions, secure } from './tls-handshake.ts'

export interface StartedTls {
  readonly secured: TLSSocket
  /** Bytes that came in clear after the answer. They are thrown away: who counts them as TLS can be deceived. */
  readonly discarded: number
}

export interface StartTlsOptions extends SecureOptions {
  readonly socket: Socket
  readonly speaker: Speaker
  /** Told when the server has agreed. */
  readonly onAgreed: () => void
}

/** @throws Trouble, or the error of the handshake */
export async function startTls(dialogue: Dialogue, options: StartTlsOptions): Promise<StartedTls> {
  const { socket, speaker, onAgreed, ...secureOptions } = options
  speaker.command(dialogue, speaker.startTls)
  const { outcome, text } = await speaker.reply(dialogue)
  if (outcome !== 'ok') throw new Trouble('startTlsRefused', { found: text })
  onAgreed()
  const discarded = dialogue.detach()
  return { secured: await secure(socket, secureOptions), discarded }
}
