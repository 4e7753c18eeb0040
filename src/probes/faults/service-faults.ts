/** Faults of services with a URL: CalDAV, CardDAV, JMAP, ActiveSync. */
import type { FaultTexts } from '../probe.ts'

export const serviceFaults = {
  serviceNoAnswer: [
    'service.no-answer',
    'error',
    'The server does not answer: {reason}.',
    'Check the host name, the certificate, and that the web server is running.'
  ],
  serviceInClear: [
    'service.no-encryption',
    'error',
    'The URL is advertised without encryption: passwords cross the network unencrypted.',
    'Advertise an https URL.'
  ],
  serviceNotFound: [
    'service.not-found',
    'error',
    'There is no {protocol} service at this URL: the status is {status}.',
    'Advertise the URL of the {protocol} server.'
  ],
  serviceForbidden: [
    'service.forbidden',
    'error',
    'The server responds with {status} and does not ask for a login.',
    'Make the server respond with 401 and WWW-Authenticate, so that programs log in.'
  ],
  serviceFails: [
    'service.fails',
    'error',
    'The server fails with {status}.',
    'Check the logs of the web server and of the {protocol} server behind it.'
  ],
  serviceUnexpected: [
    'service.unexpected-status',
    'error',
    'The server responds to {method} with {status}, not {expected}.',
    'Check that the URL belongs to the {protocol} server, and that proxies pass {method} on.'
  ],
  serviceRedirect: [
    'service.redirect',
    'info',
    '{url} redirects to {target}.',
    'Advertise the target. Not every program follows redirects.'
  ],
  serviceRedirectLoop: [
    'service.redirect-loop',
    'error',
    'There are more than {most} redirects.',
    'Advertise the URL of the {protocol} server.'
  ],
  serviceRedirectInvalid: [
    'service.redirect-invalid',
    'error',
    '{url} redirects to "{target}", which is not an https URL.',
    'Make the server redirect to https, or advertise the target.'
  ],
  serviceNoChallenge: [
    'service.no-challenge',
    'warning',
    'The server responds with 401 but without WWW-Authenticate.',
    'Make the server state how to log in (RFC 9110 11.6.1). Otherwise some programs give up.'
  ],
  serviceNotDav: [
    'service.not-dav',
    'error',
    'The response to PROPFIND is not a multistatus document.',
    'Check that the URL belongs to the {protocol} server.'
  ],
  serviceNotJmap: [
    'service.not-jmap',
    'error',
    'The response is not a JMAP session: {reason}.',
    'Advertise the URL of the session object (RFC 8620 2), not that of the API or of a web page.'
  ],
  serviceNotActiveSync: [
    'service.not-activesync',
    'error',
    'The response lists no versions of ActiveSync.',
    'Advertise the URL that ends in /Microsoft-Server-ActiveSync.'
  ]
} as const satisfies FaultTexts
