/** Faults of authentication methods and of logins. */
import type { FaultTexts } from '../probe.ts'

export const authenticationFaults = {
  plaintextAccepted: [
    'server.plaintext-accepted',
    'warning',
    'The server accepts passwords before TLS.',
    'Require TLS before login. (Dovecot does, except for its own machine: run doctor on another one.)'
  ],
  authenticationMissing: [
    'server.authentication-missing',
    'error',
    'The server is advertised with {missing}, but offers {offered}.',
    'Enable the missing method in the {protocol} server, or advertise what it offers.'
  ],
  alternativeMissing: [
    'server.authentication-alternative-missing',
    'warning',
    'The server is advertised with {missing} as an alternative, but offers {offered}.',
    'Enable the missing method in the {protocol} server, or do not advertise it.'
  ],
  logInRefused: [
    'server.log-in-refused',
    'error',
    'The login is refused: "{found}".',
    'Check user name and password. With two-factor authentication, an application password may be needed.'
  ],
  logInLater: [
    'server.log-in-later',
    'warning',
    'The server is temporarily unable to check logins: "{found}".',
    'Check the logs of the {protocol} server and of the service that checks its passwords.'
  ],
  logInNotTried: [
    'server.log-in-not-tried',
    'info',
    'The login was not tried: {reason}.',
    'Fix the findings above, then try again.'
  ]
} as const satisfies FaultTexts
