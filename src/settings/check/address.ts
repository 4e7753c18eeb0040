import { isIP } from 'node:net'
import { expected, type Fault, type Path } from '../load/finding.ts'

//@@ src/settings/check/url.ts
//@@ /**
//@@  * A URL of the table, beyond what a pattern can see.
//@@  */
export function checkUrl(url: string, path: Path): Fault[] {
  return URL.canParse(url) ? [] : [expected(path, url, 'a URL that a browser can open, such as https://example.com/')]
}

//@@ src/settings/check/network.ts
//@@ /**
//@@  * An address or a network of the table, as `node:net` takes it for a `BlockList`.
//@@  */
export function checkNetwork(network: string, path: Path): Fault[] {
  const [address = '', bits, ...rest] = network.split('/')
  // Why: to isIP the zone of fe80::1%eth0 belongs to the address.
  const family = address.includes('%') ? 0 : isIP(address)
  const most = family === 4 ? 32 : 128
  const right = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (family !== 0 && right && rest.length === 0) return []
  return [expected(path, network, 'an IP address or a network such as 10.0.0.0/8')]
}
