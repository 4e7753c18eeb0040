/**
 * Forms of the console: a POST is only accepted from the console's own pages.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Document } from '../../dialects/document.ts'
import { errors } from '../../errors.ts'
import { html } from '../../formats/html.ts'
import { refusal } from '../../http/refusal.ts'
import { consolePage, type PagePath } from '../frame/page.ts'
import type { Handle } from '../routes.ts'

export interface Forms {
  /** The value of the hidden field `token`. */
  readonly token: string
  /**
   * @param page the path of the page with the form
   * @param answer is called with the fields of a form that one of the console's own pages has sent
   * @returns a handler that refuses every other request
   */
  handle(page: PagePath, answer: (fields: URLSearchParams) => Document | Promise<Document>): Handle
}

const crossOrigin = refusal(errors.crossOrigin())

/** Why a token, too: browsers without Fetch Metadata may send no Origin. It changes with every start of the service. */
export function createForms(token = randomBytes(24).toString('base64url')): Forms {
  return {
    token,
    handle: (page, answer) => request => {
      const fields = new URLSearchParams((request.body as Buffer | undefined)?.toString('latin1'))
      const sent = fields.get('token')
      if (!isSameOrigin(request.headers) || sent === null) return crossOrigin
      return timingSafeEqual(digest(sent), digest(token)) ? answer(fields) : expired(page)
    }
  }
}

function isSameOrigin({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The answer to a form of the console with another token: its page is older than the service. */
function expired(page: PagePath): Document {
  const main = html`<p class="lead">The service has restarted since this form was loaded, so the form is no longer valid. Nothing was changed.</p>
<p><a href="${page}">Load the form again</a></p>`
  return consolePage({ title: 'The form has expired', path: page, main, status: 403 })
}
