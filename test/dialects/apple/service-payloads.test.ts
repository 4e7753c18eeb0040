import t from 'tap'
import { endpointOf } from '../../../src/dialects/apple/service-payloads.ts'

const placeOf = (url: string, domain = 'example.com') =>
  endpointOf({ protocol: 'caldav', url, authentication: ['password'] }, domain)

t.test('endpoint of a service: is the host and the port of a URL', async t => {
  for (const [url, host, port] of [
    ['https://dav.example.com', 'dav.example.com', 443],
    ['https://dav.example.com:443/caldav/?a=1#b', 'dav.example.com', 443],
    ['https://DAV.Example.com:8443/', 'dav.example.com', 8443],
    ['https://bücher.example/', 'xn--bcher-kva.example', 443],
    ['https://[2001:db8::1]:8443/', '[2001:db8::1]', 8443]
  ] as const) {
    t.same(placeOf(url), { host, port }, url)
  }
})

t.test('endpoint of a service: replaces the placeholder for the domain', async t => {
  t.same(placeOf('https://%EMAILDOMAIN%/%EMAILDOMAIN%'), { host: 'example.com', port: 443 })
  t.same(placeOf('https://dav.%EMAILDOMAIN%:8443'), { host: 'dav.example.com', port: 8443 })
  t.same(placeOf('https://%EMAILDOMAIN%.cdn.example', '\ufdd0'), { host: '\ufdd0.cdn.example', port: 443 })
})
