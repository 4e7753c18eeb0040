/**
 * One protocol of lines: how it greets, tells what it can do, goes over to TLS and logs in.
 */
import type { Credentials } from '../session/credentials.ts'
import type { Dialogue } from '../session/dialogue.ts'

export interface Speaker {
  /** `IMAP` */
  readonly title: string
  /** The command that goes over to TLS. */
  readonly startTls: 'STARTTLS' | 'STLS'
  /** The command that asks for the capabilities. */
  readonly ask: string
  /** After TLS the server greets once more, without being asked. */
  readonly greetsAgain: boolean
  /** @returns the first line that the server says. @throws Trouble where it is not this protocol, or turns us away */
  readonly greet: (dialogue: Dialogue) => Promise<string>
  /** @returns what the server says to `ask`. @throws Trouble where it refuses */
  readonly capabilities: (dialogue: Dialogue, name: string) => Promise<readonly string[]>
  /** What capabilities mean. */
  readonly offer: (capabilities: readonly string[], greeting: string) => Offer
  /** Sends a command without anything secret in it. */
  readonly command: (dialogue: Dialogue, text: string) => void
  /** Reads the answer to a command. @throws Trouble where it is none */
  readonly reply: (dialogue: Dialogue) => Promise<Reply>
  /** Log-in by SASL. */
  readonly sasl: {
    /** The server takes the first response together with the command. */
    readonly takesInitial: (capabilities: readonly string[]) => boolean
    readonly command: (mechanism: string, initial: string | undefined) => string
    /** @param text base64, or `*` to give up */
    readonly response: (text: string) => string
  }
  /** Log-in by the protocol's own commands, one answer each, where it has some. */
  readonly logInCommands?: (credentials: Credentials) => readonly string[]
  readonly farewell: 'LOGOUT' | 'QUIT'
}

export interface Offer {
  readonly startTls: boolean
  /** Of SASL, in capitals; and APOP. */
  readonly mechanisms: readonly string[]
  /** The protocol's own log-in, which sends the password as it is; undefined where the server does not say. */
  readonly ownLogIn: boolean | undefined
}

export interface Reply {
  /** `later`: the server says that it may go well another time. */
  readonly outcome: 'ok' | 'more' | 'no' | 'later'
  /** What the server says; to `more`, its challenge in base64. */
  readonly text: string
}
