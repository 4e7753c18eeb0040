/**
 * The authentication that a server offers, in terms of the settings table, and which advertised methods it lacks.
 */
import type { Authentication } from '../../settings/schema.ts'
import { type FaultDetails, toFault } from '../faults/faults.ts'
import type { Fault } from '../probe.ts'
import type { Offer } from './line-protocol.ts'

const mechanismsOf: Readonly<Record<Exclude<Authentication, 'none'>, readonly string[]>> = {
  password: ['PLAIN', 'LOGIN'],
  // Observed: Thunderbird 153 uses CRAM-MD5 (and APOP) for an encrypted password, and no SCRAM.
  'encrypted-password': ['CRAM-MD5', 'APOP'],
  oauth2: ['XOAUTH2', 'OAUTHBEARER'],
  gssapi: ['GSSAPI', 'GSS-SPNEGO'],
  ntlm: ['NTLM'],
  'client-certificate': ['EXTERNAL']
}

/** @returns in the order of the settings schema */
export function offeredAuthentication({ mechanisms, ownLogIn }: Offer): Authentication[] {
  const offered = Object.entries(mechanismsOf).filter(([authentication, names]) => {
    return names.some(name => mechanisms.includes(name)) || (authentication === 'password' && ownLogIn !== false)
  })
  return offered.map(([authentication]) => authentication as Authentication)
}

/** @returns whether the server accepts an unencrypted password; undefined if it does not say */
export function takesPassword({ mechanisms, ownLogIn }: Offer): boolean | undefined {
  return mechanismsOf.password.some(name => mechanisms.includes(name)) || ownLogIn
}

/** @param advertised best first */
export function authenticationFaults(
  advertised: readonly Authentication[],
  offer: Offer,
  details: FaultDetails
): Fault[] {
  const offered = offeredAuthentication(offer)
  const missing = advertised.filter(each => each !== 'none' && !offered.includes(each))
  const [first] = missing
  if (first === undefined) return []
  const own = offer.ownLogIn === true ? ['its own login command'] : []
  const listed = [...own, ...offer.mechanisms].join(', ') || 'no login method'
  const name = first === advertised[0] ? 'authenticationMissing' : 'alternativeMissing'
  return [toFault(name, { ...details, missing: missing.join(', '), offered: listed })]
}
