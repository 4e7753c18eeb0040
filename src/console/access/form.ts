/**
 * Forms of the console: a POST is only accepted from the console's own pages.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Forms {
  /** The value of the hidden field `token`. */
  readonly token: string
  /** @returns the fields of a form that one of the console's own pages has sent; undefined for any other request */
  read(headers: IncomingHttpHeaders, body: Buffer | undefined): URLSearchParams | undefined
}

/** Why a token, too: browsers without Fetch Metadata may send no Origin. It changes with every start of the service. */
export function createForms(token = randomBytes(24).toString('base64url')): Forms {
  return {
    token,
    read(headers, body) {
      if (!isSameOrigin(headers)) return undefined
      const fields = new URLSearchParams(body?.toString('latin1'))
      return timingSafeEqual(digest(fields.get('token') ?? ''), digest(token)) ? fields : undefined
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
