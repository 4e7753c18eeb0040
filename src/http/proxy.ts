/**
 * What a reverse proxy in front says of a request, and whether it is believed.
 */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6, type Socket } from 'node:net'

export type Scheme = 'http' | 'https' | undefined

/** What of a request tells how it came. */
export interface Passage {
  readonly headers: IncomingMessage['headers']
  readonly socket: Pick<Socket, 'remoteAddress'>
}

/**
 * @param networks addresses or networks (10.0.0.0/8) of trusted proxies
 * @returns tells the scheme that the client used, or undefined where no trusted proxy says
 */
export function createProxyTrust(networks: readonly string[]): (request: Passage) => Scheme {
  const trusted = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  return ({ headers, socket }) => {
    const said = headers['x-forwarded-proto']
    if (typeof said !== 'string') return undefined
    // Why: an IPv4 peer of a dual-stack socket is written ::ffff:10.0.0.1.
    const peer = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '')
    if (peer === undefined || !trusted.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4')) return undefined
    // Why the last: each proxy appends its own, so only the last was written by the one that is trusted.
    const scheme = said
      .slice(said.lastIndexOf(',') + 1)
      .trim()
      .toLowerCase()
    return scheme === 'http' || scheme === 'https' ? scheme : undefined
  }
}
