/**
 * Hosts that mail programs connect to or show to people, by their name or in a URL: those that cannot be reached from
 * everywhere, or for which no public certificate authority issues a certificate.
 */
import { isIP } from 'node:net'
import { type Fault, found, type Path, warning } from '../load/finding.ts'
import { toDomain } from '../question/domain.ts'

const hostName = 'expected a host name such as mail.example.com'

/** @param host a host name, which may contain %EMAILDOMAIN%; the name in a URL may also be an IP address or invalid */
export function checkHost(host: string, path: Path): Fault[] {
  const harm = harmOf(host.replaceAll('%EMAILDOMAIN%', 'example.com').toLowerCase())
  return harm === undefined ? [] : [warning(path, `found ${found(host)}${harm}`)]
}

/** @param url without a user name. It is not checked if it is invalid, or a mailto: URL, which has no host */
export function checkUrlHost(url: string, path: Path): Fault[] {
  const text = url.replaceAll('%EMAILDOMAIN%', 'example.com')
  const hostname = URL.canParse(text) ? new URL(text).hostname : ''
  if (hostname === '') return []
  if (!hostname.endsWith('.')) return checkHost(hostname, path)
  // Why: a certificate names the host without it, and web servers often know only the name without it.
  return [warning(path, `found ${found(hostname)}, expected it without the dot at the end`)]
}

/**
 * Names that the public DNS does not have. Spec: RFC 6762 3 and appendix G (.local, and names that networks use instead), RFC
 * 8375 (home.arpa), ICANN resolution 2024.07.29.06 (.internal).
 */
const privateName = /^[^.]+$|(?:^|\.)(?:local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)$/

/** Why only warnings: a table may be for one network, which has its own certificate authority. */
function harmOf(host: string): string | undefined {
  if (isAddress(host)) return ', expected a host name, because certificates are issued for names'
  // Spec: RFC 6761 6.3.
  if (/(?:^|\.)localhost$/.test(host)) return `, which is the machine of each person, ${hostName}`
  if (privateName.test(host)) return `, which only resolves in your own network, ${hostName}`
  // Spec: CA/Browser Forum Baseline Requirements 7.1.4.2.1 exclude names with "_", which browsers accept in URLs.
  return toDomain(host) === undefined
    ? `, which is no valid host name, so certificates cannot be issued for it`
    : undefined
}

/** @param host an IPv6 address may be in brackets, as in URLs */
export function isAddress(host: string): boolean {
  return isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0
}
