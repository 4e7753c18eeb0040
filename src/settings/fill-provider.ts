/**
 * A provider as the people of one domain, or one person, see it: the placeholders in its texts and URLs are replaced. Hosts
 * and login names are left to the dialects, which have their own rules for them.
 */

import { inCase } from './names/login-name.ts'
import { expand } from './names/placeholder.ts'
import type { Provider } from './provider.ts'
import type { Address } from './question/address.ts'

/** What placeholders stand for. In templates, these are marks. */
export interface PlaceholderTexts extends Partial<PersonTexts> {
  /** A domain of the provider, as A-labels. */
  readonly domain: string
  readonly address?: string
}

export const personTextNames = ['localPart', 'urlAddress', 'urlLocalPart'] as const

export type PersonTexts = Readonly<Record<(typeof personTextNames)[number], string>>

/** @returns the local part, and for URLs the address and the local part in the case of login names */
export function personTexts(address: Address, { usernameCase }: Pick<Provider, 'usernameCase'>): PersonTexts {
  const inLogin = inCase(address, usernameCase)
  return { localPart: address.localPart, urlAddress: inUrl(inLogin.text), urlLocalPart: inUrl(inLogin.localPart) }
}

const noTexts: PersonTexts = { localPart: '', urlAddress: '', urlLocalPart: '' }

/** @returns `personTexts`, or empty texts if nothing of the provider contains them, because most providers need none */
export function personTextsFor(provider: Provider): (address: Address) => PersonTexts {
  const {
    services,
    password: { note = {} }
  } = provider
  const isNeeded = services.some(({ url }) => isPersonal(url)) || Object.values(note).some(isPersonal)
  return isNeeded ? address => personTexts(address, provider) : () => noTexts
}

/** Without an address, texts keep its placeholders, and URLs end before them. */
export function fillProvider(provider: Provider, texts: PlaceholderTexts): Provider {
  const { domain, address, localPart } = texts
  const here = (text: string) => expand(text, { '%EMAILDOMAIN%': domain })
  const personal = (text: string) =>
    expand(text, {
      '%EMAILDOMAIN%': domain,
      ...(address !== undefined && { '%EMAILADDRESS%': address }),
      ...(localPart !== undefined && { '%EMAILLOCALPART%': localPart })
    })
  const { name, shortName, website, webmail, documentation, services, password } = provider
  const { note, url } = password
  return {
    ...provider,
    name: here(name),
    shortName: here(shortName),
    website: website && here(website),
    webmail: webmail && here(webmail),
    documentation: documentation.map(page => ({ ...page, url: here(page.url) })),
    services: services.map(service => ({ ...service, url: fillUrl(service.url, texts) })),
    password: {
      ...(note && { note: Object.fromEntries(Object.entries(note).map(([code, text]) => [code, personal(text)])) }),
      ...(url !== undefined && { url: here(url) })
    }
  }
}

/** @returns the URL of a service, or a part of it, for one person or, without an address, for everyone in a domain */
export function fillUrl(url: string, { domain, urlAddress, urlLocalPart }: PlaceholderTexts): string {
  if (urlAddress === undefined || urlLocalPart === undefined)
    return expand(withoutPerson(url), { '%EMAILDOMAIN%': domain })
  return expand(url, { '%EMAILDOMAIN%': domain, '%EMAILADDRESS%': urlAddress, '%EMAILLOCALPART%': urlLocalPart })
}

/** @returns whether a URL or text differs between the people of a domain */
export function isPersonal(text: string): boolean {
  return personPlaceholder(text) >= 0
}

/**
 * The part of a URL that is the same for everyone in a domain.
 *
 * @returns the URL without the part of the path or query that contains the address or local part, and without what follows
 */
export function withoutPerson(url: string): string {
  const placeholder = personPlaceholder(url)
  if (placeholder < 0) return url
  const before = url.slice(0, placeholder)
  const end = Math.max(...['/', '?', '#'].map(sign => before.lastIndexOf(sign)))
  // Why: a slash is part of the path, but a question mark without a query is not needed.
  return before.slice(0, before[end] === '/' ? end + 1 : end)
}

function personPlaceholder(url: string): number {
  return url.search(/%EMAIL(?:ADDRESS|LOCALPART)%/)
}

/** Spec: RFC 3986 3.3 allows @ in paths. Observed: DAV servers (SOGo, Nextcloud, 2026) print their URLs with it. */
function inUrl(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@')
}
