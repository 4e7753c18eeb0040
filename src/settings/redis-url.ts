/**
 * Which Redis is meant by the URL in the settings.
 */
export interface RedisPlace {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  readonly user: string | undefined
  /** Of the URL; a password file or the environment comes first. */
  readonly password: string | undefined
  readonly database: number
}

/** @param url as the schema allows it. @returns undefined where it is no URL after all */
export function redisPlace(url: string): RedisPlace | undefined {
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
