/**
 * The Redis server that a URL in the settings names.
 */
export interface RedisServer {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  readonly user: string | undefined
  /** From the URL; a password file or the environment takes precedence. */
  readonly password: string | undefined
  readonly database: number
}

/** @param url must match the schema. @returns undefined if it is not a valid URL */
export function parseRedisUrl(url: string): RedisServer | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  const [user, secret] = [decode(username), decode(password)]
  if (hostname === '' || user === undefined || secret === undefined) return undefined
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    isSecure: protocol === 'rediss:',
    user: user === '' ? undefined : user,
    password: secret === '' ? undefined : secret,
    database: Number(pathname.slice(1))
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
