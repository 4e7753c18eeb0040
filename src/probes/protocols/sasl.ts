/**
 * Mechanisms of SASL that need a password: PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login-00), CRAM-MD5 (RFC 2195).
 */
import { createHmac } from 'node:crypto'
import type { Credentials } from '../session/credentials.ts'

export interface Mechanism {
  readonly name: 'PLAIN' | 'LOGIN' | 'CRAM-MD5'
  /** What the client says first, where it may. */
  readonly initial?: (credentials: Credentials) => string
  /** The answers to the challenges in turn, where it said nothing first. */
  readonly answers: readonly ((credentials: Credentials, challenge: Buffer) => string)[]
}

export const plain: Mechanism = { name: 'PLAIN', initial: plainMessage, answers: [plainMessage] }

export const login: Mechanism = { name: 'LOGIN', answers: [({ username }) => username, ({ password }) => password] }

export const cramMd5: Mechanism = {
  name: 'CRAM-MD5',
  answers: [
    ({ username, password }, challenge) => `${username} ${createHmac('md5', password).update(challenge).digest('hex')}`
  ]
}

/** @returns what PLAIN sends, not yet in base64 */
export function plainMessage({ username, password }: Credentials): string {
  return `\0${username}\0${password}`
}
