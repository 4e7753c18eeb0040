// The cases of the benchmark: what is asked, what must come back, and the ratio aimed at.
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
  /** The same request for every member of the ring, told apart by the local part of the address. */
  request: (localPart: string) => BenchRequest
  status: number
  contains: string
  /** Answers to different addresses differ in length by less than this share of it; absent where they do not. */
  lengthsDiffer?: number
  /** Least ratios to the bare server; absent if none is set. */
  aims: Partial<Record<LogMode, number>>
  /** Least ratios to the plain server. */
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
    // Why: of two QR codes of the same size one takes more bytes than the other.
    lengthsDiffer: 0.03,
    // Why no aim: the page is written for each request, since one from a cache tells who asked before.
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

/** The request that tells a started server from one still starting. */
export const probe: BenchRequest = {
  method: 'GET',
  target: `/mail/config-v1.1.xml?emailaddress=john.doe%40${DOMAIN}`,
  headers: { Host: `autoconfig.${DOMAIN}` }
}
