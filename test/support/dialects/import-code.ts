/**
 * A reader of "Export for Mobile" QR codes, version 1, after qr-code-format.md (2025-02-06) and as strict as Thunderbird
 * for Android (QrCodePayloadAdapter, QrCodePayloadValidator): one fault invalidates the whole code.
 */
import assert from 'node:assert/strict'

export interface ImportedServer {
  readonly protocol: number
  readonly host: string
  readonly port: number
  readonly security: number
  readonly authentication: number
  readonly login: string
}

export interface ImportedAccount {
  readonly incoming: ImportedServer
  readonly outgoing: ImportedServer
  readonly emailAddress: string
  readonly displayName: string
}

/** @throws the rule that the code violates */
export function readImportCode(payload: string): ImportedAccount {
  assert.match(payload, /^[\x20-\x7e]*$/)
  assert(payload.length <= 800, `${payload.length} characters`)
  const [version, sequence, incoming, groups] = toList(JSON.parse(payload), 4)
  assert.equal(version, 1)
  assert.deepEqual(sequence, [1, 1])
  const [group] = toList(groups, 1)
  const [outgoing, identity] = toList(group, 2)
  const [emailAddress, displayName] = toList(identity, 2)
  const account = {
    incoming: toServer(incoming, [0, 1]),
    outgoing: toServer(outgoing, [0]),
    emailAddress: toLine(emailAddress),
    displayName: toLine(displayName)
  }
  // Spec: RFC 5321 4.1.2, without quoted strings.
  assert.match(account.emailAddress, /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9.-]+$/)
  assert(account.displayName.trim() !== '')
  return account
}

/** Why the exact length: no account name, no password, and a writer must not add elements that this version does not have. */
function toServer(value: unknown, protocols: readonly number[]): ImportedServer {
  const [protocol, host, port, security, authentication, login] = toList(value, 6)
  return {
    protocol: toCode(protocol, protocols),
    host: toHostName(host),
    port: toPort(port),
    security: toCode(security, [0, 2, 3]),
    authentication: toCode(authentication, [0, 1, 2, 5, 6]),
    login: toLine(login)
  }
}

function toList(value: unknown, length: number): unknown[] {
  assert(Array.isArray(value))
  assert.equal(value.length, length)
  return value
}

function toCode(value: unknown, codes: readonly number[]): number {
  assert(typeof value === 'number')
  assert(codes.includes(value), `${value}`)
  return value
}

function toHostName(value: unknown): string {
  const host = toLine(value)
  assert.match(host, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/)
  return host
}

function toPort(value: unknown): number {
  assert(typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535)
  return value
}

function toLine(value: unknown): string {
  assert(typeof value === 'string')
  assert.doesNotMatch(value, /[\r\n]/)
  return value
}
