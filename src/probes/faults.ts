/**
 * Every fault that a probe can find, once: rule, severity, what was found, what to do.
 */
import { printable } from '../settings/fault.ts'
import type { Fault } from './probe.ts'

/** Values for the places in braces. Those that come from a server are a stranger's. */
export type FaultDetails = Readonly<Record<string, string | number>>

type Texts = readonly [rule: string, severity: Fault['severity'], message: string, remedy: string]

const texts = {
  // The way to the server.
  noAddress: [
    'server.no-address',
    'error',
    '{place}: the name {host} has no address',
    'Publish an A or AAAA record for {host}, or advertise another name.'
  ],
  nameServerFails: [
    'server.name-server-fails',
    'error',
    '{place}: the name servers of {host} do not answer',
    'Check the DNS of {host}: delegation, DNSSEC, and that every name server answers.'
  ],
  connectionRefused: [
    'server.connection-refused',
    'error',
    '{place}: connection refused',
    'Start the {protocol} server on port {port}, or advertise the port it listens on.'
  ],
  connectionFiltered: [
    'server.connection-filtered',
    'error',
    '{place}: no answer within {seconds} seconds: the port may be filtered',
    'Open port {port} in the firewall, or advertise a port that is open.'
  ],
  unreachable: [
    'server.unreachable',
    'error',
    '{place}: no route to the server',
    'Check the address of {host} and the routes to it.'
  ],
  notConnected: [
    'server.not-connected',
    'error',
    '{place}: no connection: {reason}',
    'Check the address of {host} and that the {protocol} server can be reached from outside.'
  ],
  closed: [
    'server.closed',
    'error',
    '{place}: the server closes the connection during the {stage}',
    'Look for the reason in the log of the {protocol} server.'
  ],
  noAnswer: [
    'server.no-answer',
    'error',
    '{place}: the {stage} is not finished within {seconds} seconds',
    'Look in the log of the {protocol} server for what it waits for; mail programs give up too.'
  ],
  lineTooLong: [
    'server.line-too-long',
    'error',
    '{place}: the server sends a line of more than {limit} bytes during the {stage}',
    'Check that an {protocol} server listens on port {port}.'
  ],
  tooMuch: [
    'server.too-much',
    'error',
    '{place}: the server sends more than {limit} bytes during the {stage}',
    'Check that an {protocol} server listens on port {port}.'
  ],

  // The protocol.
  otherGreeting: [
    'server.greeting',
    'error',
    '{place}: expected the greeting of an {protocol} server, found "{found}"',
    'Check which program listens on port {port}, and advertise the {protocol} server.'
  ],
  turnedAway: [
    'server.turned-away',
    'error',
    '{place}: the server turns the connection away: "{found}"',
    'Look in the log of the {protocol} server: a limit, a block list or maintenance.'
  ],
  preauth: [
    'server.preauth',
    'error',
    '{place}: the server greets with PREAUTH, as if somebody had logged in',
    'Let the IMAP server ask for a password; STARTTLS is not possible after PREAUTH.'
  ],
  garbled: [
    'server.garbled',
    'error',
    '{place}: expected an {protocol} answer during the {stage}, found "{found}"',
    'Check which program listens on port {port}, and what stands between it and its clients.'
  ],
  capabilitiesRefused: [
    'server.capabilities-refused',
    'error',
    '{place}: the server does not tell its capabilities: "{found}"',
    'Let the server answer {ask}: mail programs ask it first.'
  ],

  // TLS.
  tlsOnClearPort: [
    'server.tls-on-starttls-port',
    'error',
    '{place}: advertised with security {security}, but the server speaks TLS from the first byte',
    'Advertise security tls for port {port}, or switch implicit TLS off there.'
  ],
  clearOnTlsPort: [
    'server.clear-on-tls-port',
    'error',
    '{place}: advertised with security tls, but the server speaks in clear from the first byte',
    'Switch implicit TLS on for port {port}, or advertise security starttls if the server offers it.'
  ],
  notTls: [
    'server.not-tls',
    'error',
    '{place}: the server answers the TLS handshake with something else',
    'Check which program listens on port {port}, and switch implicit TLS on.'
  ],
  tlsFailed: [
    'server.tls-failed',
    'error',
    '{place}: the TLS handshake fails: {reason}',
    'Check the certificate, key, protocol versions and ciphers of the {protocol} server.'
  ],
  startTlsMissing: [
    'server.starttls-missing',
    'error',
    '{place}: advertised with security starttls, but the server does not offer {startTls}',
    'Configure a certificate and switch {startTls} on, or advertise a port with security tls.'
  ],
  startTlsRefused: [
    'server.starttls-refused',
    'error',
    '{place}: the server offers {startTls} and then refuses it: "{found}"',
    'Look in the log of the {protocol} server: the certificate or key often cannot be read.'
  ],
  bytesBeforeTls: [
    'server.bytes-before-tls',
    'error',
    '{place}: {count} bytes come in clear after the answer to {startTls} and before TLS',
    'Update the {protocol} server or what stands before it: text from before TLS must not count after it (CVE-2011-0411).'
  ],
  noEncryption: [
    'server.no-encryption',
    'warning',
    '{place}: advertised without encryption: passwords and mail cross the network in clear',
    'Advertise a port with security tls.'
  ],
  tlsOutdated: [
    'server.tls-outdated',
    'warning',
    '{place}: the server speaks {version} at most, which RFC 8996 forbids',
    'Allow TLS 1.2 and 1.3 in the {protocol} server.'
  ],
  certificateExpired: [
    'server.certificate-expired',
    'error',
    '{place}: the certificate expired on {date}',
    'Renew the certificate, and reload the {protocol} server after each renewal.'
  ],
  certificateExpiresSoon: [
    'server.certificate-expires-soon',
    'warning',
    '{place}: the certificate expires in {days} days, on {date}',
    'Renew the certificate, and reload the {protocol} server after each renewal.'
  ],
  certificateNotYetValid: [
    'server.certificate-not-yet-valid',
    'error',
    '{place}: the certificate is not valid yet',
    'Check the clock of the server, or wait.'
  ],
  certificateSelfSigned: [
    'server.certificate-self-signed',
    'error',
    '{place}: the certificate is not from an authority that mail programs know, but self-signed: {issuer}',
    'Get a certificate from a public authority such as Let’s Encrypt.'
  ],
  certificateChain: [
    'server.certificate-chain',
    'error',
    '{place}: the certificates do not lead to an authority that mail programs know: {issuer} is missing',
    'Configure the certificate together with those of its issuers (fullchain.pem).'
  ],
  certificateUntrusted: [
    'server.certificate-untrusted',
    'error',
    '{place}: the certificate is not trusted: {reason}',
    'Get a new certificate from a public authority.'
  ],
  certificateName: [
    'server.certificate-name',
    'error',
    '{place}: the certificate is not for {host}, but for {names}',
    'Get a certificate for {host}, or advertise a name that is in the certificate.'
  ],
  weakKey: [
    'server.weak-key',
    'warning',
    '{place}: the key of the certificate has only {bits} bits',
    'Get a certificate with an RSA key of 2048 bits or more, or an EC key.'
  ],

  // Authentication.
  plaintextAccepted: [
    'server.plaintext-accepted',
    'warning',
    '{place}: the server takes passwords before TLS',
    'Require TLS before log-in: a program that is led astray then sends no password in clear.'
  ],
  authenticationMissing: [
    'server.authentication-missing',
    'error',
    '{place}: advertised with {missing}, but the server offers {offered}',
    'Switch the missing authentication on in the {protocol} server, or advertise what it offers.'
  ],
  alternativeMissing: [
    'server.authentication-alternative-missing',
    'warning',
    '{place}: {missing} is advertised as an alternative, but the server offers {offered}',
    'Switch the missing authentication on in the {protocol} server, or do not advertise it.'
  ],
  logInRefused: [
    'server.log-in-refused',
    'error',
    '{place}: log-in is refused: "{found}"',
    'Check user name and password. Where two-factor authentication is on, an application password may be needed.'
  ],
  logInLater: [
    'server.log-in-later',
    'warning',
    '{place}: the server cannot check log-ins at the moment: "{found}"',
    'Look in the log of the {protocol} server and of the service that checks its passwords.'
  ],
  logInNotTried: [
    'server.log-in-not-tried',
    'info',
    '{place}: log-in is not tried: {reason}',
    'Put the findings above right, then try again.'
  ],

  // Services, reached by URL.
  serviceNoAnswer: [
    'service.no-answer',
    'error',
    '{url}: {reason}',
    'Check the name, the certificate and that the web server answers.'
  ],
  serviceNotFound: [
    'service.not-found',
    'error',
    '{url}: {status}: there is no {protocol} service here',
    'Advertise the URL at which the {protocol} server answers.'
  ],
  serviceForbidden: [
    'service.forbidden',
    'error',
    '{url}: {status} without asking for a log-in',
    'Let the server answer 401 with WWW-Authenticate, so that programs log in.'
  ],
  serviceFails: [
    'service.fails',
    'error',
    '{url}: the server fails with {status}',
    'Look in the log of the web server and of the {protocol} server behind it.'
  ],
  serviceUnexpected: [
    'service.unexpected-status',
    'error',
    '{url}: expected {expected} to {method}, found {status}',
    'Check that the URL is the one of the {protocol} server, and that {method} is let through to it.'
  ],
  serviceRedirect: [
    'service.redirect',
    'info',
    '{url}: redirects to {target}',
    'Advertise the target: not every program follows redirects.'
  ],
  serviceRedirectLoop: [
    'service.redirect-loop',
    'error',
    '{url}: more than {most} redirects',
    'Advertise the URL at which the {protocol} server answers.'
  ],
  serviceRedirectInvalid: [
    'service.redirect-invalid',
    'error',
    '{url}: redirects to "{target}", which is no https URL',
    'Let the server redirect to https, or advertise the target.'
  ],
  serviceNoChallenge: [
    'service.no-challenge',
    'warning',
    '{url}: 401 without WWW-Authenticate',
    'Let the server say how to log in (RFC 9110 11.6.1): some programs give up otherwise.'
  ],
  serviceNotDav: [
    'service.not-dav',
    'error',
    '{url}: the answer to PROPFIND is no multistatus document',
    'Check that the URL is the one of the {protocol} server.'
  ],
  serviceNotJmap: [
    'service.not-jmap',
    'error',
    '{url}: the answer is no JMAP session: {reason}',
    'Advertise the URL of the session object (RFC 8620 2), not that of the API or of a web page.'
  ],
  serviceNotActiveSync: [
    'service.not-activesync',
    'error',
    '{url}: the answer names no versions of ActiveSync',
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
