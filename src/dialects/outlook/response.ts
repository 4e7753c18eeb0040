/**
 * Common parts of all autodiscover responses in XML: MS-OXDSCLI 2.2.4, MS-ASCMD 2.2.2.1.
 */
import { writeXml } from '../../formats/xml.ts'
import { type Document, document } from '../document.ts'

export const outlookHeaders = {
  // Observed: Thunderbird 156 (FetchHTTP) parses text/xml and application/xml only.
  'content-type': 'text/xml; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff'
}

// Spec: MS-OXDSCLI 2.2.2. The scheme is http, even though newer documentation shows https.
export const responseNamespace = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'

// Spec: MS-OXDSCLI 2.2.6.2 defines the error codes.
export const outlookRefusals = {
  unknownAddress: refusal(500, "The email address can't be found."),
  invalidRequest: refusal(600, 'Invalid Request'),
  schemaNotServed: refusal(601, 'Provider is not available')
}

function refusal(code: number, message: string): Document {
  const body = writeXml({
    Autodiscover: {
      '@xmlns': responseNamespace,
      Response: {
        // Why: Time and Id are constants, because they only serve the logs of a server, and dialects have no clock. Id is an
        // unsigned 32-bit number.
        Error: { '@Time': '00:00:00.0000000', '@Id': '1', ErrorCode: code, Message: message, DebugData: '' }
      }
    }
  })
  // Spec: MS-OXDSCLI 3.1.5: errors have status 200. Any other status means "no such service, try the next URL".
  return document(200, outlookHeaders, body)
}
