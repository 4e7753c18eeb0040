/**
 * The password of the console, by HTTP Basic: RFC 7617. Any user name is accepted. Wrong passwords are limited.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { namesOf } from '../../http/limits/client-keys.ts'

/** @param authorization the header as sent. @param client whose wrong passwords are counted */
export type PasswordCheck = (authorization: string | undefined, client: PasswordClient) => 'right' | 'wrong' | 'limited'

export interface PasswordClient {
  readonly address: string
  /** It is on this machine, without a proxy. Others cannot lock it out. */
  readonly isLocal: boolean
}

/** Wrong passwords in a minute, after which even the right one is refused: of one client, and of all. */
export const mostWrong = { client: 5, all: 50 } as const

const minuteMs = 60_000

/** How many networks that gave the right password are remembered: others cannot lock them out either. */
const mostKnown = 100

/**
 * @param passwordOf returns the current password; undefined if its file cannot be read: then none is right
 * @param now milliseconds of a clock that never goes back
 */
export function createPasswordCheck(
  passwordOf: () => string | undefined,
  now = () => performance.now()
): PasswordCheck {
  let counts = new Map<string, number>()
  let all = 0
  let since = now()
  const known = new Set<string>()

  return (authorization, { address, isLocal }) => {
    if (now() - since >= minuteMs) {
      counts = new Map()
      all = 0
      since = now()
    }
    const given = passwordIn(authorization)
    if (given === undefined) return 'wrong'
    // Why of networks: a client with IPv6 has a whole /64.
    const [network] = isLocal ? ['local'] : namesOf(address)
    const before = counts.get(network) ?? 0
    const isTrusted = isLocal || known.has(network)
    if (before >= mostWrong.client || (all >= mostWrong.all && !isTrusted)) return 'limited'
    if (isSame(given, passwordOf())) {
      if (known.size < mostKnown) known.add(network)
      return 'right'
    }
    counts.set(network, before + 1)
    if (!isLocal) all += 1
    return 'wrong'
  }
}

/** @returns undefined if the header has no password */
function passwordIn(authorization = ''): string | undefined {
  const [scheme = '', encoded = ''] = authorization.split(' ', 2)
  if (scheme.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : text.slice(colon + 1)
}

/** Why hashes: they have the same length, so the time of the comparison depends neither on the length nor on the content. */
function isSame(given: string, password: string | undefined): boolean {
  const isEqual = timingSafeEqual(digest(given), digest(password ?? ''))
  return isEqual && password !== undefined && password !== ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
