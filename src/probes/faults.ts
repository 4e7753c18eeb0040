/**
 * Every fault that a probe can find, once: rule, severity, what was found, what to do.
 */
import { printable } from '../settings/load/finding.ts'
import type { Fault } from './probe.ts'

/** Values for the places in braces. Those that come from a server are a stranger's. */
export type FaultDetails = Readonly<Record<string, string | number>>

type Texts = readonly [rule: string, severity: Fault['severity'], message: string, remedy: string]

const texts = {
  // The way to the server.
  noAddress: [
    'server.no-address',
    'error',
    'The name {host} has no address.',
    'Publish an A or AAAA record for {host}, or advertise another name.'
  ],
  nameServerFails: [
    'server.name-server-fails',
    'error',
    'The name servers of {host} do not answer.',
    'Check the DNS of {host}: delegation, DNSSEC, and that every name server answers.'
  ],
  connectionRefused: [
    'server.connection-refused',
    'error',
    'The server refuses the connection.',
    'Start the {protocol} server on port {port}, or advertise the port it listens on.'
  ],
  connectionFiltered: [
    'server.connection-filtered',
    'error',
    'The server does not answer within {seconds} seconds. A firewall may block the port.',
    'Open port {port} in the firewall, or advertise a port that is open.'
  ],
  unreachable: [
    'server.unreachable',
    'error',
    'There is no route to the server.',
    'Check the address of {host} and the routes to it.'
  ],
  notConnected: [
    'server.not-connected',
    'error',
    'The connection fails: {reason}.',
    'Check the address of {host} and that the {protocol} server is reachable from outside.'
  ],
  noTime: [
    'server.no-time',
    'info',
    'The examination of the server is incomplete: the time limit was reached.',
    'Allow more time (--timeout).'
  ],
  closed: [
    'server.closed',
    'error',
    'The server closes the connection during the {stage}.',
    'Check the log of the {protocol} server.'
  ],
  noAnswer: [
    'server.no-answer',
    'error',
    'The {stage} takes more than {seconds} seconds.',
    'Check the log of the {protocol} server for what delays it. Mail programs give up, too.'
  ],
  lineTooLong: [
    'server.line-too-long',
    'error',
    'The server sends a line of more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ],
  tooMuch: [
    'server.too-much',
    'error',
    'The server sends more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ],

  // The protocol.
  otherGreeting: [
    'server.greeting',
    'error',
    'The server greets with "{found}", which is not {protocol}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ],
  turnedAway: [
    'server.turned-away',
    'error',
    'The server rejects the connection: "{found}".',
    'Check the log of the {protocol} server for a limit, a block list or maintenance.'
  ],
  preauth: [
    'server.preauth',
    'error',
    'The server greets with PREAUTH, as if a user had logged in.',
    'Make the IMAP server require a password. STARTTLS is not possible after PREAUTH.'
  ],
  garbled: [
    'server.garbled',
    'error',
    'The server sends "{found}" during the {stage}, which is not {protocol}.',
    'Check which program listens on port {port}, and what is between it and its clients.'
  ],
  capabilitiesRefused: [
    'server.capabilities-refused',
    'error',
    'The server does not list its capabilities: "{found}".',
    'Make the server answer {ask}, which mail programs send first.'
  ],

  // TLS.
  tlsOnClearPort: [
    'server.tls-on-starttls-port',
    'error',
    'The server is advertised with security {security}, but speaks TLS from the first byte.',
    'Advertise security tls for port {port}, or disable implicit TLS there.'
  ],
  clearOnTlsPort: [
    'server.clear-on-tls-port',
    'error',
    'The server is advertised with security tls, but starts without encryption.',
    'Enable implicit TLS on port {port}, or advertise security starttls if the server offers it.'
  ],
  notTls: [
    'server.not-tls',
    'error',
    'The server does not answer the TLS handshake with TLS.',
    'Check which program listens on port {port}, and enable implicit TLS.'
  ],
  tlsFailed: [
    'server.tls-failed',
    'error',
    'The TLS handshake fails: {reason}.',
    'Check the certificate, key, protocol versions and ciphers of the {protocol} server.'
  ],
  startTlsMissing: [
    'server.starttls-missing',
    'error',
    'The server is advertised with security starttls, but does not offer {startTls}.',
    'Configure a certificate and enable {startTls}, or advertise a port with security tls.'
  ],
  startTlsRefused: [
    'server.starttls-refused',
    'error',
    'The server offers {startTls} and then refuses it: "{found}".',
    'Check the log of the {protocol} server. Often the certificate or key is unreadable.'
  ],
  bytesBeforeTls: [
    'server.bytes-before-tls',
    'error',
    'The server sends {count} unencrypted bytes between its response to {startTls} and TLS.',
    'Update the {protocol} server or the proxy in front of it. Data from before TLS must not count afterwards (CVE-2011-0411).'
  ],
  noEncryption: [
    'server.no-encryption',
    'warning',
    'The server is advertised without encryption: passwords and mail cross the network unencrypted.',
    'Advertise a port with security tls.'
  ],
  tlsOutdated: [
    'server.tls-outdated',
    'warning',
    'The server supports nothing newer than {version}, which RFC 8996 forbids.',
    'Allow TLS 1.2 and 1.3 in the {protocol} server.'
  ],
  certificateExpired: [
    'server.certificate-expired',
    'error',
    'The certificate expired on {date}.',
    'Renew the certificate, and reload the {protocol} server after each renewal.'
  ],
  certificateExpiresSoon: [
    'server.certificate-expires-soon',
    'warning',
    'The certificate expires in {days} days, on {date}.',
    'Renew the certificate, and reload the {protocol} server after each renewal.'
  ],
  certificateNotYetValid: [
    'server.certificate-not-yet-valid',
    'error',
    'The certificate is not valid yet.',
    'Check the clock of the server, or wait.'
  ],
  certificateSelfSigned: [
    'server.certificate-self-signed',
    'error',
    'The certificate chain ends in a self-signed certificate that mail programs do not trust: {issuer}.',
    "Get a certificate from a public authority such as Let's Encrypt. For a private authority, use --ca."
  ],
  certificateChain: [
    'server.certificate-chain',
    'error',
    'The certificate chain is incomplete: the certificate of {issuer} is missing.',
    'Configure the certificate together with those of its issuers (fullchain.pem). For a private authority, use --ca.'
  ],
  certificateUntrusted: [
    'server.certificate-untrusted',
    'error',
    'The certificate is not trusted: {reason}.',
    'Get a new certificate from a public authority. For a private authority, use --ca.'
  ],
  certificateName: [
    'server.certificate-name',
    'error',
    'The certificate is for {names}, and not for {host}.',
    'Get a certificate for {host}, or advertise a name that is in the certificate.'
  ],
  weakKey: [
    'server.weak-key',
    'warning',
    'The key of the certificate has only {bits} bits.',
    'Get a certificate with an RSA key of 2048 bits or more, or an EC key.'
  ],

  // Authentication.
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
  ],

  // Services, reached by URL.
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
} as const satisfies Readonly<Record<string, Texts>>

export type FaultName = keyof typeof texts

/** Why: a stranger's text must not push the finding out of sight. */
const longest = 200

/** @returns the fault with the details in the places of its texts */
export function toFault(name: FaultName, details: FaultDetails): Fault {
  const [rule, severity, message, remedy] = texts[name]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => shown(details[key]))
  return { rule, severity, message: fill(message), remedy: fill(remedy) }
}

function shown(value: string | number | undefined): string {
  const characters = [...String(value)]
  return printable(characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join(''))
}
