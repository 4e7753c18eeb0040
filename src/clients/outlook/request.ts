/**
 * What Outlook asks an Autodiscover service: MS-OXDSCLI 3.1.5.
 */
import { escapeXml } from '../../formats/xml.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { HttpRequest } from '../model/world.ts'

export function outlookRequest(url: string, { address }: Pick<Mailbox, 'address'>): HttpRequest {
  return {
    method: 'POST',
    url,
    // Observed: "POX Autodiscover request for Exchange".
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      'x-mapihttpcapability': '1',
      'x-clientcanhandle': 'Negotiate,ExHttpInfo'
    },
    body: `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>${escapeXml(address)}</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>`
  }
}
