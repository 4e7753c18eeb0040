/**
 * The documents of a domain as mail programs get them, except that Apple profiles are shown unsigned.
 */
import type { HttpRequest, HttpResponse } from '../../clients/model/world.ts'
import { createTableWorld } from '../../conformance/table-world.ts'
import type { DialectName } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import { escapeXml } from '../../formats/xml.ts'
import { serviceOf } from '../../settings/provider.ts'
import type { FoundDomain } from './find-domain.ts'

export interface ShownDocument {
  readonly name: DialectName
  /** Such as `Thunderbird autoconfig`. */
  readonly title: string
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** Why there is no document. */
  readonly reason: string | undefined
}

const outlookSchemas = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'

export async function documentsOf(found: FoundDomain): Promise<readonly ShownDocument[]> {
  const { table, provider } = found
  const { exchange } = createTableWorld(table)
  const requests = requestsFor(found)
  const asked = dialects.flatMap(dialect => {
    const request = requests[dialect.name]
    return request === undefined ? [] : [{ dialect, request }]
  })
  return await Promise.all(
    asked.map(async ({ dialect, request }) => {
      const { name, title } = dialect
      const off = `dialects.${name} is false`
      const reason = provider.dialects[name] ? dialect.unsupportedReason?.(provider) : off
      return { name, title, request, response: await exchange(request), reason }
    })
  )
}

/** @returns a request for each dialect that can have a document */
function requestsFor({ domain, provider, person }: FoundDomain): Partial<Record<DialectName, HttpRequest>> {
  const address = person.address.text
  const inUrl = encodeURIComponent(address)
  const get = (host: string, path: string): HttpRequest => ({
    method: 'GET',
    url: `https://${host}${domain}${path}`,
    headers: {}
  })
  const body = `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${outlookSchemas}/requestschema/2006">
  <Request>
    <EMailAddress>${escapeXml(address)}</EMailAddress>
    <AcceptableResponseSchema>${outlookSchemas}/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>`
  return {
    thunderbird: get('autoconfig.', `/mail/config-v1.1.xml?emailaddress=${inUrl}`),
    outlook: {
      method: 'POST',
      url: `https://autodiscover.${domain}/autodiscover/autodiscover.xml`,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body
    },
    'outlook-json': get('autodiscover.', `/autodiscover/autodiscover.json?Email=${inUrl}&Protocol=Autodiscoverv1`),
    apple: get('autoconfig.', `/email.mobileconfig?email=${inUrl}`),
    pacc: get('ua-auto-config.', '/.well-known/user-agent-configuration.json'),
    ...(serviceOf(provider, 'caldav') !== undefined && { 'well-known': get('', '/.well-known/caldav') }),
    api: get('autoconfig.', `/api/settings?email=${inUrl}`)
  }
}
