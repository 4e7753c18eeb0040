/**
 * What a web server asks for, RFC 9110 11.6.1.
 */
import type { Authentication } from '../../settings/schema.ts'

const authentications: Readonly<Record<string, Authentication>> = {
  basic: 'password',
  digest: 'encrypted-password',
  bearer: 'oauth2',
  negotiate: 'gssapi',
  ntlm: 'ntlm'
}

/** @param header the values of WWW-Authenticate, joined by commas @returns in the words of the settings table */
export function challenges(header: string): Authentication[] {
  const parts = header.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs, '""').split(',')
  const schemes = parts.flatMap(part => {
    // Spec: a part is a scheme, a scheme with its first parameter (or token68), or one more parameter.
    const [, scheme] = /^([A-Za-z][\w-]*)(?:\s+[^\s=].*)?$/s.exec(part.trim()) ?? []
    return scheme === undefined ? [] : [scheme.toLowerCase()]
  })
  const known = schemes.map(scheme => (Object.hasOwn(authentications, scheme) ? authentications[scheme] : undefined))
  return [...new Set(known.filter(each => each !== undefined))]
}
