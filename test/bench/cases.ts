// The cases of the benchmark: the request, the expected response, and the target ratio.
export type LogMode = 'on' | 'off'

export type BenchRequest = {
  method: 'GET' | 'POST'
  target: string
  headers: Record<string, string>
  body?: string
}

export type BenchCase = {
  name: string
  title: string
  /** The same request for every position of the sequence, which differ in the local part of the address. */
  request: (localPart: string) => BenchRequest
  status: number
  contains: string
  /** The lengths of responses to different addresses differ by less than this share. Undefined: they are equal. */
  lengthsDiffer?: number
  /** Minimum ratios to the bare server; undefined if there is no target. */
  aims: Partial<Record<LogMode, number>>
  /** Minimum ratios to the plain server. */
  plainAims?: Partial<Record<LogMode, number>>
}

const DOMAIN = 'mailbox.org'

export const cases: readonly BenchCase[] = [
  {
    name: 'autoconfig',
    title: 'autoconfig GET',
    request: localPart => ({
      method: 'GET',
      target: `/mail/config-v1.1.xml?emailaddress=${localPart}%40${DOMAIN}`,
      headers: { Host: `autoconfig.${DOMAIN}` }
    }),
    status: 200,
    contains: '<clientConfig',
    aims: { on: 0.75, off: 0.85 },
    plainAims: { on: 0.8 }
  },
  {
    name: 'pox',
    title: 'autodiscover (POX) POST',
    request: localPart => {
      const body = outlookBody(`${localPart}@${DOMAIN}`)
      return {
        method: 'POST',
        target: '/autodiscover/autodiscover.xml',
        headers: {
          Host: `autodiscover.${DOMAIN}`,
          'Content-Type': 'text/xml; charset=utf-8',
          'Content-Length': String(Buffer.byteLength(body))
        },
        body
      }
    },
    status: 200,
    contains: '<Protocol>',
    aims: { on: 0.6, off: 0.65 },
    plainAims: { on: 0.7 }
  },
  {
    name: 'profile',
    title: 'Apple profile GET',
    request: localPart => ({
      method: 'GET',
      target: `/email.mobileconfig?email=${localPart}%40${DOMAIN}`,
      headers: { Host: `autoconfig.${DOMAIN}` }
    }),
    status: 200,
    contains: '<plist',
    aims: { on: 0.55, off: 0.7 },
    plainAims: { on: 0.65 }
  },
  {
    name: 'not-found',
    title: '404 GET',
    request: () => ({ method: 'GET', target: '/nothing', headers: { Host: `autoconfig.${DOMAIN}` } }),
    status: 404,
    contains: '',
    aims: { on: 0.8, off: 0.85 }
  },
  {
    name: 'json',
    title: 'autodiscover (JSON) GET',
    request: localPart => ({
      method: 'GET',
      target: `/autodiscover/autodiscover.json?Email=${localPart}%40${DOMAIN}&Protocol=Autodiscoverv1`,
      headers: { Host: `autodiscover.${DOMAIN}` }
    }),
    status: 200,
    contains: 'AutodiscoverV1',
    aims: { on: 0.65 }
  },
  {
    name: 'pacc',
    title: 'PACC GET',
    request: () => ({
      method: 'GET',
      target: '/.well-known/user-agent-configuration.json',
      headers: { Host: `ua-auto-config.${DOMAIN}` }
    }),
    status: 200,
    contains: '"protocols"',
    aims: {}
  },
  {
    name: 'page',
    title: 'page for a person GET',
    request: localPart => ({
      method: 'GET',
      target: `/setup?email=${localPart}%40${DOMAIN}`,
      headers: { Host: `autoconfig.${DOMAIN}` }
    }),
    status: 200,
    contains: '<h1>',
    // Why: QR codes of the same size have different lengths in bytes.
    lengthsDiffer: 0.03,
    // Why no target: the page is created for each request, because a cached page would reveal earlier requests.
    aims: {}
  },
  {
    name: 'provider-page',
    title: 'page of a provider GET',
    request: () => ({
      method: 'GET',
      target: `/setup/${DOMAIN}`,
      headers: { Host: `autoconfig.${DOMAIN}` }
    }),
    status: 200,
    contains: '<h1>',
    aims: { on: 0.6, off: 0.6 }
  }
]

const outlookBody = (address: string) => `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>${address}</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>
`

/** The request that succeeds as soon as the server has started. */
export const probe: BenchRequest = {
  method: 'GET',
  target: `/mail/config-v1.1.xml?emailaddress=john.doe%40${DOMAIN}`,
  headers: { Host: `autoconfig.${DOMAIN}` }
}
