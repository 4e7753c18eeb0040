/**
 * The password of the console, by HTTP Basic: RFC 7617. Any user name is accepted. Wrong passwords are limited.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

/** @param authorization the header as sent. @param client the address that wrong passwords are counted for */
export type PasswordCheck = (authorization: string | undefined, client: string) => 'right' | 'wrong' | 'limited'

/** Wrong passwords in a minute, after which even the right one is refused: of one client, and of all. */
export const mostWrong = { client: 5, all: 50 } as const

const minuteMs = 60_000

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

  return (authorization, client) => {
    if (now() - since >= minuteMs) {
      counts = new Map()
      all = 0
      since = now()
    }
    const given = passwordIn(authorization)
    if (given === undefined) return 'wrong'
    const before = counts.get(client) ?? 0
    if (before >= mostWrong.client || all >= mostWrong.all) return 'limited'
    if (isSame(given, passwordOf())) return 'right'
    counts.set(client, before + 1)
    all += 1
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
