// The shapes of requests whose cost is measured: every path, and inputs of the maximum allowed size.
export type Shape = {
  name: string
  listener: 'public' | 'admin'
  /** @param turn a unique number, so that no cache helps */
  request: (turn: number) => Buffer
}

export type Limits = { urlBytes: number; headerBytes: number; bodyBytes: number }

type Parts = {
  method?: string
  target: string
  headers?: readonly string[]
  body?: string
}

export const defaultLimits: Limits = { urlBytes: 8 * 1024, headerBytes: 16 * 1024, bodyBytes: 16 * 1024 }

/** @returns `head`, then as many copies of `unit` as fit, then `tail`: at most `bytes` in UTF-8 */
const filled = (bytes: number, unit: string, { head = '', tail = '' } = {}): string => {
  const free = bytes - Buffer.byteLength(head) - Buffer.byteLength(tail)
  return head + unit.repeat(Math.max(0, Math.floor(free / Buffer.byteLength(unit)))) + tail
}

/** @returns as many distinct units as fit */
const distinct = (bytes: number, unit: (index: number) => string, { head = '', tail = '' } = {}): string => {
  let text = head
  for (let index = 0; Buffer.byteLength(text + unit(index) + tail) <= bytes; index++) text += unit(index)
  return text + tail
}

const ideograph = (index: number) => String.fromCodePoint(0x4e00 + index)
/** Bytes from 0x80 are sent unchanged in a request target and in headers, and each is read as one character. */
const latin = (index: number) => String.fromCharCode(0xe0 + (index % 31))

const encoded = (text: string) => encodeURIComponent(text)

/** Possible values of an address with the maximum cost. */
const values = (bytes: number): Record<string, string> => ({
  usual: 'jane.doe%40example.com',
  'distinct ideographs as domain': distinct(bytes, index => encoded(ideograph(index)), {
    head: 'a%40',
    tail: '.example'
  }),
  'labels of ideographs as domain': distinct(
    bytes,
    index => `${encoded(ideograph(index))}${index % 12 === 11 ? '.' : ''}`,
    {
      head: 'a%40',
      tail: '.example'
    }
  ),
  'ideographs, as many as a domain may have': distinct(84 * 9, index => encoded(ideograph(index)), { head: 'a%40' }),
  'characters that a domain loses': filled(bytes, '%C2%AD', { head: 'a%40', tail: 'example.com' }),
  'one character as many': filled(bytes, '%EF%B7%BA', { head: 'a%40', tail: '.example' }),
  'A-label without end': filled(bytes, 'a9z', { head: 'a%40xn--', tail: '.example' }),
  'dots as domain': filled(bytes, 'a.', { head: 'a%40', tail: 'example.com' }),
  'hyphens as domain': filled(bytes, 'a-', { head: 'a%40', tail: 'example.com' }),
  'local part without end': filled(bytes, 'a.+', { tail: '%40example.com' }),
  'local part of ideographs': distinct(bytes, index => encoded(ideograph(index)), { tail: '%40example.com' }),
  'many @': filled(bytes, '%40', { head: 'a', tail: 'example.com' }),
  'plus signs': filled(bytes, '+', { tail: '%40example.com' }),
  'percent signs': filled(bytes, '%25', { tail: '%40example.com' }),
  'broken percent signs': filled(bytes, '%C3%A9', { tail: '%zz' }),
  'latin letters as sent': filled(bytes, Array.from({ length: 31 }, (_, index) => latin(index)).join(''), {
    head: 'a@'
  })
})

const places: Record<string, (value: string) => string> = {
  autoconfig: value => `/mail/config-v1.1.xml?emailaddress=${value}`,
  'autoconfig database': value => `/v1.1/${value}`,
  profile: value => `/email.mobileconfig?email=${value}`,
  'profile name': value => `/email.mobileconfig?email=jane%40example.com&name=${value}`,
  'autodiscover JSON': value => `/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email=${value}`,
  'autodiscover JSON protocol': value => `/autodiscover/autodiscover.json?Email=jane%40example.com&Protocol=${value}`,
  'autodiscover JSON redirects': value =>
    `/autodiscover/autodiscover.json?Email=jane%40example.com&Protocol=ActiveSync&RedirectCount=${value}`,
  'autodiscover JSON path': value => `/autodiscover/autodiscover.json/v1.0/${value}?Protocol=AutodiscoverV1`,
  api: value => `/api/settings?email=${value}`,
  setup: value => `/setup?email=${value}`,
  'setup language': value => `/setup?email=&lang=${value}`,
  'setup provider': value => `/setup/${value}`
}

