/**
 * One real mail program as code: the URLs it asks in order, what it sends, how it parses, what it would take.
 */
import type { World } from './world.ts'

export interface Client {
  /** In kebab-case, as the file is named. */
  readonly name: string
  /** For people. */
  readonly title: string
  /** What the model was read from: repository, commit, date. */
  readonly source: string
  readonly discover: (address: string, world: World) => Promise<Discovery>
}

export interface Discovery {
  /** What the program would configure; undefined where it finds nothing and asks the person. */
  readonly account: FoundAccount | undefined
  /** Why there is none; undefined where there is one. */
  readonly reason: string | undefined
  /** Everything that was asked, in order. */
  readonly trace: readonly Step[]
}

export interface FoundAccount {
  readonly incoming: FoundServer
  /** Undefined in programs that only read. */
  readonly outgoing: FoundServer | undefined
  /** The URL or DNS name that won. */
  readonly from: string
}

export interface FoundServer {
  readonly protocol: 'imap' | 'pop3' | 'smtp' | 'jmap' | 'activesync'
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  /** With placeholders replaced as the program does it; undefined where it asks the person or takes the address unasked. */
  readonly username: string | undefined
}

export interface Step {
  /** `GET https://…`, `POST https://…`, `SRV _imaps._tcp.example.com`. */
  readonly asked: string
  /** In a few words: `200, used`, `404`, `no answer`, `200, refused: no smtp server`. */
  readonly result: string
}
