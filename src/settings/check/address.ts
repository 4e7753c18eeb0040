/**
 * Checks of addresses in the table: URLs, networks, DNS servers, and addresses to listen on.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { toDomain } from '../question/domain.ts'
import { checkUrlHost } from './host.ts'

/** Checks URLs that match the pattern of the schema. Where placeholders are allowed is checked elsewhere. */
export function checkUrl(url: string, path: Path): Fault[] {
  return URL.canParse(url.replaceAll('%EMAILDOMAIN%', 'example.com'))
    ? checkUrlHost(url, path)
    : [expected(path, url, 'a URL that a browser can open, such as https://example.com/')]
}

/** For URLs that programs request. Spec: RFC 9110 7.1: a fragment is not part of a request. */
export function checkFragment(url: string, path: Path): Fault[] {
  const at = url.indexOf('#')
  return at < 0 ? [] : [warning(path, `found ${found(url.slice(at))}, which programs do not send, expected none`)]
}

/** @param network must be an address or a network that a `BlockList` of `node:net` accepts */
export function checkNetwork(network: string, path: Path): Fault[] {
  const [address = '', bits, ...rest] = network.split('/')
  // Why: isIP accepts addresses with a zone, such as fe80::1%eth0.
  const family = address.includes('%') ? 0 : isIP(address)
  const most = family === 4 ? 32 : 128
  const hasValidBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (family !== 0 && hasValidBits && rest.length === 0) return []
  return [expected(path, network, 'an IP address or a network such as 10.0.0.0/8')]
}

/** @param resolver must be an IP address, optionally with a port */
export function checkResolver(resolver: string, path: Path): Fault[] {
  const [, v6 = '', v4 = '', port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(resolver) ?? []
  const hasPort = (isIPv6(v6) || isIPv4(v4)) && Number(port) > 0 && Number(port) < 65_536
  if (hasPort || isIP(resolver) !== 0) return []
  return [expected(path, resolver, 'an IP address such as 127.0.0.1, 127.0.0.1:53 or [::1]:53')]
}

/** @param host must be an address or a name of this machine; not checked if undefined */
export function checkListenHost(host: string | undefined, path: Path): Fault[] {
  if (host === undefined || isIP(host) !== 0 || toDomain(host) !== undefined) return []
  return [expected(path, host, 'an address of this machine such as 127.0.0.1, 0.0.0.0 or "::"')]
}

/** @param hosts names or IP addresses, without a port */
export function checkHostNames(hosts: readonly string[] = [], path: Path): Fault[] {
  return hosts.flatMap((host, index) =>
    toDomain(host) === undefined ? [expected([...path, index], host, 'a host name such as admin.example.com')] : []
  )
}
