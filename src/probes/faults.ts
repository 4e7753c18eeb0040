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
    'The connection is refused.',
    'Start the {protocol} server on port {port}, or advertise the port it listens on.'
  ],
  connectionFiltered: [
    'server.connection-filtered',
    'error',
    'There is no answer within {seconds} seconds: the port may be filtered.',
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
    'There is no connection: {reason}.',
    'Check the address of {host} and that the {protocol} server can be reached from outside.'
  ],
  noTime: [
    'server.no-time',
    'info',
    'The server is not looked at to the end: the time for everything is over.',
    'Allow more time (--timeout).'
  ],
  closed: [
    'server.closed',
    'error',
    'The server closes the connection during the {stage}.',
    'Look for the reason in the log of the {protocol} server.'
  ],
  noAnswer: [
    'server.no-answer',
    'error',
    'The {stage} is not finished within {seconds} seconds.',
    'Look in the log of the {protocol} server for what it waits for; mail programs give up too.'
  ],
  lineTooLong: [
    'server.line-too-long',
    'error',
    'The server sends a line of more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the {protocol} server.'
  ],
  tooMuch: [
    'server.too-much',
    'error',
    'The server sends more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the {protocol} server.'
  ],

  // The protocol.
  otherGreeting: [
    'server.greeting',
    'error',
    'The server greets with "{found}", which is not {protocol}.',
    'Check which program listens on port {port}, and advertise the {protocol} server.'
  ],
  turnedAway: [
    'server.turned-away',
    'error',
    'The server turns the connection away: "{found}".',
    'Look in the log of the {protocol} server: a limit, a block list or maintenance.'
  ],
  preauth: [
    'server.preauth',
    'error',
    'The server greets with PREAUTH, as if somebody had logged in.',
    'Let the IMAP server ask for a password; STARTTLS is not possible after PREAUTH.'
  ],
  garbled: [
    'server.garbled',
    'error',
    'The server says "{found}" during the {stage}, which is not {protocol}.',
    'Check which program listens on port {port}, and what stands between it and its clients.'
  ],
  capabilitiesRefused: [
    'server.capabilities-refused',
    'error',
    'The server does not tell its capabilities: "{found}".',
    'Let the server answer {ask}: mail programs ask it first.'
  ],

  // TLS.
  tlsOnClearPort: [
    'server.tls-on-starttls-port',
    'error',
    'The server is advertised with security {security}, but speaks TLS from the first byte.',
    'Advertise security tls for port {port}, or switch implicit TLS off there.'
  ],
  clearOnTlsPort: [
    'server.clear-on-tls-port',
    'error',
    'The server is advertised with security tls, but speaks in clear from the first byte.',
    'Switch implicit TLS on for port {port}, or advertise security starttls if the server offers it.'
  ],
  notTls: [
    'server.not-tls',
    'error',
    'The server answers the TLS handshake with something else.',
    'Check which program listens on port {port}, and switch implicit TLS on.'
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
    'Configure a certificate and switch {startTls} on, or advertise a port with security tls.'
  ],
  startTlsRefused: [
    'server.starttls-refused',
    'error',
    'The server offers {startTls} and then refuses it: "{found}".',
    'Look in the log of the {protocol} server: the certificate or key often cannot be read.'
  ],
  bytesBeforeTls: [
    'server.bytes-before-tls',
    'error',
    'The server sends {count} bytes in clear after its answer to {startTls} and before TLS.',
    'Update the {protocol} server or what stands before it: text from before TLS must not count after it (CVE-2011-0411).'
  ],
  noEncryption: [
    'server.no-encryption',
    'warning',
    'The server is advertised without encryption: passwords and mail cross the network in clear.',
    'Advertise a port with security tls.'
  ],
  tlsOutdated: [
    'server.tls-outdated',
    'warning',
    'The server speaks {version} at most, which RFC 8996 forbids.',
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
    'The certificate is below none that mail programs know, but below a self-signed one: {issuer}.',
    "Get a certificate from a public authority such as Let's Encrypt; for one of your own use --ca."
  ],
  certificateChain: [
    'server.certificate-chain',
    'error',
    'The certificates lead to no authority that mail programs know: the one of {issuer} is missing.',
    'Configure the certificate together with those of its issuers (fullchain.pem); for an authority of your own use --ca.'
  ],
  certificateUntrusted: [
    'server.certificate-untrusted',
    'error',
    'The certificate is not trusted: {reason}.',
    'Get a new certificate from a public authority; for one of your own use --ca.'
  ],
  certificateName: [
    'server.certificate-name',
    'error',
    'The certificate is not for {host}, but for {names}.',
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
    'The server takes passwords before TLS.',
    'Require TLS before log-in. (Dovecot does, and yet takes passwords in clear from its own machine: ask from another.)'
  ],
  authenticationMissing: [
    'server.authentication-missing',
    'error',
    'The server is advertised with {missing}, but offers {offered}.',
    'Switch the missing authentication on in the {protocol} server, or advertise what it offers.'
  ],
  alternativeMissing: [
    'server.authentication-alternative-missing',
    'warning',
    'The server is advertised with {missing} as an alternative, but offers {offered}.',
    'Switch the missing authentication on in the {protocol} server, or do not advertise it.'
  ],
  logInRefused: [
    'server.log-in-refused',
    'error',
    'Log-in is refused: "{found}".',
    'Check user name and password. Where two-factor authentication is on, an application password may be needed.'
  ],
  logInLater: [
    'server.log-in-later',
    'warning',
    'The server cannot check log-ins at the moment: "{found}".',
    'Look in the log of the {protocol} server and of the service that checks its passwords.'
  ],
  logInNotTried: [
    'server.log-in-not-tried',
    'info',
    'Log-in is not tried: {reason}.',
    'Put the findings above right, then try again.'
  ],

  // Services, reached by URL.
  serviceNoAnswer: [
    'service.no-answer',
    'error',
    'There is no answer: {reason}.',
    'Check the name, the certificate and that the web server answers.'
  ],
  serviceInClear: [
    'service.no-encryption',
    'error',
    'The URL is advertised without encryption: passwords cross the network in clear.',
    'Advertise an https URL.'
  ],
  serviceNotFound: [
    'service.not-found',
    'error',
    'There is no {protocol} service here: the answer is {status}.',
    'Advertise the URL at which the {protocol} server answers.'
  ],
  serviceForbidden: [
    'service.forbidden',
    'error',
    'The server answers {status} and asks for no log-in.',
    'Let the server answer 401 with WWW-Authenticate, so that programs log in.'
  ],
  serviceFails: [
    'service.fails',
    'error',
    'The server fails with {status}.',
    'Look in the log of the web server and of the {protocol} server behind it.'
  ],
  serviceUnexpected: [
    'service.unexpected-status',
    'error',
    'The server answers {status} to {method}, not {expected}.',
    'Check that the URL is the one of the {protocol} server, and that {method} is let through to it.'
  ],
  serviceRedirect: [
    'service.redirect',
    'info',
    '{url} redirects to {target}.',
    'Advertise the target: not every program follows redirects.'
  ],
  serviceRedirectLoop: [
    'service.redirect-loop',
    'error',
    'There are more than {most} redirects.',
    'Advertise the URL at which the {protocol} server answers.'
  ],
  serviceRedirectInvalid: [
    'service.redirect-invalid',
    'error',
    '{url} redirects to "{target}", which is no https URL.',
    'Let the server redirect to https, or advertise the target.'
  ],
  serviceNoChallenge: [
    'service.no-challenge',
    'warning',
    'The server answers 401 without WWW-Authenticate.',
    'Let the server say how to log in (RFC 9110 11.6.1): some programs give up otherwise.'
  ],
  serviceNotDav: [
    'service.not-dav',
    'error',
    'The answer to PROPFIND is no multistatus document.',
    'Check that the URL is the one of the {protocol} server.'
  ],
  serviceNotJmap: [
    'service.not-jmap',
    'error',
    'The answer is no JMAP session: {reason}.',
    'Advertise the URL of the session object (RFC 8620 2), not that of the API or of a web page.'
  ],
  serviceNotActiveSync: [
    'service.not-activesync',
    'error',
    'The answer names no versions of ActiveSync.',
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
