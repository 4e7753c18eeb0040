/**
 * A line-based protocol: its greeting, capabilities, StartTLS and login.
 */

import type { Dialogue } from '../session/dialogue.ts'
import type { Credentials } from './sasl.ts'

export interface Speaker {
  /** `IMAP` */
  readonly title: string
  /** The command that starts TLS. */
  readonly startTls: 'STARTTLS' | 'STLS'
  /** The command that asks for the capabilities. */
  readonly ask: string
  /** Whether the server greets again after StartTLS. */
  readonly greetsAgain: boolean
  /** @returns the first line of the server. @throws SessionError if it is another protocol, or the server refuses us */
  readonly greet: (dialogue: Dialogue) => Promise<string>
  /** @returns the answer to `ask`. @throws SessionError if the server refuses */
  readonly capabilities: (dialogue: Dialogue, name: string) => Promise<readonly string[]>
  /** @returns the meaning of the capabilities */
  readonly offer: (capabilities: readonly string[], greeting: string) => Offer
  /** Sends a command without anything secret in it. */
  readonly command: (dialogue: Dialogue, text: string) => void
  /** Reads the response to a command. @throws SessionError if it is invalid */
  readonly reply: (dialogue: Dialogue) => Promise<Reply>
  /** Login with SASL. */
  readonly sasl: {
    /** Whether the server accepts the initial response with the command. */
    readonly takesInitial: (capabilities: readonly string[]) => boolean
    readonly command: (mechanism: string, initial: string | undefined) => string
    /** @param text base64, or `*` to cancel */
    readonly response: (text: string) => string
  }
  /** Login with the protocol's own commands, one answer each, if there are any. */
  readonly logInCommands?: (credentials: Credentials) => readonly string[]
  readonly farewell: 'LOGOUT' | 'QUIT'
}

export interface Offer {
  readonly startTls: boolean
  /** SASL mechanisms in upper case, and APOP. */
  readonly mechanisms: readonly string[]
  /** The protocol's own login, which sends the password unencrypted; undefined if the server does not say. */
  readonly ownLogIn: boolean | undefined
}

export interface Reply {
  /** `later`: a temporary refusal. */
  readonly outcome: 'ok' | 'more' | 'no' | 'later'
  /** The text of the server; with `more`, its challenge in base64. */
  readonly text: string
}
