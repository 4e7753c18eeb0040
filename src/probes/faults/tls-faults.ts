/** Faults of TLS and certificates. */
import type { FaultTexts } from '../probe.ts'

export const tlsFaults = {
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
    "Get a certificate from a public authority such as Let's Encrypt. For a private authority, use signpost doctor --ca."
  ],
  certificateChain: [
    'server.certificate-chain',
    'error',
    'The certificate chain is incomplete: the certificate of {issuer} is missing.',
    'Configure the certificate together with those of its issuers (fullchain.pem). For a private authority, use signpost doctor --ca.'
  ],
  certificateUntrusted: [
    'server.certificate-untrusted',
    'error',
    'The certificate is not trusted: {reason}.',
    'Get a new certificate from a public authority. For a private authority, use signpost doctor --ca.'
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
  ]
} as const satisfies FaultTexts
