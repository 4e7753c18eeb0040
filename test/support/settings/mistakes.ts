/**
 * A settings table without any finding, and independent mistakes that can be made in it.
 */
import type { Path } from '../../../src/settings/load/finding.ts'

/** Every block with fields that are compared with each other. */
export const flawless = {
  http: { port: 8080, host: '127.0.0.1', trustProxy: ['10.0.0.0/8'], proxyProtocol: true },
  limits: { urlBytes: 4096, headerBytes: 8192, headersSeconds: 5, requestSeconds: 9, rate: { requests: 100 } },
  admin: { host: '127.0.0.1' },
  signing: { certificate: 'signing.pem', key: 'signing.key' },
  mxLookup: { resolvers: ['127.0.0.1'], minSeconds: 60, maxSeconds: 600 },
  directory: { type: 'sqlite', file: 'd.sqlite', query: 'SELECT domain FROM d WHERE domain = :domain' },
  users: {
    type: 'ldap',
    user: 'cn=signpost',
    passwordFile: 'users.password',
    base: 'dc=example,dc=com',
    filter: '(mail=:address)',
    attributes: { address: 'mail', username: 'uid' },
    unknown: 'u#######',
    secretFile: 'users.secret',
    providers: ['a', 'b']
  },
  providers: [
    {
      id: 'a',
      name: 'A',
      shortName: 'A',
      domains: ['a1.example', 'a2.example', '*.a2.example'],
      mx: ['mx1.host.example', 'mx2.host.example'],
      username: '%EMAILADDRESS%',
      servers: [
        {
          protocol: 'imap',
          host: 'imap.example.com',
          port: 993,
          security: 'tls',
          authentication: ['password', 'oauth2']
        },
        { protocol: 'imap', host: 'imap.example.com', port: 143, security: 'starttls', pathPrefix: 'INBOX.' },
        { protocol: 'smtp', host: 'smtp.example.com', port: 465, username: '%EMAILADDRESS%' },
        { protocol: 'caldav', url: 'https://dav.example.com/' }
      ],
      password: { note: { en: 'Note' }, url: 'https://example.com/password' },
      documentation: [{ url: 'https://example.com/help', text: { en: 'Help' } }],
      website: 'https://example.com/',
      webmail: 'https://webmail.example.com/',
      brand: { logo: 'a.svg', accent: '#0b5c94', support: 'mailto:help@example.com' },
      oauth: {
        issuer: 'https://auth.example.com/',
        scope: 'mail',
        authorizationUrl: 'https://auth.example.com/authorize',
        tokenUrl: 'https://auth.example.com/token'
      },
      autoconfig: { include: ['documentation', 'webmail', 'dav'] },
      apple: { smime: 'user' },
      autodiscover: { redirect: 'https://exchange.example.net/autodiscover/autodiscover.xml' },
      dialects: { web: true }
    },
    {
      id: 'b',
      name: 'B',
      domains: ['b1.example'],
      servers: [
        { protocol: 'pop3', host: 'pop.example.com' },
        { protocol: 'smtp', host: 'smtp.example.com' }
      ]
    }
  ]
}

export interface Mistake {
  /** What is changed. */
  readonly at: Path
  /** The value that is put there; undefined: the key is left out. */
  readonly put: unknown
  /** The finding: its path, and how its message begins. */
  readonly path: string
  readonly message: string
  /** Values with which it is compared: a mistake in one of them is not independent of this one. */
  readonly needs?: readonly Path[]
}

const a: Path = ['providers', 0]
const server = (index: number, key: string): Path => [...a, 'servers', index, key]

