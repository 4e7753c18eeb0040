/**
 * The model of a real mail program: which URLs it requests in which order, what it sends, how it parses responses, and which
 * settings it would use.
 */

import { toAddress } from '../../settings/question/address.ts'
import type { World } from './world.ts'

export interface Client {
  /** Name of the file or folder, in kebab-case. */
  readonly name: string
  /** Shown to people. */
  readonly title: string
  /** The newest release that the model describes. Doctor assumes that people use it. */
  readonly release: string
  /** Source of the model: repository, commit, date. */
  readonly source: string
  /** Shown to people: which servers the program uses. */
  readonly takes: string
  /** Shown to people: behaviour that differs in earlier releases, and since when. */
  readonly changes?: readonly string[]
  readonly discover: (address: string, world: World) => Promise<Discovery>
}

export interface Discovery {
  /** The settings that the program would use; undefined if it finds none and asks the person. */
  readonly account: FoundAccount | undefined
  /** Why there is no account; undefined if there is one. */
  readonly reason: string | undefined
  /** All requests and lookups, in order. */
  readonly trace: readonly Step[]
}

export interface FoundAccount {
  readonly incoming: FoundServer
  /** Undefined if the program does not configure sending. */
  readonly outgoing: FoundServer | undefined
  /** The URL or DNS name at which the settings were found. */
  readonly from: string
}

export interface FoundServer {
  /** `exchange`: the Autodiscover service of Exchange, which provides all other settings. */
  readonly protocol: 'imap' | 'pop3' | 'smtp' | 'jmap' | 'activesync' | 'exchange'
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  /** With placeholders replaced as the program does it; undefined if it asks the person or always uses the address. */
  readonly username: string | undefined
}

export interface Step {
  /** `GET https://…`, `POST https://…`, `SRV _imaps._tcp.example.com`. */
  readonly asked: string
  /** For example `200, used`, `404`, `no answer`, `200, refused: no smtp server`. */
  readonly result: string
}

/** The address that a person typed, with the parts that programs put into URLs, DNS names and login names. */
export interface Mailbox {
  /** As typed. */
  readonly address: string
  readonly localPart: string
  /** As A-labels. */
  readonly domain: string
  /** As typed, in any letter case, and with A-labels or U-labels (RFC 5890 2.3.2.1). */
  readonly typedDomain: string
}

/** @returns undefined if no program would accept the text as an address */
export function toMailbox(address: string): Mailbox | undefined {
  const parsed = toAddress(address)
  const typedDomain = address.slice(address.lastIndexOf('@') + 1)
  return parsed && { address, localPart: parsed.localPart, domain: parsed.domain, typedDomain }
}

/** @returns whether the text has only printable ASCII characters */
export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

/** Thrown by models when the program rejects a document. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** @returns the result, or the refusal that was thrown */
export function orRefusal<Value>(read: () => Value): Value | Refusal {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
