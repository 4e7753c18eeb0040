/**
 * How to log in, in the words of autoconfig: 1.1, 1.2 with `system`, and the old names that Thunderbird still knows.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import type { Authentication } from '../../../settings/schema.ts'
import type { Reading } from '../../notes.ts'

export interface Methods {
  /** Best first, at least one. */
  readonly authentication: Authentication[]
  readonly note: string | undefined
}

/** @returns undefined where there are methods, and the table has a word for none of them: then the server is dropped */
export function readMethods(element: XmlTree, what: string, reading: Reading): Methods | undefined {
  const given = elements(element, 'authentication')
  if (given.length === 0) return { authentication: ['password'], note: 'It does not say how to log in; by password?' }
  const found = new Set<Authentication>()
  const notes = new Set<string>()
  for (const method of given) {
    const word = ownText(method).trim()
    const known = methods.get(word.toLowerCase())
    if (known === undefined) reading.drop(method, `${what} authentication ${word}`, 'the table has no such method')
    else found.add(known)
    const note = notesOf.get(word)
    if (note !== undefined) notes.add(note)
  }
  if (found.size === 0) {
    reading.drop(element, what, 'there is no way to log in that the table has a word for')
    return undefined
  }
  return { authentication: [...found], note: [...notes].join(' ') || undefined }
}

const methods = new Map(
  Object.entries<Authentication>({
    'password-cleartext': 'password',
    plain: 'password',
    'http-basic': 'password',
    basic: 'password',
    'password-encrypted': 'encrypted-password',
    secure: 'encrypted-password',
    'http-digest': 'encrypted-password',
    digest: 'encrypted-password',
    oauth2: 'oauth2',
    gssapi: 'gssapi',
    ntlm: 'ntlm',
    'tls-client-cert': 'client-certificate',
    none: 'none',
    'client-ip-address': 'none',
    'smtp-after-pop': 'none'
  })
)

const notesOf = new Map(
  Object.entries<string>({
    'client-IP-address': 'Without log-in from its own network only (client-IP-address).',
    'smtp-after-pop': 'Without log-in after mail was fetched only (smtp-after-pop).'
  })
)