/** Targets that do not contain a value. */
const targets = (bytes: number): Record<string, string> => ({
  pacc: '/.well-known/user-agent-configuration.json',
  'well-known': '/.well-known/caldav',
  'autodiscover GET': '/autodiscover/autodiscover.xml',
  openapi: '/api/openapi.json',
  start: '/',
  'provider page': '/setup/example',
  robots: '/robots.txt',
  icon: '/favicon.ico',
  'not found': '/nothing',
  'not found, slashes': filled(bytes, '/'),
  'not found, folders': filled(bytes, '/a'),
  'not found, encoded': filled(bytes, '%41', { head: '/' }),
  'not found, broken': filled(bytes, '%41', { head: '/', tail: '%zz' }),
  'not found, almost served': filled(bytes, '/v1.0', { head: '/autodiscover/autodiscover.json' }),
  'URL over the limit': filled(bytes + 100, 'a', { head: '/mail/config-v1.1.xml?' }),
  'absolute form': filled(bytes, 'ä', { head: 'http://', tail: '.example.com/mail/config-v1.1.xml' })
})

/** Queries that hide the requested parameter among others. */
const queries = (bytes: number): Record<string, string> => ({
  ampersands: filled(bytes, '&', { tail: '&email=jane%40example.com' }),
  'empty parameters': filled(bytes, 'a=&', { tail: '&email=jane%40example.com' }),
  'almost the name': filled(bytes, 'emaim=1&', { tail: '&email=jane%40example.com' }),
  'in capital letters': filled(bytes, 'EMAIM=&', { tail: '&email=jane%40example.com' }),
  'equals signs': filled(bytes, '=', { tail: '&email=jane%40example.com' })
})

const queryPaths: Record<string, (query: string) => string> = {
  autoconfig: query => `/mail/config-v1.1.xml?${query.replace('&email=', '&emailaddress=')}`,
  profile: query => `/email.mobileconfig?${query}`,
  'autodiscover JSON': query => `/autodiscover/autodiscover.json?${query}&protocol=autodiscoverv1`,
  api: query => `/api/settings?${query}`,
  setup: query => `/setup?${query}`
}

const headers = (bytes: number): Record<string, string[]> => ({
  'distinct latin letters as host': [
    filled(bytes, Array.from({ length: 31 }, (_, index) => latin(index)).join(''), { head: 'Host: ' })
  ],
  'dots as host': [filled(bytes, 'a.', { head: 'Host: ', tail: 'com' })],
  'A-label as host': [filled(bytes, 'a9z', { head: 'Host: xn--', tail: '.com' })],
  'colons as host': [filled(bytes, ':1', { head: 'Host: a', tail: 'x' })],
  'user agent': ['Host: autoconfig.example.com', filled(bytes, 'Microsoft WinHttp-Autodisc', { head: 'User-Agent: ' })],
  'accepted languages': ['Host: autoconfig.example.com', filled(1000, 'a-b;q=0.1,', { head: 'Accept-Language: ' })],
  'accepted languages without end': [
    'Host: autoconfig.example.com',
    filled(bytes, 'de,', { head: 'Accept-Language: ' })
  ],
  'forwarded for, trusted hops': [
    'Host: autoconfig.example.com',
    distinct(bytes, index => `10.1.${index >> 8}.${index & 255},`, { head: 'X-Forwarded-For: 1.1.1.1,' })
  ],
  'forwarded for, brackets': [
    'Host: autoconfig.example.com',
    filled(bytes, '] ', { head: 'X-Forwarded-For: [', tail: ']x' })
  ],
  'forwarded for, digits': [
    'Host: autoconfig.example.com',
    filled(bytes, '1.', { head: 'X-Forwarded-For: ', tail: 'x' })
  ],
  'forwarded for, spaces': [
    'Host: autoconfig.example.com',
    filled(bytes, ' ', { head: 'X-Forwarded-For: 11', tail: 'x' })
  ],
  'forwarded proto': [
    'Host: autoconfig.example.com',
    filled(bytes, 'A,', { head: 'X-Forwarded-Proto: ', tail: 'HTTPS' })
  ],
  'many headers': [
    'Host: autoconfig.example.com',
    distinct(bytes, index => `${index.toString(36)}:\r\n`, { tail: 'z:' })
  ],
  'many times one header': ['Host: autoconfig.example.com', filled(bytes, 'a:\r\n', { tail: 'a:' })],
  cookies: ['Host: autoconfig.example.com', filled(bytes, 'a=b; ', { head: 'Cookie: ' })],
  'headers over the limit': ['Host: autoconfig.example.com', filled(2 * bytes, 'a', { head: 'Cookie: ' })]
})

