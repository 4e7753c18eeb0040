/**
 * Texts of a server without the password that it may have said back.
 */

import { plainMessage } from '../protocols/sasl.ts'
import type { Credentials } from './credentials.ts'

/** Observed: servers that do not understand a line often repeat it in their refusal. */
export function hidePassword(text: string, credentials: Credentials): string {
  const { password } = credentials
  const forms = [password, password.replace(/["\\]/g, '\\$&'), encode(password), encode(plainMessage(credentials))]
  return forms.filter(form => form !== '').reduce((shown, form) => shown.replaceAll(form, '…'), text)
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
