/**
 * Login methods in autoconfig: the words of versions 1.1 and 1.2, names of SASL and HTTP, and what people write instead.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import type { Authentication } from '../../../settings/schema.ts'
import type { ImportLog } from '../../import-log.ts'
import { plainWord } from '../../mail-protocol.ts'

interface Methods {
  /** At least one; the best is first. */
  readonly authentication: Authentication[]
  readonly note: string | undefined
}

/**
 * Reads authentication methods of autoconfig 1.1, of 1.2 with `system`, and the old names that Thunderbird still accepts.
 * @returns undefined if the table supports none of them; then the server is dropped
 */
export function readMethods(element: XmlTree, what: string, log: ImportLog): Methods | undefined {
  const given = elements(element, 'authentication')
  if (given.length === 0)
    return { authentication: ['password'], note: 'The source has no authentication method; password is an assumption.' }
  const found = new Set<Authentication>()
  const notes = new Set<string>()
  for (const method of given) {
    const word = ownText(method).trim()
    const known = methods.get(plainWord(word))
    if (known === undefined) log.drop(method, `${what} authentication ${word}`, 'the table has no such method')
    else found.add(known)
    const note = notesOf.get(word)
    if (note !== undefined) notes.add(note)
  }
  if (found.size === 0) {
    log.drop(element, what, 'the table supports none of its authentication methods')
    return undefined
  }
  return { authentication: [...found], note: [...notes].join(' ') || undefined }
}

/** In lower case, without other signs than letters and digits. */
const methods = new Map(
  Object.entries<Authentication>({
    passwordcleartext: 'password',
    plain: 'password',
    // Observed: generators write this word, which is in no specification.
    password: 'password',
    normal: 'password',
    normalpassword: 'password',
    cleartext: 'password',
    passwordplain: 'password',
    httpbasic: 'password',
    basic: 'password',
    // Spec: draft-ietf-mailmaint-autoconfig-06: with system="sasl", the word is a name of SASL.
    login: 'password',
    crammd5: 'encrypted-password',
    xoauth2: 'oauth2',
    oauthbearer: 'oauth2',
    external: 'client-certificate',
    passwordencrypted: 'encrypted-password',
    encryptedpassword: 'encrypted-password',
    secure: 'encrypted-password',
    httpdigest: 'encrypted-password',
    digest: 'encrypted-password',
    oauth2: 'oauth2',
    // Observed: draft-ietf-mailmaint-autoconfig-06 has this word in its text, and OAuth2 in its examples.
    oauth: 'oauth2',
    gssapi: 'gssapi',
    kerberos: 'gssapi',
    ntlm: 'ntlm',
    spa: 'ntlm',
    tlsclientcert: 'client-certificate',
    none: 'none',
    clientipaddress: 'none',
    smtpafterpop: 'none'
  })
)

const notesOf = new Map(
  Object.entries<string>({
    'client-IP-address': 'No login is needed within its own network only (client-IP-address).',
    'smtp-after-pop': 'No login is needed only after mail was fetched (smtp-after-pop).'
  })
)