const headerTargets: Record<string, string> = {
  autoconfig: '/mail/config-v1.1.xml?emailaddress=jane%40example.com',
  'autodiscover GET': '/autodiscover/autodiscover.xml',
  pacc: '/.well-known/user-agent-configuration.json',
  'well-known': '/.well-known/caldav',
  start: '/',
  'not found': '/nothing'
}

const namespaces = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const open = `<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="${namespaces}/requestschema/2006"><Request>`
const acceptable = `<AcceptableResponseSchema>${namespaces}/responseschema/2006a</AcceptableResponseSchema>`
const addressElement = (address: string) => `<EMailAddress>${address}</EMailAddress>`
const close = `${acceptable}</Request></Autodiscover>`
const asked = `${addressElement('jane@example.com')}${close}`

const bodies = (bytes: number): Record<string, string> => ({
  usual: `${open}${asked}`,
  'another order': `${open}<a/>${asked}`,
  'distinct ideographs as domain': distinct(bytes, ideograph, {
    head: `${open}<EMailAddress>a@`,
    tail: `</EMailAddress>${close}`
  }),
  'characters that a domain loses': filled(bytes, '\u00ad', {
    head: `${open}<EMailAddress>a@`,
    tail: `example.com</EMailAddress>${close}`
  }),
  'local part without end': filled(bytes, 'a.', {
    head: `${open}<EMailAddress>`,
    tail: `@example.com</EMailAddress>${close}`
  }),
  'local part of ideographs': distinct(bytes, ideograph, {
    head: `${open}<EMailAddress>`,
    tail: `@example.com</EMailAddress>${close}`
  }),
  'white space': filled(bytes, ' \t\n', { head: open, tail: asked }),
  'white space everywhere': filled(bytes, '\n ', {
    head: `${open}${addressElement('jane@example.com')}`,
    tail: `${close}x`
  }),
  'empty elements': filled(bytes, '<a/>', { head: open, tail: asked }),
  'distinct elements': distinct(bytes, index => `<${ideograph(index)}/>`, { head: open, tail: asked }),
  elements: filled(bytes, '<a>b</a>', { head: open, tail: asked }),
  'nested elements': filled(bytes, '<a><b><c></c></b></a>', { head: open, tail: asked }),
  'deep elements': filled(bytes, '<a>', { head: open, tail: asked }),
  attributes: distinct(bytes, index => ` a${index.toString(36)}=""`, { head: `${open}<a`, tail: `/>${asked}` }),
  comments: filled(bytes, '<!---->', { head: open, tail: asked }),
  'character data': filled(bytes, '<![CDATA[]]>', { head: open, tail: asked }),
  instructions: filled(bytes, '<?a?>', { head: open, tail: asked }),
  references: filled(bytes, '&#65;', { head: `${open}<a>`, tail: `</a>${asked}` }),
  entities: filled(bytes, '&lt;', { head: `${open}<a>`, tail: `</a>${asked}` }),
  'entities of HTML': filled(bytes, '&eacute;', { head: `${open}<a>`, tail: `</a>${asked}` }),
  'unknown entities': filled(bytes, '&a;', { head: `${open}<a>`, tail: `</a>${asked}` }),
  ampersands: filled(bytes, '&', { head: `${open}<a>`, tail: `</a>${asked}` }),
  'opening brackets': filled(bytes, '<', { head: open, tail: asked }),
  'closing brackets': filled(bytes, '>', { head: open, tail: asked }),
  'text only': filled(bytes, 'a'),
  'brackets only': filled(bytes, '<'),
  'an attribute without end': filled(bytes, 'a', { head: `${open}<a b="`, tail: `"/>${asked}` }),
  'a name without end': filled(bytes, 'a', { head: `${open}<`, tail: `/>${asked}` }),
  prefixes: filled(bytes, '<a:b/>', { head: open, tail: asked }),
  'repeated addresses': filled(bytes, addressElement('a@b'), { head: open, tail: asked }),
  'bytes of no encoding': filled(bytes, '\u00e9', { head: '\ufeff' }),
  'UTF-16': `\ufeff${filled(bytes / 2 - 1, '<a/>', { head: open, tail: asked })}`,
  'body over the limit': filled(bytes + 100, 'a')
})