export const mistakes: readonly Mistake[] = [
  // Values that do not match the schema.
  { at: ['http', 'port'], put: 99999, path: 'http.port', message: 'found 99999' },
  { at: ['http', 'colour'], put: 'red', path: 'http.colour', message: 'unknown key' },
  { at: ['limits', 'headersSeconds'], put: 'x', path: 'limits.headersSeconds', message: 'found "x"' },
  { at: ['limits', 'headerBytes'], put: {}, path: 'limits.headerBytes', message: 'found a mapping' },
  { at: ['users', 'type'], put: 'oracle', path: 'users.type', message: 'found "oracle"' },
  { at: ['users', 'filter'], put: 7, path: 'users.filter', message: 'found 7' },
  { at: ['users', 'attributes', 'uid'], put: 'uid', path: 'users.attributes.uid', message: 'unknown key' },
  { at: ['users', 'unknown'], put: undefined, path: 'users', message: 'found no unknown' },
  { at: [...a, 'id'], put: 'A B', path: 'providers[0].id', message: 'found "A B"' },
  { at: [...a, 'domains', 0], put: 7, path: 'providers[0].domains[0]', message: 'found 7' },
  { at: server(0, 'protocol'), put: 'imaps', path: 'providers[0].servers[0].protocol', message: 'found "imaps"' },
  {
    at: [...server(0, 'authentication'), 0],
    put: 'pasword',
    path: 'providers[0].servers[0].authentication[0]',
    message: 'found "pasword"'
  },
  { at: server(1, 'security'), put: 'startls', path: 'providers[0].servers[1].security', message: 'found "startls"' },
  { at: server(3, 'url'), put: 'http://a', path: 'providers[0].servers[3].url', message: 'found "http://a"' },
  {
    at: [...a, 'password', 'note', 'English'],
    put: 'a',
    path: 'providers[0].password.note.English',
    message: 'unknown'
  },
  { at: [...a, 'documentation', 0, 'url'], put: 7, path: 'providers[0].documentation[0].url', message: 'found 7' },
  { at: [...a, 'brand', 'support'], put: 'me', path: 'providers[0].brand.support', message: 'found "me"' },
  { at: [...a, 'oauth', 'issuer'], put: undefined, path: 'providers[0].oauth', message: 'found no issuer' },
  { at: [...a, 'apple', 'smime'], put: 'both', path: 'providers[0].apple.smime', message: 'found "both"' },
  { at: [...a, 'dialects', 'web'], put: 'no', path: 'providers[0].dialects.web', message: 'found "no"' },
  { at: ['providers', 1, 'name'], put: undefined, path: 'providers[1]', message: 'found no name' },
  // Values that are wrong, or that contradict others.
  { at: ['http', 'host'], put: '%%', path: 'http.host', message: 'found "%%"' },
  { at: ['http', 'trustProxy', 0], put: '0.0.0.0/0', path: 'http.trustProxy[0]', message: 'found "0.0.0.0/0"' },
  { at: ['http', 'trustProxy'], put: [], path: 'http.proxyProtocol', message: 'found true without trustProxy' },
  {
    at: ['limits', 'urlBytes'],
    put: 9000,
    path: 'limits.urlBytes',
    message: 'found 9000',
    needs: [['limits', 'headerBytes']]
  },
  {
    at: ['limits', 'requestSeconds'],
    put: 3,
    path: 'limits.headersSeconds',
    message: 'found 5',
    needs: [['limits', 'headersSeconds']]
  },
  { at: ['admin', 'host'], put: 'a b', path: 'admin.host', message: 'found "a b"' },
  { at: ['mxLookup', 'resolvers', 0], put: 'dns', path: 'mxLookup.resolvers[0]', message: 'found "dns"' },
  { at: ['mxLookup', 'maxSeconds'], put: 9, path: 'mxLookup.minSeconds', message: 'found 60' },
  {
    at: ['directory', 'query'],
    put: 'SELECT 1',
    path: 'directory.query',
    message: 'found no :domain',
    needs: [['directory', 'type']]
  },
  { at: ['users', 'base'], put: 'example', path: 'users.base', message: 'found "example"', needs: [['users', 'type']] },
  { at: ['users', 'user'], put: undefined, path: 'users.passwordFile', message: 'found a', needs: [['users', 'type']] },
  {
    at: ['users', 'attributes', 'address'],
    put: undefined,
    path: 'users.attributes',
    message: 'found no address',
    needs: [['users', 'type']]
  },
  { at: ['users', 'providers', 0], put: 'z', path: 'users.providers[0]', message: 'found "z"', needs: [[...a, 'id']] },
  { at: [...a, 'name'], put: 'A\u0007', path: 'providers[0].name', message: 'found "A' },
  { at: [...a, 'shortName'], put: 'A'.repeat(21), path: 'providers[0].shortName', message: 'found 21 characters' },
  {
    at: [...a, 'domains', 1],
    put: 'b1.example',
    path: 'providers[1].domains[0]',
    message: 'found "b1.example"',
    needs: [[...a, 'domains', 2]]
  },
  { at: [...a, 'mx', 0], put: '*', path: 'providers[0].mx[0]', message: 'found "*"' },
  {
    at: [...a, 'username'],
    put: 'jane',
    path: 'providers[0].username',
    message: 'found "jane"',
    needs: [server(3, 'url')]
  },
  { at: server(0, 'host'), put: 'https://a.example', path: 'providers[0].servers[0].host', message: 'found "https' },
  {
    at: server(1, 'pathPrefix'),
    put: ' a',
    path: 'providers[0].servers[1].pathPrefix',
    message: 'found " a"'
  },
  {
    at: server(2, 'port'),
    put: 993,
    path: 'providers[0].servers[2].port',
    message: 'found 993'
  },
  { at: server(2, 'username'), put: 'jane', path: 'providers[0].servers[2].username', message: 'found "jane"' },
  {
    at: server(3, 'host'),
    put: 'dav.example.com',
    path: 'providers[0].servers[3].host',
    message: 'found "dav.example.com"'
  },
  {
    at: ['providers', 1, 'servers', 0, 'host'],
    put: undefined,
    path: 'providers[1].servers[0]',
    message: 'found no host'
  },
  {
    at: [...a, 'website'],
    put: 'https://%EMAILADDRESS%/',
    path: 'providers[0].website',
    message: 'found "%EMAILADDRESS%"'
  },
  { at: [...a, 'webmail'], put: undefined, path: 'providers[0].autoconfig.include[1]', message: 'found "webmail"' },
  { at: [...a, 'brand', 'accent'], put: '#ffffff', path: 'providers[0].brand.accent', message: 'found "#ffffff"' },
  {
    at: [...a, 'oauth', 'tokenUrl'],
    put: 'https://[',
    path: 'providers[0].oauth.tokenUrl',
    message: 'found "https://["'
  },
  {
    at: [...a, 'autodiscover', 'redirect'],
    put: 'https://a.example/b',
    path: 'providers[0].autodiscover.redirect',
    message: 'found "https://a.example/b"'
  },
  // Files.
  { at: [...a, 'brand', 'logo'], put: 'none.svg', path: 'providers[0].brand.logo', message: 'no such file' }
]

/** @returns a copy of the value with another value at the path */
export function changed(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put
  const copy: unknown = Array.isArray(value) ? [...value] : { ...(value as object) }
  if (rest.length === 0 && put === undefined) Reflect.deleteProperty(copy as object, key)
  else Reflect.set(copy as object, key, changed(Reflect.get(value as object, key), rest, put))
  return copy
}

/** @returns the path of everything in the value */
export function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [[], ...keys.flatMap(key => pathsIn(Reflect.get(value, key)).map(path => [key, ...path]))]
}

/** @returns whether one value contains the other, or is the same */
export function overlaps(one: Path, other: Path): boolean {
  return one.every((key, depth) => depth >= other.length || key === other[depth])
}
