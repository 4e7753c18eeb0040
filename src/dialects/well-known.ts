/**
 * Redirects to calendars, address books and JMAP: RFC 6764 5, RFC 8620 2.2.
 */
import { withoutPerson } from '../settings/fill-provider.ts'
import { expand } from '../settings/names/placeholder.ts'
import { type Provider, serviceOf } from '../settings/provider.ts'
import type { Dialect, DialectRequest, Question, Writer } from './dialect.ts'
import { type Document, document, notServed } from './document.ts'

const protocols = ['caldav', 'carddav', 'jmap'] as const

export const wellKnown: Dialect = {
  name: 'well-known',
  title: 'well-known addresses of CalDAV, CardDAV and JMAP',
  routes: protocols.flatMap(protocol => {
    const path = `/.well-known/${protocol}`
    // Observed: iOS, DAVx5 and Thunderbird send PROPFIND.
    return [{ method: 'GET', path } as const, { method: 'PROPFIND', path } as const]
  }),
  // Spec: RFC 6764 5 requires a redirect and excepts no method. Observed: GNOME Online Accounts 3.58 sends only OPTIONS.
  everyMethod: true,
  // Observed: Bulwark webmail reads the address of JMAP in the browser.
  crossOrigin: true,
  forms: protocols,
  needsForm: true,
  ask,
  compile: write
}

function ask({ url }: DialectRequest): Question {
  const form = protocols.find(protocol => url.toLowerCase().startsWith(`/.well-known/${protocol}`))
  return { domain: undefined, ...(form && { form }) }
}

function write(provider: Provider): Writer | undefined {
  const services = protocols.map(protocol => serviceOf(provider, protocol)).filter(service => service !== undefined)
  if (services.length === 0) return undefined
  return ({ domain, form }) => {
    const url = services.find(({ protocol }) => protocol === form)?.url
    // Why: clients send no address here. From the common part of the URL, they discover their own (RFC 6764 6).
    const location = url && expand(withoutPerson(url), { '%EMAILDOMAIN%': domain })
    // Why: a redirect to the requested URL would be a loop.
    return location === undefined || location === `https://${domain}/.well-known/${form}`
      ? notServed
      : redirect(location)
  }
}

const headers = {
  'cache-control': 'public, max-age=3600',
  // Spec: Fetch 4.4 checks each response of a chain of redirects.
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff'
}

/** Spec: RFC 6764 5 allows 301, 303 and 307; only 307 keeps the method PROPFIND. */
function redirect(location: string): Document {
  return document(307, { location, ...headers }, '')
}
