/**
 * Autodiscover for Exchange ActiveSync: MS-ASCMD 2.2.2.1, schema mobilesync/responseschema/2006. Phones and the new Outlook
 * request it at the URL of POX.
 */
import { compile } from '../../formats/template.ts'
import { escapeXml, writeXml } from '../../formats/xml.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, serviceOf } from '../../settings/provider.ts'
import type { Writer } from '../dialect.ts'
import { document } from '../document.ts'
import { outlookHeaders, outlookRefusals, responseNamespace } from './response.ts'

export const mobileSyncNamespace = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'

/** @returns undefined if the provider has no ActiveSync server */
export function compileMobileSync(provider: Provider): Writer | undefined {
  const service = serviceOf(provider, 'activesync')
  if (service === undefined) return undefined
  const fill = compile(
    ['domain', 'address'],
    ({ domain, address }) => {
      const url = expand(service.url, { '%EMAILDOMAIN%': domain })
      return writeXml({
        Autodiscover: {
          '@xmlns': responseNamespace,
          Response: {
            '@xmlns': mobileSyncNamespace,
            // Spec: MS-ASCMD 2.2.3.38: the separator is a colon.
            Culture: 'en:us',
            User: { DisplayName: address, EMailAddress: address },
            Action: { Settings: { Server: { Type: 'MobileSync', Url: url, Name: url } } }
          }
        }
      })
    },
    escapeXml
  )
  return ({ domain, address }) =>
    // Spec: MS-ASCMD, XSD of the response: User requires EMailAddress.
    address === undefined
      ? outlookRefusals.invalidRequest
      : document(200, outlookHeaders, fill({ domain, address: address.text }))
}