export const shapes = ({ urlBytes, headerBytes, bodyBytes }: Limits): Shape[] => {
  const valueBytes = urlBytes - 120
  const oneHeaderBytes = headerBytes - 300
  return [
    ...product(places, values(valueBytes), (place, value) => ({ target: place(value) })),
    ...product(queryPaths, queries(valueBytes), (path, query) => ({ target: path(query) })),
    ...Object.entries(targets(urlBytes)).map(([name, target]) => shape(name, () => ({ target }))),
    ...product(headerTargets, headers(oneHeaderBytes), (target, sent) => ({ target, headers: sent })),
    ...Object.entries(bodies(bodyBytes)).map(([name, body]) =>
      shape(`autodiscover POST: ${name}`, () => ({ method: 'POST', target: '/autodiscover/autodiscover.xml', body }))
    ),
    ...people.map(([name, target]) =>
      shape(`${name}: a new person each time`, turn => ({ target: target(turn), headers: ['Host: signpost.invalid'] }))
    ),
    ...['HEAD', 'OPTIONS', 'PUT', 'PROPFIND'].flatMap(method =>
      Object.entries(headerTargets).map(([name, target]) => shape(`${name}: ${method}`, () => ({ method, target })))
    ),
    ...['/healthz', '/readyz', '/metrics', '/nothing', '/internal/tls-ask?domain=autoconfig.example.com'].map(target =>
      shape(`admin ${target}`, () => ({ target }), 'admin')
    ),
    ...Object.entries(values(valueBytes)).map(([name, value]) =>
      shape(`admin tls-ask: ${name}`, () => ({ target: `/internal/tls-ask?domain=${value}` }), 'admin')
    ),
    shape('admin reload', () => ({ method: 'POST', target: '/internal/reload' }), 'admin')
  ]
}

/** A long address, because QR codes grow with it. */
const person = (turn: number) => `${String(turn).padStart(64, 'x')}%40${'a.'.repeat(88)}customers.example`

const people: readonly (readonly [string, (turn: number) => string])[] = [
  ['autoconfig', turn => `/mail/config-v1.1.xml?emailaddress=${person(turn)}`],
  ['profile', turn => `/email.mobileconfig?email=${person(turn)}&name=${'%F0%9F%98%80'.repeat(100)}`],
  ['autodiscover JSON', turn => `/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email=${person(turn)}`],
  ['api', turn => `/api/settings?email=${person(turn)}`],
  ['setup', turn => `/setup?email=${person(turn)}`],
  ['setup, short address', turn => `/setup?email=jane.${turn}%40example.com`],
  ['profile, short address', turn => `/email.mobileconfig?email=jane.${turn}%40example.com`],
  ['unknown domain', turn => `/setup?email=jane%40${turn}.unknown.invalid`]
]

const product = <Place, Value>(
  all: Record<string, Place>,
  inputs: Record<string, Value>,
  parts: (place: Place, value: Value) => Parts
): Shape[] =>
  Object.entries(all).flatMap(([place, at]) =>
    Object.entries(inputs).map(([input, value]) => shape(`${place}: ${input}`, () => parts(at, value)))
  )

const shape = (name: string, parts: (turn: number) => Parts, listener: Shape['listener'] = 'public'): Shape => ({
  name,
  listener,
  request: turn => bytesOf(parts(turn))
})

const bytesOf = ({ method = 'GET', target, headers: sent = ['Host: autoconfig.example.com'], body }: Parts): Buffer => {
  // Why: a text with a byte order mark is sent in UTF-16.
  const bytes = body?.startsWith('\ufeff<') ? Buffer.from(body, 'utf16le') : Buffer.from(body ?? '')
  const length = body === undefined && method !== 'POST' ? [] : [`Content-Length: ${bytes.length}`]
  const head = [`${method} ${target} HTTP/1.1`, ...sent, ...length, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes])
}
