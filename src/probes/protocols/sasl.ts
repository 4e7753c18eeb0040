/**
 * Mechanisms of SASL that need a password: PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login-00), CRAM-MD5 (RFC 2195).
 */
import { createHmac } from 'node:crypto'

/** The user name and password for a login. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface Mechanism {
  readonly name: 'PLAIN' | 'LOGIN' | 'CRAM-MD5'
  /** What the client sends first, if it may. */
  readonly initial?: (credentials: Credentials) => string
  /** The responses to the challenges in turn, if it sent nothing first. */
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

/** @returns the message of PLAIN, before base64 */
export function plainMessage({ username, password }: Credentials): string {
  return `\0${username}\0${password}`
}

/**
 * Observed: servers that do not understand a line often repeat it in their refusal.
 *
 * @returns the text of a server without the password
 */
export function hidePassword(text: string, credentials: Credentials): string {
  const { password } = credentials
  const forms = [password, password.replace(/["\\]/g, '\\$&'), encode(password), encode(plainMessage(credentials))]
  return forms.filter(form => form !== '').reduce((shown, form) => shown.replaceAll(form, '…'), text)
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
